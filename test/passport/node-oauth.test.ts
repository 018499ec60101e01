import { Agent, type ClientRequest } from 'node:http';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { OAuth2 } from 'oauth';
import { AuthTokenRefresh } from 'passport-oauth2-refresh';
import { MetafyStrategy, type MetafyStrategyOptions } from '../../src';
import type { MetafyOAuth2 } from '../../src/passport/node-oauth';
import { strategyOptions } from '../support/client-options';
import { documentedProfile, documentedTokens } from '../support/nock-metafy';
import { type RawServer, startRawServer, toAnswer } from '../support/raw-server';
import { expectOutcome, signIn } from '../support/strategy-run';

/** An agent that counts what goes through it. */
class CountingAgent extends Agent {
  paths: string[] = [];

  addRequest(request: ClientRequest, ...rest: unknown[]): void {
    this.paths.push(request.path);
    // @ts-expect-error node's types leave it out
    super.addRequest(request, ...rest);
  }
}

interface Answered {
  error: unknown;
  results: unknown[];
}

const wait = (ask: (done: (error: unknown, ...results: unknown[]) => void) => void): Promise<Answered> =>
  new Promise((resolve) => ask((error, ...results) => resolve({ error, results })));

describe("the strategy's `_oauth2`", () => {
  let server: RawServer;
  let baseURL: string;
  let answers: string[];

  beforeEach(async () => {
    answers = [];
    server = await startRawServer((socket, count) => socket.write(answers[count - 1] ?? toAnswer(500)));
    baseURL = new URL(server.url).origin;
  });
  afterEach(() => server.stop());

  const createStrategy = (options: Partial<MetafyStrategyOptions> = {}) =>
    new MetafyStrategy({ ...strategyOptions, baseURL, ...options }, ({ profile }) => ({ id: profile.id }));
  const oauth2Of = (strategy: MetafyStrategy) => (strategy as unknown as { _oauth2: MetafyOAuth2 })._oauth2;
  const create = (options?: Partial<MetafyStrategyOptions>) => oauth2Of(createStrategy(options));
  const requestPaths = () => server.requests.map((request) => request.split(' ')[1]);
  const bodyOf = (request = '') => JSON.parse(request.split('\r\n\r\n')[1] ?? '');
  const answerSignIn = () => {
    answers = [documentedTokens, documentedProfile].map((json) => toAnswer(200, {}, JSON.stringify(json)));
  };

  it("is node-oauth's OAuth2", () => {
    expect(create()).to.be.instanceOf(OAuth2);
  });

  describe('getOAuthAccessToken', () => {
    const { clientID, clientSecret } = strategyOptions;
    const credentials = { client_id: clientID, client_secret: clientSecret };

    for (const [title, parameters, request] of [
      [
        'exchanges a code',
        { redirect_uri: '/cb' },
        { grant_type: 'authorization_code', code: 'a', redirect_uri: '/cb' },
      ],
      ['exchanges a code without parameters', undefined, { grant_type: 'authorization_code', code: 'a' }],
      ['refreshes', { grant_type: 'refresh_token' }, { grant_type: 'refresh_token', refresh_token: 'a' }],
    ] as const) {
      it(`${title}, and answers in node-oauth's parts`, async () => {
        answerSignIn();
        const { error, results } = await wait((done) =>
          parameters
            ? create().getOAuthAccessToken('a', parameters, done)
            : create().getOAuthAccessToken('a', done as never),
        );
        const { refresh_token, ...rest } = documentedTokens;
        expect(error).to.equal(null);
        expect(results).to.deep.equal([documentedTokens.access_token, refresh_token, rest]);
        expect(bodyOf(server.requests[0])).to.deep.equal({ ...request, ...credentials });
      });
    }

    it("answers with this package's errors", async () => {
      answers = [toAnswer(400, {}, '{"error":"invalid_grant"}')];
      const { error } = await wait((done) => create().getOAuthAccessToken('a-code', {}, done));
      expect(error).to.include({ name: 'MetafyOAuthError', code: 'invalid_grant' });
    });

    it('uses a client secret and a token URL that an application sets later', async () => {
      answerSignIn();
      const oauth2 = create();
      Object.assign(oauth2, { _clientSecret: 'a-new-secret', _accessTokenUrl: `${baseURL}/another` });
      await wait((done) => oauth2.getOAuthAccessToken('a-code', {}, done));
      expect(requestPaths()).to.deep.equal(['/another']);
      expect(bodyOf(server.requests[0])).to.include({ client_secret: 'a-new-secret' });
    });

    it('sends no secret to a token URL set later that is not https', async () => {
      const oauth2 = create();
      Object.assign(oauth2, { _accessTokenUrl: 'http://metafy.gg/token' });
      const { error } = await wait((done) => oauth2.getOAuthAccessToken('a-code', {}, done));
      expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`tokenURL`');
    });
  });

  describe('get, getProtectedResource and _request', () => {
    for (const method of ['get', 'getProtectedResource'] as const) {
      it(`${method} sends the token in the header and answers body and response`, async () => {
        answers = [toAnswer(200, { 'X-Page': '1' }, 'the body')];
        const { error, results } = await wait((done) =>
          create()[method](`${baseURL}/irk/api/v1/list?page=1`, 'a-token', done),
        );
        expect(error).to.equal(null);
        expect(results[0]).to.equal('the body');
        expect(results[1]).to.have.property('statusCode', 200);
        expect(results[1]).to.have.property('headers').that.includes({ 'x-page': '1' });
        expect(server.requests[0]).to.match(/^GET \/irk\/api\/v1\/list\?page=1 HTTP/);
        expect(server.requests[0]).to.match(/\r\nAuthorization: Bearer a-token\r\n/);
      });
    }

    it('sends the token in the header also with `useAuthorizationHeaderforGET(false)`', async () => {
      answers = [toAnswer(200)];
      const oauth2 = create();
      oauth2.useAuthorizationHeaderforGET(false);
      await wait((done) => oauth2.get(server.url, 'a-token', done));
      expect(server.requests[0]).to.match(/^GET \/path HTTP[\s\S]*\r\nAuthorization: Bearer a-token\r\n/);
    });

    it("sends the caller's own Authorization instead of the token's", async () => {
      answers = [toAnswer(200)];
      const headers = { authorization: 'Bearer own' };
      await wait((done) => create()._request('GET', server.url, headers, '', 'a-token', done));
      expect(server.requests[0]).to.include('Bearer own').and.not.include('a-token');
    });

    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    for (const [title, method, body] of [
      ['a text', 'POST', 'hi ü'],
      ['a Buffer, byte for byte', 'POST', bytes],
      ['a Uint8Array, byte for byte', 'PUT', new Uint8Array(bytes) as Buffer],
      ['the body of a DELETE', 'DELETE', 'hi'],
    ] as const) {
      it(`sends ${title}`, async () => {
        answers = [toAnswer(200)];
        const { error } = await wait((done) => create()._request(method, server.url, null, body, 'a-token', done));
        expect(error).to.equal(null);
        const [head = '', ...received] = (server.requests[0] ?? '').split('\r\n\r\n');
        expect(head.startsWith(`${method} /path `)).to.equal(true);
        expect(head).to.include('\r\nAuthorization: Bearer a-token');
        expect(Buffer.from(received.join('\r\n\r\n'), 'latin1')).to.deep.equal(Buffer.from(body as Buffer));
      });
    }

    it("answers with this package's errors", async () => {
      answers = [toAnswer(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' })];
      const { error } = await wait((done) => create().get(server.url, 'a-token', done));
      expect(error).to.include({ name: 'MetafyOAuthError', code: 'invalid_token', upstreamStatus: 401 });
    });

    it('asks each URL that it is given, and rejects a wrong one each time, whatever was asked before', async () => {
      const oauth2 = create();
      const paths = ['/a?page=1', '/a', '/a', '/A', '/a?page=1'];
      answers = paths.map(() => toAnswer(200));
      for (const path of paths) {
        expect((await wait((done) => oauth2.get(baseURL + path, 'a-token', done))).error).to.equal(null);
        for (const _time of [1, 2]) {
          const { error } = await wait((done) => oauth2.get('http://metafy.gg/a', 'a-token', done));
          expect(error).to.be.instanceOf(TypeError);
        }
      }
      expect(requestPaths()).to.deep.equal(paths);
    });

    for (const url of ['http://metafy.gg/list', '/irk/api/v1/me', 'not a URL', '']) {
      it(`sends no token to ${url || 'an empty URL'}`, async () => {
        const { error } = await wait((done) => create().get(url, 'a-token', done));
        expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`url`');
      });
    }
  });

  describe('agent', () => {
    const setters: [title: string, set: (oauth2: MetafyOAuth2, agent: Agent) => void][] = [
      ['given to setAgent', (oauth2, agent) => oauth2.setAgent(agent)],
      ['set as `_agent`', (oauth2, agent) => Object.assign(oauth2, { _agent: agent })],
    ];
    for (const [title, set] of setters) {
      it(`is the one ${title} for every request, rather than that of the options`, async () => {
        answerSignIn();
        const [agent, other] = [new CountingAgent(), new CountingAgent()];
        const strategy = createStrategy({ agent: other });
        set(oauth2Of(strategy), agent);
        await expectOutcome('success', signIn(strategy));
        expect([agent.paths, other.paths]).to.deep.equal([['/irk/oauth/token', '/irk/api/v1/me'], []]);
      });
    }

    it('is that of the options for every request, and none of ours after `setAgent(null)`', async () => {
      answerSignIn();
      const agent = new CountingAgent();
      const strategy = createStrategy({ agent });
      await expectOutcome('success', signIn(strategy));
      expect(agent.paths).to.have.lengthOf(2);
      oauth2Of(strategy).setAgent(null);
      await wait((done) => oauth2Of(strategy).get(server.url, 'a-token', done));
      expect(agent.paths).to.have.lengthOf(2);
    });

    it('is a TypeError where it cannot reach the token endpoint', () => {
      const oauth2 = create({ baseURL: undefined });
      for (const agent of [new Agent(), true, {}])
        expect(() => oauth2.setAgent(agent as Agent)).to.throw(TypeError, '`agent`');
    });
  });

  it('sends custom headers with every request, also those set later', async () => {
    answerSignIn();
    const strategy = createStrategy({ customHeaders: { 'X-Tenant': 'a' } });
    Object.assign(oauth2Of(strategy), { _customHeaders: { 'X-Tenant': 'b' } });
    await expectOutcome('success', signIn(strategy));
    expect(server.requests).to.have.lengthOf(2);
    for (const request of server.requests) expect(request).to.match(/\r\nX-Tenant: b\r\n/);
  });

  describe('with passport-oauth2-refresh', () => {
    const use = (strategy: MetafyStrategy) => {
      const refresher = new AuthTokenRefresh();
      refresher.use(strategy);
      return () => wait((done) => refresher.requestNewAccessToken('metafy', 'a-refresh-token', done));
    };

    it('refreshes, with the custom headers', async () => {
      answerSignIn();
      const { error, results } = await use(createStrategy({ customHeaders: { 'X-Tenant': 'a' } }))();
      expect(error).to.equal(null);
      expect(results.slice(0, 2)).to.deep.equal([documentedTokens.access_token, documentedTokens.refresh_token]);
      expect(bodyOf(server.requests[0])).to.include({ grant_type: 'refresh_token', refresh_token: 'a-refresh-token' });
      expect(server.requests[0]).to.match(/\r\nX-Tenant: a\r\n/);
    });

    for (const [when, prepare] of [
      ['in the options', (agent: Agent) => use(createStrategy({ agent }))],
      [
        'set before `use`',
        (agent: Agent) => {
          const strategy = createStrategy();
          oauth2Of(strategy).setAgent(agent);
          return use(strategy);
        },
      ],
      [
        'set after `use`',
        (agent: Agent) => {
          const strategy = createStrategy();
          const refresh = use(strategy);
          oauth2Of(strategy).setAgent(agent);
          return refresh;
        },
      ],
    ] as const) {
      it(`uses the agent ${when}`, async () => {
        answerSignIn();
        const agent = new CountingAgent();
        await prepare(agent)();
        expect(agent.paths).to.deep.equal(['/irk/oauth/token']);
      });
    }

    it("is bounded by the strategy's timeout", async () => {
      answers = [''];
      expect((await use(createStrategy({ timeoutMs: 150 }))()).error).to.include({ code: 'timeout' });
    });
  });

  it('shows no secret when it is printed, but whose it is', () => {
    const agent = new Agent();
    Object.assign(agent, { proxy: 'http://user:canary@proxy.example' });
    const customHeaders = { 'Proxy-Authorization': 'Basic canary' };
    const strategy = createStrategy({ clientSecret: 'canary', customHeaders, agent });
    const oauth2 = oauth2Of(strategy);
    const printed = [strategy, oauth2].map((value) =>
      inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    );
    expect(printed.join() + JSON.stringify([strategy, oauth2])).not.to.include('canary');
    expect(Object.values({ ...oauth2 })).not.to.include('canary');
    expect(inspect(oauth2)).to.include(strategyOptions.clientID).and.include('/irk/oauth/token');
  });
});
