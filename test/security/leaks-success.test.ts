import { Agent } from 'node:http';
import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  CookieStateStore,
  MetafyClientCredentials,
  MetafyStrategy,
  type MetafyTokens,
  MetafyUserTokens,
  refreshTokens,
} from '../../src';
import type { RawServer } from '../support/raw-server';
import { toAnswer } from '../support/raw-server';
import {
  createRequest,
  expectOutcome,
  listSetCookies,
  runStrategy,
  signIn,
  startLogin,
} from '../support/strategy-run';
import { canaries, findShown, print } from './support/canaries';
import { rightTokens, startTellingServer } from './support/telling-server';

const { clientSecret, cookieKey, tokenKey, code, accessToken, refreshToken, proxyPassword } = canaries;

describe('secrets in what is printed when nothing fails (OWASP Logging Cheat Sheet)', () => {
  let metafy: RawServer;
  let client: { clientID: string; clientSecret: string; baseURL: string; timeoutMs: number };
  let strategy: MetafyStrategy;

  before(async () => {
    const profile = toAnswer(200, {}, '{"user":{"id":"1","name":"Ada"}}');
    metafy = await startTellingServer(
      (socket, echo) => socket.write(echo.includes('/v1/me') ? profile : rightTokens),
      { tokensFirst: true },
    );
  });
  after(() => metafy.stop());
  beforeEach(() => {
    client = { clientID: 'a-client', clientSecret, baseURL: new URL(metafy.url).origin, timeoutMs: 2000 };
    strategy = new MetafyStrategy(
      {
        ...client,
        callbackURL: 'http://app.example/callback',
        store: new CookieStateStore({ secret: cookieKey }),
        customHeaders: { 'X-Proxy-Password': proxyPassword },
        agent: Object.assign(new Agent(), { proxyPassword }),
      },
      ({ tokens }) => ({ tokens }),
    );
  });

  const listVerifiers = () =>
    [...metafy.requests.join().matchAll(/"code_verifier":"([^"]+)"/g)].map(([, verifier = '']) => verifier);

  it('are not in a strategy, before a login and after it', async () => {
    const texts = [print(strategy)];
    await expectOutcome('success', signIn(strategy, {}, `code=${code}`));
    texts.push(print(strategy), print(Object.create(strategy)));
    expect(listVerifiers()).not.to.deep.equal([]);
    expect(findShown(texts.join(), listVerifiers())).to.deep.equal([]);
  });

  it('are not in a strategy with everything left to its defaults', () => {
    const plain = new MetafyStrategy({ ...client, callbackURL: '/callback' }, () => false);
    expect(findShown(print(plain))).to.deep.equal([]);
  });

  it('are not in what Passport is told, other than in the tokens themselves', async () => {
    const { user, info } = await expectOutcome(
      'success',
      signIn(strategy, { state: { a: 1 } }, `code=${code}`),
    );
    expect(findShown(print(info), listVerifiers())).to.deep.equal([]);
    expect((user as { tokens: MetafyTokens }).tokens).to.include({ accessToken, refreshToken });
  });

  it('are not in the redirect to Metafy, and its cookie shows neither key nor verifier', async () => {
    const { url, state, jar } = await startLogin(strategy);
    await runStrategy(
      strategy,
      createRequest({ url: `/callback?code=${code}&state=${state}`, cookies: jar }),
    );
    const shown = `${url.href}\n${[...jar].join()}`;
    expect(findShown(shown, listVerifiers())).to.deep.equal([]);
  });

  it('are not in the answer to a callback that is refused', async () => {
    for (const query of [`code=${code}`, `code=${code}&state=x`, `code[]=${code}`, `error=${code}\n`]) {
      const req = createRequest({ url: `/callback?${query}` });
      const outcome = await expectOutcome('fail', runStrategy(strategy, req));
      expect(findShown(print(outcome) + listSetCookies(req).join())).to.deep.equal([]);
    }
  });

  it('are not in tokens that are printed, wherever they came from', async () => {
    const { user } = await expectOutcome('success', signIn(strategy, {}, `code=${code}`));
    const refreshed = await refreshTokens(client, refreshToken);
    const owner = new MetafyClientCredentials({ ...client, cache: new Map(), secret: tokenKey });
    const users = new MetafyUserTokens({ ...client, store: new Map(), secret: tokenKey });
    await users.set('ada', refreshed);
    const all = { user, refreshed, owned: await owner.getToken(), stored: await users.get('ada') };
    for (const options of [{ depth: Number.POSITIVE_INFINITY, showHidden: true }, {}]) {
      expect(findShown(inspect(all, options))).to.deep.equal([]);
    }
    expect(findShown(`${print(owner)}${print(users)}`)).to.deep.equal([]);
  });

  it('are in a store only when it was given no secret', async () => {
    const tokens = await refreshTokens(client, refreshToken);
    const [sealed, open] = [new Map<string, string>(), new Map<string, string>()];
    await new MetafyUserTokens({ ...client, store: sealed, secret: tokenKey }).set('ada', tokens);
    await new MetafyUserTokens({ ...client, store: open }).set('ada', tokens);
    expect(findShown([...sealed].join())).to.deep.equal([]);
    expect(findShown([...open].join())).not.to.deep.equal([]);
  });
});
