import { AuthTokenRefresh } from 'passport-oauth2-refresh';
import {
  CookieStateStore,
  MetafyClientCredentials,
  MetafyStrategy,
  MetafyUserTokens,
  refreshTokens,
  revokeToken,
} from '../../../src';
import { caught } from '../../support/caught';
import { CookieBrowser } from '../../support/cookie-browser';
import { startSignInApp } from '../../support/sign-in-app';
import { canaries, print } from './canaries';

const { clientSecret, cookieKey, tokenKey, code, accessToken, refreshToken } = canaries;
const timeoutMs = 300;

const toClient = (baseURL: string) => ({ clientID: 'the-client', clientSecret, baseURL, timeoutMs });

const createStrategy = (baseURL: string) =>
  new MetafyStrategy(
    {
      ...toClient(baseURL),
      callbackURL: 'http://127.0.0.1/callback',
      store: new CookieStateStore({ secret: cookieKey }),
    },
    ({ profile }) => profile,
  );

const createUserTokens = async (baseURL: string) => {
  const users = new MetafyUserTokens({ ...toClient(baseURL), store: new Map(), secret: tokenKey });
  const raw = { access_token: accessToken, token_type: 'Bearer' };
  const expired = { accessToken, refreshToken, tokenType: 'Bearer', scope: [], expiresAt: new Date(0), raw };
  await users.set('ada', expired);
  return users;
};

/** What asks Metafy: each resolves to everything that can be seen of how it ended. */
export const calls: Record<string, (baseURL: string) => Promise<string>> = {
  'a login': signIn,
  'a refresh': async (baseURL) => {
    const ended = await refreshTokens(toClient(baseURL), refreshToken).catch((error) => error);
    return ended instanceof Error ? print(ended) : '';
  },
  'a revocation': async (baseURL) =>
    print(await revokeToken(toClient(baseURL), accessToken).catch((error) => error)),
  'client credentials': async (baseURL) => {
    const owner = new MetafyClientCredentials(toClient(baseURL));
    return print(await caught(() => owner.getToken())) + print(owner);
  },
  'stored tokens': async (baseURL) => {
    const users = await createUserTokens(baseURL);
    return print(await caught(() => users.get('ada'))) + print(users);
  },
  'a sign-off': async (baseURL) => {
    const users = await createUserTokens(baseURL);
    return print(await users.revoke('ada').catch((error) => error)) + print(users);
  },
  'passport-oauth2-refresh': async (baseURL) => {
    const refresh = new AuthTokenRefresh();
    refresh.use(createStrategy(baseURL));
    return new Promise((resolve) => {
      refresh.requestNewAccessToken('metafy', refreshToken, (error: unknown) => resolve(print(error)));
    });
  },
};

/** A login through Express with its own error page, which shows the stack and writes it to stderr. */
async function signIn(baseURL: string): Promise<string> {
  const store = new CookieStateStore({ secret: cookieKey });
  await using app = await startSignInApp({
    strategy: { ...toClient(baseURL), store },
    verify: ({ profile }: { profile: object }) => profile,
    handlesErrors: false,
    settings: { env: 'development' },
  });
  const texts: string[] = [];
  app.app.use((error: Error, _req: unknown, _res: unknown, next: (error: Error) => void) => {
    console.log(error);
    texts.push(print(error));
    next(error);
  });
  const browser = new CookieBrowser();
  const start = await browser.get(app.startURL);
  const state = new URL(start.location).searchParams.get('state');
  const end = await browser.get(`${app.callbackURL}?code=${code}&state=${state}`);
  for (const page of [start, end]) texts.push(JSON.stringify(page.headers), page.body);
  return [...texts, `status ${end.status}`, print(app.strategy), print(store)].join('\n');
}
