import { Agent } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import nock from 'nock';
import { MetafyOAuthError, MetafyResponseError } from '../../src/errors';
import { resolveClient } from '../../src/metafy/client';
import { requestRevocation, requestToken } from '../../src/metafy/token-endpoint';
import { caught } from '../support/caught';
import { createCertificate } from '../support/certificate';
import { clientOptions } from '../support/client-options';
import { answerToken, documentedTokens, useNock } from '../support/nock-metafy';
import { type RawAnswer, type RawServer, startRawServer, toAnswer, waitUntil } from '../support/raw-server';

const client = resolveClient(clientOptions);
const codeRequest = { grant_type: 'authorization_code', code: 'a-code', redirect_uri: 'https://app.example/cb' };
const credentials = { client_id: clientOptions.clientID, client_secret: clientOptions.clientSecret };

describe('requestToken', () => {
  useNock();
  const fail = () => caught<MetafyOAuthError | MetafyResponseError>(() => requestToken(client, codeRequest));

  it('sends the credentials in a JSON body, and no other kind of them', async () => {
    let headers: Record<string, unknown> = {};
    nock('https://metafy.gg')
      .post('/irk/oauth/token', { ...codeRequest, ...credentials })
      .reply(function () {
        headers = this.req.headers;
        return [200, documentedTokens];
      });
    expect(await requestToken(client, codeRequest)).to.deep.equal(documentedTokens);
    expect(headers).to.include({ 'content-type': 'application/json', accept: 'application/json' });
    expect(headers).not.to.have.property('authorization');
  });

  it('lets nothing in the request replace the credentials', async () => {
    const sent = answerToken(200, documentedTokens);
    await requestToken(client, { ...codeRequest, client_id: 'another', client_secret: 'another' });
    expect(await sent).to.deep.equal({ ...codeRequest, ...credentials });
  });

  for (const status of [200, 400, 401, 403, 429, 500]) {
    it(`is a MetafyOAuthError for an OAuth error in a ${status}`, async () => {
      answerToken(status, { error: 'invalid_grant', error_description: 'Used up', error_uri: 'https://a.example' });
      const error = await fail();
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ code: 'invalid_grant', uri: 'https://a.example', upstreamStatus: status });
      expect(error.message).to.include('authorization_code').and.include('Used up');
    });
  }

  it('drops a description that repeats what was sent or answered', async () => {
    const { clientSecret } = clientOptions;
    for (const secret of ['a-code', clientSecret, 'the-token']) {
      answerToken(400, { error: 'invalid_grant', error_description: `see ${secret}`, access_token: 'the-token' });
      const error = await fail();
      expect(error).to.include({ code: 'invalid_grant' });
      expect(error.message).not.to.include(secret);
    }
  });

  for (const [code, status, body] of [
    ['bad_status', 500, 'Internal Server Error'],
    ['bad_status', 400, ''],
    ['bad_status', 404, '{"status":404,"error":"Not Found"}'],
    ['bad_status', 302, ''],
    ['bad_status', 401, '{"error":{"message":"an object"}}'],
    ['bad_body', 200, ''],
    ['bad_body', 200, '<html>'],
    ['bad_body', 200, '[]'],
    ['bad_body', 200, '{}'],
  ] as const) {
    it(`is a \`${code}\` for a ${status} with ${body || 'nothing'}`, async () => {
      answerToken(status, body);
      const error = await fail();
      expect(error).to.be.instanceOf(MetafyResponseError);
      expect(error).to.include({ code, upstreamStatus: status });
    });
  }
});

describe('requestRevocation', () => {
  useNock();
  const answerRevocation = (status: number, body?: nock.Body) =>
    nock('https://metafy.gg')
      .post('/irk/oauth/revoke', { token: 'a-token', ...credentials })
      .reply(status, body);
  const revoke = () => requestRevocation(client, { token: 'a-token' });

  for (const body of ['{}', '', '<h1>Maintenance</h1>', '{"error":"invalid_request"}', '[]']) {
    it(`takes a 200 for a revocation, with ${body || 'nothing'} in it`, async () => {
      answerRevocation(200, body);
      await revoke();
    });
  }

  for (const [status, body, code] of [
    [403, { error: 'unauthorized_client' }, 'unauthorized_client'],
    [401, { error: 'invalid_client' }, 'invalid_client'],
    [403, '', 'bad_status'],
    [503, '<h1>Oops</h1>', 'bad_status'],
  ] as const) {
    it(`fails with \`${code}\` for a ${status}`, async () => {
      answerRevocation(status, body);
      expect(await caught(revoke)).to.include({ code, upstreamStatus: status });
    });
  }
});

const certificate = createCertificate('metafy.example');

for (const protocol of ['http', 'https'] as const) {
  describe(`a token request over ${protocol}`, () => {
    let server: RawServer;
    let agent: Agent;

    before(function () {
      if (protocol === 'https' && !certificate) this.skip();
    });
    afterEach(async () => {
      agent.destroy();
      await server.stop();
    });

    /** A server that answers the first request of each of so many connections, and does `otherwise` to all others. */
    async function serve(otherwise: RawAnswer, connections = Number.POSITIVE_INFINITY): Promise<void> {
      const used = new Set<Socket>();
      server = await startRawServer(
        (socket, count, connection) => {
          if (used.has(socket) || used.size === connections) return otherwise(socket, count, connection);
          used.add(socket);
          socket.write(toAnswer(200, {}, JSON.stringify(documentedTokens)));
        },
        protocol === 'https' ? certificate : undefined,
      );
      agent =
        protocol === 'https'
          ? new https.Agent({ keepAlive: true, ca: certificate?.cert })
          : new Agent({ keepAlive: true });
    }
    const request = (timeoutMs = 2000) =>
      requestToken(
        resolveClient({ ...clientOptions, timeoutMs, agent, baseURL: new URL(server.url).origin }),
        codeRequest,
      );
    /** Leaves that many connections for later. */
    async function keepConnections(count: number): Promise<void> {
      await Promise.all(Array.from({ length: count }, () => request()));
      await waitUntil(() => Object.values(agent.freeSockets).flat().length === count);
    }

    const closings: Record<string, RawAnswer> = {
      closed: (socket) => socket.end(),
      reset: (_socket, _count, connection) => connection.resetAndDestroy(),
    };
    for (const [closed, close] of Object.entries(closings)) {
      it(`is sent once more when its kept connection was ${closed} before an answer`, async () => {
        await serve(close);
        await keepConnections(1);
        expect(await request()).to.deep.equal(documentedTokens);
        expect(server.requests).to.have.lengthOf(3);
      });
    }

    it('succeeds also when every kept connection is stale', async () => {
      await serve((socket) => socket.destroy());
      await keepConnections(5);
      expect(await request()).to.deep.equal(documentedTokens);
      expect(server.requests).to.have.lengthOf(7);
      expect(server.sockets).to.have.lengthOf(6);
    });

    it('is sent at most twice', async () => {
      await serve((socket) => socket.destroy(), 1);
      await keepConnections(1);
      expect(await caught(() => request())).to.include({ code: 'network', status: 502 });
      expect(server.requests).to.have.lengthOf(3);
    });

    it('is not sent once more when a byte of an answer came', async () => {
      await serve((socket) => socket.write('H', () => socket.destroy()));
      await keepConnections(1);
      expect(await caught(() => request())).to.include({ code: 'network' });
      expect(server.requests).to.have.lengthOf(2);
    });

    it('is not sent once more when no answer comes in time', async () => {
      await serve(() => {});
      await keepConnections(1);
      expect(await caught(() => request(50))).to.include({ code: 'timeout' });
      expect(server.requests).to.have.lengthOf(2);
    });
  });
}

describe('a token request on a new connection', () => {
  for (const [title, answer] of [
    ['a 503', (socket) => socket.write(toAnswer(503, { 'Retry-After': '0' }))],
    ['a 429', (socket) => socket.write(toAnswer(429))],
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['a closed connection', (socket) => socket.end()],
  ] satisfies [string, RawAnswer][]) {
    it(`is never repeated after ${title}`, async () => {
      const server = await startRawServer(answer);
      const baseURL = new URL(server.url).origin;
      await caught(() => requestToken(resolveClient({ ...clientOptions, baseURL }), codeRequest));
      await server.stop();
      expect(server.requests).to.have.lengthOf(1);
    });
  }
});
