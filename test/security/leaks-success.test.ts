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
import { type RawServer, toAnswer } from '../support/raw-server';
import { createRequest, expectOutcome, listSetCookies, runStrategy, signIn, startLogin } from '../support/strategy-run';
import { startRevealingServer } from './support/revealing-answers';
import { findSecrets, listVerifiers, print, secrets } from './support/secrets';

const { clientSecret, cookieSecret, storeSecret, code, accessToken, refreshToken, proxyPassword } = secrets;

describe('secrets in what is printed when nothing fails (OWASP Logging Cheat Sheet)', () => {
  let metafy: RawServer;
  let client: { clientID: string; clientSecret: string; baseURL: string };
  let strategy: MetafyStrategy;

  before(async () => {
    const profile = toAnswer(200, {}, '{"user":{"id":"1","name":"Ada"}}');
    metafy = await startRevealingServer((socket) => socket.write(profile), false);
    client = { clientID: 'a-client', clientSecret, baseURL: new URL(metafy.url).origin };
  });
  after(() => metafy.stop());
  beforeEach(() => {
    strategy = new MetafyStrategy(
      {
        ...client,
        callbackURL: 'http://app.example/callback',
        store: new CookieStateStore({ secret: cookieSecret }),
        customHeaders: { 'X-Proxy-Password': proxyPassword },
        agent: Object.assign(new Agent(), { proxyPassword }),
      },
      ({ tokens }) => ({ tokens }),
    );
  });

  const succeed = () => expectOutcome('success', signIn(strategy, { state: { a: 1 } }, `code=${code}`));
  const expectNone = (text: string) => {
    expect(findSecrets(text, listVerifiers(metafy.requests))).to.deep.equal([]);
  };

  it('are not in a strategy, before a login and after it', async () => {
    const text = print(strategy);
    await succeed();
    expect(listVerifiers(metafy.requests)).not.to.deep.equal([]);
    expectNone(text + print(strategy) + print(Object.create(strategy)));
  });

  it('are not in what Passport is told, other than in the tokens themselves', async () => {
    const { user, info } = await succeed();
    expectNone(print(info));
    expect((user as { tokens: MetafyTokens }).tokens).to.include({ accessToken, refreshToken });
  });

  it('are not in the redirect to Metafy, nor readable in its cookie', async () => {
    const { url, state, jar } = await startLogin(strategy);
    const shown = `${url.href}\n${[...jar].join()}`;
    await runStrategy(strategy, createRequest({ url: `/callback?code=${code}&state=${state}`, cookies: jar }));
    expectNone(shown);
  });

  it('are not in the answer to a callback that fails', async () => {
    for (const query of [`code=${code}`, `code=${code}&state=x`, `code[]=${code}`, `error=${code}\n`]) {
      const req = createRequest({ url: `/callback?${query}` });
      const outcome = await expectOutcome('fail', runStrategy(strategy, req));
      expectNone(print(outcome) + listSetCookies(req).join());
    }
  });

  it('are not in tokens that are printed, wherever they came from', async () => {
    const { user } = await succeed();
    const refreshed = await refreshTokens(client, refreshToken);
    const owner = new MetafyClientCredentials({ ...client, cache: new Map(), secret: storeSecret });
    const users = new MetafyUserTokens({ ...client, store: new Map(), secret: storeSecret });
    await users.set('ada', refreshed);
    const all = { user, refreshed, owned: await owner.getToken(), stored: await users.get('ada') };
    expectNone(inspect(all) + inspect(all, { depth: Number.POSITIVE_INFINITY, showHidden: true }));
    expectNone(print(owner) + print(users));
  });
});
