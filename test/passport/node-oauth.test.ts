import { Agent, type ClientRequest } from 'node:http';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { OAuth2 } from 'oauth';
import { AuthTokenRefresh } from 'passport-oauth2-refresh';
import { MetafyStrategy, type MetafyStrategyOptions } from '../src';
import type { MetafyOAuth2 } from '../src/oauth2';
import { strategyOptions } from './support/client-options';
import { documentedProfile, documentedTokens } from './support/nock-metafy';
import { type RawServer, startRawServer, toAnswer } from './support/raw-server';
import { expectOutcome, signIn } from './support/strategy-run';

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
  const bodyOf = (request = '') => JSON.parse(request.split('\r\n\r\n')[1] ?? '');
  const answerLogin = () => {
    answers = [
      toAnswer(200, {}, JSON.stringify(documentedTokens)),
      toAnswer(200, {}, JSON.stringify(documentedProfile)),
    ];
  };

  it("is node-oauth's OAuth2", () => {
    expect(create()).to.be.instanceOf(OAuth2);
  });

  describe('getOAuthAccessToken', () => {
    it("exchanges a code and answers in node-oauth's parts", async () => {
      answerLogin();
      const { error, results } = await wait((done) =>
        create().getOAuthAccessToken('a-code', { redirect_uri: 'https://app.example/cb' }, done),
      );
      const { refresh_token, ...rest } = documentedTokens;
      expect(error).to.equal(null);
      expect(results).to.deep.equal([documentedTokens.access_token, refresh_token, rest]);
      expect(bodyOf(server.requests[0])).to.deep.equal({
        grant_type: 'authorization_code',
        code: 'a-code',
        redirect_uri: 'https://app.example/cb',
        client_id: strategyOptions.clientID,
        client_secret: strategyOptions.clientSecret,
      });
    });

    it('sends a refresh token as such', async () => {
      answerLogin();
      await wait((done) =>
        create().getOAuthAccessToken('a-refresh-token', { grant_type: 'refresh_token' }, done),
      );
      expect(bodyOf(server.requests[0])).to.include({
        grant_type: 'refresh_token',
        refresh_token: 'a-refresh-token',
      });
      expect(bodyOf(server.requests[0])).not.to.have.property('code');
    });

    it('may be called without parameters', async () => {
      answerLogin();
      const { error } = await wait((done) => create().getOAuthAccessToken('a-code', done as never));
      expect(error).to.equal(null);
      expect(bodyOf(server.requests[0])).to.include({ grant_type: 'authorization_code', code: 'a-code' });
    });

    it('answers with our errors', async () => {
      answers = [toAnswer(400, {}, '{"error":"invalid_grant"}')];
      const { error } = await wait((done) => create().getOAuthAccessToken('a-code', {}, done));
      expect(error).to.include({ name: 'MetafyOAuthError', code: 'invalid_grant' });
    });
  });

  describe('get and getProtectedResource', () => {
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

    it('asks each URL it is given, whatever was asked before', async () => {
      const oauth2 = create();
      const paths = ['/a?page=1', '/a', '/A', '/a?page=1', '/a?page=2', '/b', '/b'];
      answers = paths.map((path) => toAnswer(200, {}, path));
      for (const path of paths) {
        const { results } = await wait((done) => oauth2.get(baseURL + path, 'a-token', done));
        expect(results[0]).to.equal(path);
      }
      expect(server.requests.map((request) => request.split(' ')[1])).to.deep.equal(paths);
    });

    it('refuses a URL each time, also the first one of all, and after one that is right', async () => {
      const oauth2 = create();
      answers = [toAnswer(200), toAnswer(200)];
      for (const _round of [1, 2]) {
        for (const url of ['', 'http://metafy.gg/', 'http://metafy.gg/']) {
          const { error } = await wait((done) => oauth2.get(url, 'a-token', done));
          expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`url`');
        }
        expect((await wait((done) => oauth2.get(server.url, 'a-token', done))).error).to.equal(null);
      }
      expect(server.requests).to.have.length(2);
    });

    it("sends the caller's own Authorization instead of the token's", async () => {
      answers = [toAnswer(200)];
      const headers = { Authorization: 'Bearer own' };
      await wait((done) => create()._request('GET', server.url, headers, '', 'a-token', done));
      expect(server.requests[0]).to.include('Bearer own').and.not.include('a-token');
    });

    it('sends a body with another method', async () => {
      answers = [toAnswer(200, {}, 'ok')];
      const headers = { 'Content-Length': 2 };
      await wait((done) => create()._request('POST', server.url, headers, 'hi', 'a-token', done));
      expect(server.requests[0]).to.match(/^POST [\s\S]*Authorization: Bearer a-token[\s\S]*\r\n\r\nhi$/);
    });

    it('answers with our errors', async () => {
      answers = [toAnswer(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' })];
      const { error } = await wait((done) => create().get(server.url, 'a-token', done));
      expect(error).to.include({ name: 'MetafyOAuthError', code: 'invalid_token', upstreamStatus: 401 });
    });

    for (const url of ['http://metafy.gg/list', '/irk/api/v1/me', 'not a URL']) {
      it(`sends no token to ${url}`, async () => {
        const { error } = await wait((done) => create().get(url, 'a-token', done));
        expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('https');
      });
    }
  });

  describe('agent', () => {
    it('is the one in the options, for every request', async () => {
      answerLogin();
      const agent = new CountingAgent();
      await expectOutcome('success', signIn(createStrategy({ agent })));
      expect(agent.paths).to.deep.equal(['/irk/oauth/token', '/irk/api/v1/me']);
    });

    it('is the one given to setAgent, rather than the one in the options', async () => {
      answerLogin();
      const [agent, other] = [new CountingAgent(), new CountingAgent()];
      const strategy = createStrategy({ agent: other });
      oauth2Of(strategy).setAgent(agent);
      await expectOutcome('success', signIn(strategy));
      expect([agent.paths.length, other.paths.length]).to.deep.equal([2, 0]);
    });
  });

  it('sends custom headers with every request', async () => {
    answerLogin();
    await expectOutcome('success', signIn(createStrategy({ customHeaders: { 'X-Tenant': 'a' } })));
    expect(server.requests).to.have.lengthOf(2);
    expect(server.requests.every((request) => /\r\nX-Tenant: a\r\n/.test(request))).to.equal(true);
  });

  describe('with passport-oauth2-refresh', () => {
    const refresh = (strategy: MetafyStrategy) => {
      const refresher = new AuthTokenRefresh();
      refresher.use(strategy);
      return wait((done) => refresher.requestNewAccessToken('metafy', 'a-refresh-token', done));
    };

    it('refreshes', async () => {
      answerLogin();
      const { error, results } = await refresh(createStrategy());
      expect(error).to.equal(null);
      expect(results.slice(0, 2)).to.deep.equal([
        documentedTokens.access_token,
        documentedTokens.refresh_token,
      ]);
      expect(bodyOf(server.requests[0])).to.deep.equal({
        grant_type: 'refresh_token',
        refresh_token: 'a-refresh-token',
        client_id: strategyOptions.clientID,
        client_secret: strategyOptions.clientSecret,
      });
    });

    it("uses the strategy's agent and custom headers", async () => {
      answerLogin();
      const agent = new CountingAgent();
      await refresh(createStrategy({ agent, customHeaders: { 'X-Tenant': 'a' } }));
      expect(agent.paths).to.deep.equal(['/irk/oauth/token']);
      expect(server.requests[0]).to.match(/\r\nX-Tenant: a\r\n/);
    });

    it("is bounded by the strategy's timeout", async () => {
      answers = [''];
      const { error } = await refresh(createStrategy({ timeoutMs: 150 }));
      expect(error).to.include({ code: 'timeout' });
    });
  });

  describe('printed', () => {
    const printable = () => {
      const agent = new Agent();
      Object.assign(agent, { proxy: 'http://user:canary@proxy.example' });
      return createStrategy({
        clientSecret: 'canary',
        customHeaders: { 'Proxy-Authorization': 'Basic canary' },
        agent,
      });
    };

    it('shows no secret in util.inspect', () => {
      const strategy = printable();
      for (const value of [strategy, oauth2Of(strategy)])
        expect(inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.to.include(
          'canary',
        );
    });

    it('shows no secret in JSON', () => {
      const strategy = printable();
      expect(JSON.stringify([strategy, oauth2Of(strategy)])).not.to.include('canary');
    });

    it('still says whose it is', () => {
      expect(inspect(oauth2Of(printable())))
        .to.include(strategyOptions.clientID)
        .and.include('/irk/oauth/token');
    });

    it('does not list the client secret among its properties', () => {
      expect(Object.values({ ...oauth2Of(printable()) })).not.to.include('canary');
    });
  });

  it('lets an application replace the client secret', async () => {
    answerLogin();
    const oauth2 = create();
    Object.assign(oauth2, { _clientSecret: 'a-new-secret' });
    await wait((done) => oauth2.getOAuthAccessToken('a-code', {}, done));
    expect(bodyOf(server.requests[0])).to.include({ client_secret: 'a-new-secret' });
  });
});
