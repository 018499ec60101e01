import { expect } from 'chai';
import nock from 'nock';
import { resolveClient } from '../src/client';
import { MetafyOAuthError, MetafyResponseError } from '../src/errors';
import { requestRevocation, requestToken } from '../src/token-endpoint';
import { caught } from './support/caught';
import { clientOptions } from './support/client-options';
import { answerToken, documentedTokens, useNock } from './support/nock-metafy';
import { type RawAnswer, startRawServer, toAnswer } from './support/raw-server';

const client = resolveClient('the test', clientOptions);
const codeRequest = {
  grant_type: 'authorization_code',
  code: 'a-code',
  redirect_uri: 'https://app.example/cb',
};
const credentials = { client_id: clientOptions.clientID, client_secret: clientOptions.clientSecret };
const fail = () => caught<MetafyOAuthError | MetafyResponseError>(() => requestToken(client, codeRequest));

describe('requestToken', () => {
  useNock();

  it('sends the request with the credentials in a JSON body, and no other kind of them', async () => {
    let headers: Record<string, unknown> = {};
    nock('https://metafy.gg')
      .post('/irk/oauth/token')
      .reply(function () {
        headers = this.req.headers;
        return [200, documentedTokens];
      });
    await requestToken(client, codeRequest);
    expect(headers).to.include({ 'content-type': 'application/json', accept: 'application/json' });
    expect(headers).not.to.have.property('authorization');
  });

  it('drops a description that repeats a token of the same answer', async () => {
    const answer = { error: 'invalid_grant', error_description: 'see the-token', access_token: 'the-token' };
    answerToken(400, answer);
    const error = await fail();
    expect(error).to.include({ name: 'MetafyOAuthError', code: 'invalid_grant' });
    expect(error.message).not.to.include('the-token');
  });

  it('lets nothing in the request replace the credentials', async () => {
    const sent = answerToken(200, documentedTokens);
    await requestToken(client, { ...codeRequest, client_id: 'another', client_secret: 'another' });
    expect(await sent).to.deep.equal({ ...codeRequest, ...credentials });
  });

  it("returns Metafy's answer", async () => {
    answerToken(200, documentedTokens);
    expect(await requestToken(client, codeRequest)).to.deep.equal(documentedTokens);
  });

  for (const status of [200, 400, 401, 403, 429, 500]) {
    it(`is a MetafyOAuthError for an OAuth error in a ${status}`, async () => {
      answerToken(status, {
        error: 'invalid_grant',
        error_description: 'Used up',
        error_uri: 'https://a.example',
      });
      const error = await fail();
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ code: 'invalid_grant', uri: 'https://a.example', upstreamStatus: status });
      expect(error.message).to.include('the authorization_code request').and.include('Used up');
    });
  }

  it("tells an application to wait as Metafy's Retry-After says", async () => {
    answerToken(429, { error: 'slow_down' }, { 'Retry-After': '30' });
    expect(await fail()).to.include({ status: 503, retryAfterMs: 30_000 });
  });

  for (const [status, body] of [
    [500, 'Internal Server Error'],
    [400, ''],
    [404, '{"status":404,"error":"Not Found"}'],
    [302, ''],
    [401, '{"error":{"message":"an object"}}'],
  ] as const) {
    it(`is a \`bad_status\` for a ${status} with ${body || 'nothing'}`, async () => {
      answerToken(status, body);
      const error = await fail();
      expect(error).to.be.instanceOf(MetafyResponseError);
      expect(error).to.include({ code: 'bad_status', upstreamStatus: status });
    });
  }

  for (const body of ['', '<html>', '[]', 'null', '"text"', '{"access_token":']) {
    it(`is a \`bad_body\` for a 200 with ${body || 'nothing'}`, async () => {
      answerToken(200, body);
      expect(await fail()).to.include({ code: 'bad_body', status: 502, upstreamStatus: 200 });
    });
  }

  it('is a `bad_body` for an answer without a token', async () => {
    answerToken(200, {});
    expect(await fail()).to.include({ code: 'bad_body', upstreamStatus: 200 });
  });
});

describe('requestRevocation', () => {
  useNock();

  it('sends the token with the credentials to the revoke URL', async () => {
    const scope = nock('https://metafy.gg')
      .post('/irk/oauth/revoke', { token: 'a-token', ...credentials })
      .reply(200, {});
    await requestRevocation(client, { token: 'a-token' });
    expect(scope.isDone()).to.equal(true);
  });

  it("is a MetafyOAuthError for Metafy's 403", async () => {
    nock('https://metafy.gg').post('/irk/oauth/revoke').reply(403, { error: 'unauthorized_client' });
    const error = await caught(() => requestRevocation(client, { token: 'a-token' }));
    expect(error).to.be.instanceOf(MetafyOAuthError);
    expect(error).to.include({ code: 'unauthorized_client', status: 502, upstreamStatus: 403 });
  });
});

describe('a token request', () => {
  for (const [title, answer] of [
    ['a 503', (socket) => socket.write(toAnswer(503, { 'Retry-After': '0' }))],
    ['a 429', (socket) => socket.write(toAnswer(429))],
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['a closed connection', (socket) => socket.end()],
  ] satisfies [string, RawAnswer][]) {
    it(`is never repeated after ${title}`, async () => {
      const server = await startRawServer(answer);
      const baseURL = new URL(server.url).origin;
      await caught(() => requestToken(resolveClient('the test', { ...clientOptions, baseURL }), codeRequest));
      await server.stop();
      expect(server.requests).to.have.lengthOf(1);
    });
  }
});
