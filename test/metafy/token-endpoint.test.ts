import { Agent } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import nock from 'nock';
import { resolveClient } from '../../src/metafy/client';
import { sendRequest } from '../../src/metafy/http';
import { requestRevocation, requestToken } from '../../src/metafy/token-endpoint';
import { expectError } from '../support/caught';
import { createCertificate } from '../support/certificate';
import { clientOptions } from '../support/client-options';
import { answerToken, documentedTokens, useNock } from '../support/nock-metafy';
import { type RawAnswer, type RawServer, startRawServer, toAnswer, waitUntil } from '../support/raw-server';

const clientSecret = 'secret+with ünusual/characters';
const client = resolveClient({ ...clientOptions, clientSecret });
const codeRequest = { grant_type: 'authorization_code', code: 'a-code', redirect_uri: 'https://app.example/cb' };
const credentials = { client_id: client.clientID, client_secret: clientSecret };

describe('requestToken', () => {
  useNock();
  const request = () => requestToken(client, codeRequest);

  it('sends the credentials in a JSON body, and no other kind of them', async () => {
    let headers: Record<string, unknown> = {};
    nock('https://metafy.gg')
      .post('/irk/oauth/token', { ...codeRequest, ...credentials })
      .reply(function () {
        headers = this.req.headers;
        return [200, documentedTokens];
      });
    expect(await request()).to.deep.equal(documentedTokens);
    expect(headers).to.include({ 'content-type': 'application/json', accept: 'application/json' });
    expect(headers).not.to.have.property('authorization');
  });

  it('lets nothing in the request replace the credentials', async () => {
    const sent = answerToken(200, documentedTokens);
    await requestToken(client, { ...codeRequest, client_id: 'another', client_secret: 'another' });
    expect(await sent).to.deep.equal({ ...codeRequest, ...credentials });
  });

  it('is a MetafyOAuthError for an OAuth error, whatever the status around it', async () => {
    for (const status of [200, 400, 401, 429, 500]) {
      answerToken(status, { error: 'invalid_grant', error_description: 'Used up', error_uri: 'https://a.example' });
      const uri = 'https://a.example';
      const refusal = { name: 'MetafyOAuthError', code: 'invalid_grant', uri, upstreamStatus: status };
      const { message } = await expectError(request, refusal);
      expect(message).to.include('authorization_code').and.include('Used up');
    }
  });

  it('drops a description that repeats what was sent or answered, also form-encoded', async () => {
    const formEncoded = String(new URLSearchParams({ '': clientSecret })).slice(1);
    for (const secret of ['a-code', clientSecret, formEncoded, 'the-token']) {
      answerToken(400, { error: 'invalid_grant', error_description: `see ${secret}`, access_token: 'the-token' });
      const { message } = await expectError(request, { code: 'invalid_grant' });
      expect(message).not.to.include(secret);
    }
  });

  it('keeps a description in spite of what is too short for a secret, or no text', async () => {
    for (const code of ['', 'a', 'use', 42, undefined]) {
      answerToken(400, { error: 'invalid_grant', error_description: 'used 42 times', refresh_token: null });
      const { message } = await expectError(() => requestToken(client, { ...codeRequest, code }));
      expect(message).to.include('used 42 times');
    }
  });

  it('is a MetafyResponseError for any other failure, and for a success without tokens', async () => {
    const failures = ['', 'Oops', '{"status":404,"error":"Not Found"}', '{"error":{"message":"an object"}}'];
    for (const [code, status, bodies] of [
      ['bad_status', 302, ['']],
      ['bad_status', 400, failures],
      ['bad_body', 200, ['', '<html>', '[]', '{}']],
    ] as const) {
      for (const body of bodies) {
        answerToken(status, body);
        await expectError(request, { name: 'MetafyResponseError', code, upstreamStatus: status });
      }
    }
  });
});

describe('requestRevocation', () => {
  useNock();
  const answerRevocation = (status: number, body?: nock.Body) =>
    nock('https://metafy.gg')
      .post('/irk/oauth/revoke', { token: 'a-token', ...credentials })
      .reply(status, body);
  const revoke = () => requestRevocation(client, { token: 'a-token' });

  it('takes a 200 for a revocation, whatever is in it', async () => {
    for (const body of ['{}', '', '<h1>Maintenance</h1>', '{"error":"invalid_request"}', '[]']) {
      answerRevocation(200, body);
      await revoke();
    }
  });

  it('fails for any other status, with Metafy’s reason where there is one', async () => {
    for (const [status, body, code] of [
      [403, { error: 'unauthorized_client' }, 'unauthorized_client'],
      [403, { error: 'x-a-token' }, 'bad_status'],
      [403, '', 'bad_status'],
      [503, '<h1>Oops</h1>', 'bad_status'],
    ] as const) {
      answerRevocation(status, body);
      await expectError(revoke, { code, upstreamStatus: status });
    }
  });
});

const certificate = createCertificate('metafy.example');

for (const protocol of ['http', 'https'] as const) {
  describe(`a token request over ${protocol}`, () => {
    const isSecure = protocol === 'https';
    let server: RawServer;
    let agent: Agent;

    before(function () {
      if (isSecure && !certificate) this.skip();
    });
    afterEach(async () => {
      agent.destroy();
      await server.stop();
    });

    /** A server that answers the first request of each of so many connections, and does `otherwise` to all others. */
    async function serve(otherwise: RawAnswer, connections = Number.POSITIVE_INFINITY): Promise<void> {
      const used = new Set<Socket>();
      const answer: RawAnswer = (socket, count, connection) => {
        if (used.has(socket) || used.size === connections) return otherwise(socket, count, connection);
        used.add(socket);
        socket.write(toAnswer(200, {}, JSON.stringify(documentedTokens)));
      };
      server = await startRawServer(answer, isSecure ? certificate : undefined);
      const options = { keepAlive: true, ca: certificate?.cert };
      agent = isSecure ? new https.Agent(options) : new Agent(options);
    }
    const request = (timeoutMs = 2000) => {
      const baseURL = new URL(server.url).origin;
      return requestToken(resolveClient({ ...clientOptions, timeoutMs, agent, baseURL }), codeRequest);
    };
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

    it('leaves the agent’s connections to others alone', async () => {
      await serve((socket) => socket.destroy());
      await keepConnections(1);
      const other = await startRawServer((socket) => socket.write(toAnswer(200)), isSecure ? certificate : undefined);
      await sendRequest({ method: 'GET', url: new URL(other.url), headers: {}, agent, timeoutMs: 2000 });
      await waitUntil(() => Object.keys(agent.freeSockets).length === 2);
      await request();
      expect(other.sockets.map((socket) => socket.destroyed)).to.deep.equal([false]);
      await other.stop();
    });

    it('is sent at most twice', async () => {
      await serve((socket) => socket.destroy(), 1);
      await keepConnections(1);
      await expectError(request, { code: 'network', status: 502 });
      expect(server.requests).to.have.lengthOf(3);
    });

    for (const [why, code, answer, timeoutMs] of [
      ['a byte of an answer came', 'network', (socket) => socket.write('H', () => socket.destroy()), 2000],
      ['no answer came in time', 'timeout', () => {}, 50],
    ] satisfies [string, string, RawAnswer, number][]) {
      it(`is not sent once more when ${why}`, async () => {
        await serve(answer);
        await keepConnections(1);
        await expectError(() => request(timeoutMs), { code });
        expect(server.requests).to.have.lengthOf(2);
      });
    }
  });
}

it('a token request on a new connection is never repeated', async () => {
  for (const answer of [
    (socket) => socket.write(toAnswer(503, { 'Retry-After': '0' })),
    (socket) => socket.write(toAnswer(429)),
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.end(),
  ] satisfies RawAnswer[]) {
    const server = await startRawServer(answer);
    const baseURL = new URL(server.url).origin;
    await expectError(() => requestToken(resolveClient({ ...clientOptions, baseURL }), codeRequest));
    await server.stop();
    expect(server.requests).to.have.lengthOf(1);
  }
});
