import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { AuthTokenRefresh } from 'passport-oauth2-refresh';
import type { MetafyStrategy, MetafyStrategyOptions } from '../../src';
import type { MetafyOAuth2 } from '../../src/passport/node-oauth';
import { strategyOptions } from '../support/client-options';
import { documentedProfile, documentedTokens } from '../support/nock-metafy';
import { type RawServer, startRawServer, toAnswer } from '../support/raw-server';
import { expectOutcome, signIn } from '../support/strategy-run';
import { createStrategy, type Done } from './support/sign-in';

/** An agent that lists what goes through it. */
class ListingAgent extends Agent {
  paths: string[] = [];

  addRequest(request: ClientRequest, ...rest: unknown[]): void {
    this.paths.push(request.path);
    // @ts-expect-error node's types leave it out
    super.addRequest(request, ...rest);
  }
}

const wait = (ask: (done: Done) => void): Promise<{ error: unknown; results: unknown[] }> =>
  new Promise((resolve) => ask((error, ...results) => resolve({ error, results })));

const oauth2Of = (strategy: MetafyStrategy) => (strategy as unknown as { _oauth2: MetafyOAuth2 })._oauth2;

describe("the strategy's `_oauth2`", () => {
  let server: RawServer;
  let baseURL: string;
  let answers: string[];

  beforeEach(async () => {
    answers = [documentedTokens, documentedProfile].map((json) => toAnswer(200, {}, JSON.stringify(json)));
    server = await startRawServer((socket, count) => socket.write(answers[count - 1] ?? toAnswer(200)));
    baseURL = new URL(server.url).origin;
  });
  afterEach(() => server.stop());

  const createHere = (options: Partial<MetafyStrategyOptions> = {}) => createStrategy({ baseURL, ...options });
  const create = (options: Partial<MetafyStrategyOptions> = {}) => oauth2Of(createHere(options));
  const requestPaths = () => server.requests.map((request) => request.split(' ')[1]);
  const sentBody = () => JSON.parse(server.requests[0]?.split('\r\n\r\n')[1] ?? '');

  describe('getOAuthAccessToken', () => {
    for (const [title, parameters, request] of [
      ['exchanges a code', [{ a: 'b' }], { grant_type: 'authorization_code', code: 'a', a: 'b' }],
      ['exchanges a code without parameters', [], { grant_type: 'authorization_code', code: 'a' }],
      ['refreshes', [{ grant_type: 'refresh_token' }], { grant_type: 'refresh_token', refresh_token: 'a' }],
    ] as const) {
      it(`${title}, and answers in node-oauth's parts`, async () => {
        const exchange = create().getOAuthAccessToken.bind(create()) as (...parameters: unknown[]) => void;
        const { error, results } = await wait((done) => exchange('a', ...parameters, done));
        const { refresh_token, ...rest } = documentedTokens;
        expect([error, ...results]).to.deep.equal([null, documentedTokens.access_token, refresh_token, rest]);
        const { clientID: client_id, clientSecret: client_secret } = strategyOptions;
        expect(sentBody()).to.deep.equal({ ...request, client_id, client_secret });
      });
    }

    it('uses a client secret and a token URL that an application sets later, which must be https', async () => {
      const oauth2 = create();
      Object.assign(oauth2, { _clientSecret: 'a-new-secret', _accessTokenUrl: `${baseURL}/another` });
      await wait((done) => oauth2.getOAuthAccessToken('a-code', {}, done));
      expect(requestPaths()).to.deep.equal(['/another']);
      expect(sentBody()).to.include({ client_secret: 'a-new-secret' });
      Object.assign(oauth2, { _accessTokenUrl: 'http://metafy.gg/token' });
      const { error } = await wait((done) => oauth2.getOAuthAccessToken('a-code', {}, done));
      expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`tokenURL`');
    });
  });

  describe('get, getProtectedResource and _request', () => {
    it('send the token in the header, and answer body and response', async () => {
      for (const method of ['get', 'getProtectedResource'] as const) {
        answers[server.requests.length] = toAnswer(200, { 'X-Page': '1' }, 'the body');
        const oauth2 = create();
        oauth2.useAuthorizationHeaderforGET(false);
        const { error, results } = await wait((done) => oauth2[method](`${server.url}?page=1`, 'a-token', done));
        const { statusCode, headers } = results[1] as IncomingMessage;
        expect([error, results[0], statusCode, headers['x-page']]).to.deep.equal([null, 'the body', 200, '1']);
        expect(server.requests.at(-1)).to.match(/^GET \/path\?page=1 HTTP/);
        expect(server.requests.at(-1)).to.include('\r\nAuthorization: Bearer a-token\r\n');
      }
    });

    it("send the caller's own Authorization instead of the token's", async () => {
      const headers = { authorization: 'Bearer own' };
      await wait((done) => create()._request('GET', server.url, headers, '', 'a-token', done));
      expect(server.requests[0]).to.include('Bearer own').and.not.include('a-token');
    });

    it('send a text or bytes as they are, with any method', async () => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      for (const [method, body] of [
        ['POST', 'hi ü'],
        ['POST', bytes],
        ['PUT', new Uint8Array(bytes) as Buffer],
        ['DELETE', 'hi'],
      ] as const) {
        await wait((done) => create()._request(method, server.url, null, body, 'a-token', done));
        const [head = '', ...received] = (server.requests.at(-1) ?? '').split('\r\n\r\n');
        expect(head.split(' ')[0]).to.equal(method);
        expect(head).to.include('\r\nAuthorization: Bearer a-token');
        expect(Buffer.from(received.join('\r\n\r\n'), 'latin1')).to.deep.equal(Buffer.from(body as Buffer));
      }
    });

    it("answer with this package's errors", async () => {
      answers = [toAnswer(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' })];
      const { error } = await wait((done) => create().get(server.url, 'a-token', done));
      expect(error).to.include({ name: 'MetafyOAuthError', code: 'invalid_token', upstreamStatus: 401 });
    });

    it('ask each URL that they are given, and send no token to a wrong one, whatever was asked before', async () => {
      const oauth2 = create();
      const paths = ['/a?page=1', '/a', '/a', '/A', '/a?page=1'];
      for (const path of paths) {
        expect((await wait((done) => oauth2.get(baseURL + path, 'a-token', done))).error).to.equal(null);
        for (const url of ['http://metafy.gg/a', 'http://metafy.gg/a', '/irk/api/v1/me', 'not a URL', '']) {
          const { error } = await wait((done) => oauth2.get(url, 'a-token', done));
          expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`url`');
        }
      }
      expect(requestPaths()).to.deep.equal(paths);
    });
  });

  describe('agent', () => {
    for (const [title, set] of [
      ['given to setAgent', (oauth2: MetafyOAuth2, agent: Agent) => oauth2.setAgent(agent)],
      ['set as `_agent`', (oauth2: MetafyOAuth2, agent: Agent) => Object.assign(oauth2, { _agent: agent })],
    ] as const) {
      it(`is the one ${title} for every request, rather than that of the options`, async () => {
        const [agent, other] = [new ListingAgent(), new ListingAgent()];
        const strategy = createHere({ agent: other });
        set(oauth2Of(strategy), agent);
        await expectOutcome('success', signIn(strategy));
        expect([agent.paths, other.paths]).to.deep.equal([['/irk/oauth/token', '/irk/api/v1/me'], []]);
      });
    }

    it('is that of the options for every request, and none of ours after `setAgent(null)`', async () => {
      const agent = new ListingAgent();
      const strategy = createHere({ agent });
      await expectOutcome('success', signIn(strategy));
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

  it('sends custom headers with every request, also those set later, and the token with that for the profile', async () => {
    const strategy = createHere({ customHeaders: { 'X-Tenant': 'a' } });
    Object.assign(oauth2Of(strategy), { _customHeaders: { 'X-Tenant': 'b' } });
    await expectOutcome('success', signIn(strategy));
    expect(server.requests).to.have.lengthOf(2);
    for (const request of server.requests) expect(request).to.match(/\r\nX-Tenant: b\r\n/);
    expect(server.requests[1]).to.include(`\r\nAuthorization: Bearer ${documentedTokens.access_token}\r\n`);
  });

  describe('with passport-oauth2-refresh', () => {
    const use = (strategy: MetafyStrategy) => {
      const refresher = new AuthTokenRefresh();
      refresher.use(strategy);
      return () => wait((done) => refresher.requestNewAccessToken('metafy', 'a-refresh-token', done));
    };

    it('refreshes, with the custom headers and the agent, given in the options or set before or after `use`', async () => {
      const agents = [new ListingAgent(), new ListingAgent(), new ListingAgent()] as const;
      const [before, after] = [createHere(), createHere()];
      oauth2Of(before).setAgent(agents[1]);
      const customHeaders = { 'X-Tenant': 'a' };
      const refreshes = [use(createHere({ customHeaders, agent: agents[0] })), use(before), use(after)];
      oauth2Of(after).setAgent(agents[2]);
      const { access_token, refresh_token } = documentedTokens;
      answers = [answers[0], answers[0], answers[0]] as string[];
      for (const refresh of refreshes) {
        const { error, results } = await refresh();
        expect([error, ...results.slice(0, 2)]).to.deep.equal([null, access_token, refresh_token]);
      }
      for (const { paths } of agents) expect(paths).to.deep.equal(['/irk/oauth/token']);
      expect(sentBody()).to.include({ grant_type: 'refresh_token', refresh_token: 'a-refresh-token' });
      expect(server.requests[0]).to.match(/\r\nX-Tenant: a\r\n/);
    });

    it("is bounded by the strategy's timeout", async () => {
      answers = [''];
      expect((await use(createHere({ timeoutMs: 150 }))()).error).to.include({ code: 'timeout' });
    });
  });

  it('shows whose it is when it is printed, and gives no secret to a copy', () => {
    const oauth2 = create();
    expect(inspect(oauth2)).to.include(strategyOptions.clientID).and.include('/irk/oauth/token');
    expect(Object.values({ ...oauth2 })).not.to.include(strategyOptions.clientSecret);
  });
});
