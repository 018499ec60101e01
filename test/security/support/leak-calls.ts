import { AuthTokenRefresh } from 'passport-oauth2-refresh';
import {
  CookieStateStore,
  MetafyClientCredentials,
  MetafyStrategy,
  MetafyUserTokens,
  refreshTokens,
  revokeToken,
} from '../../../src';
import { CookieBrowser } from '../../support/cookie-browser';
import { startSignInApp } from '../../support/sign-in-app';
import { print, secrets } from './secrets';

const { clientSecret, cookieSecret, storeSecret, code, accessToken, refreshToken } = secrets;

const toClient = (baseURL: string) => ({ clientID: 'the-client', clientSecret, baseURL, timeoutMs: 300 });
/** An error as it prints itself; nothing of a result, which is the application's. */
const printError = (promise: Promise<unknown>) => promise.then(() => '', print);

async function createUserTokens(baseURL: string): Promise<MetafyUserTokens> {
  const users = new MetafyUserTokens({ ...toClient(baseURL), store: new Map(), secret: storeSecret });
  const raw = { access_token: accessToken, token_type: 'Bearer' };
  await users.set('ada', {
    accessToken,
    refreshToken,
    tokenType: 'Bearer',
    scope: [],
    expiresAt: new Date(0),
    raw,
  });
  return users;
}

/** A login through Express with its own error page, which shows the stack and writes it to stderr. */
async function signIn(baseURL: string): Promise<string> {
  const store = new CookieStateStore({ secret: cookieSecret });
  await using app = await startSignInApp({
    strategy: { ...toClient(baseURL), store },
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
  return [...texts, print(app.strategy), print(store)].join('\n');
}

/** The calls to Metafy: each resolves to everything that can be seen of how it ended. */
export const calls: Record<string, (baseURL: string) => Promise<string>> = {
  'a login that fails at the code exchange': signIn,
  'a login that fails at the profile': signIn,
  refreshTokens: (baseURL) => printError(refreshTokens(toClient(baseURL), refreshToken)),
  revokeToken: (baseURL) => printError(revokeToken(toClient(baseURL), accessToken)),
  'MetafyClientCredentials.getToken': async (baseURL) => {
    const owner = new MetafyClientCredentials(toClient(baseURL));
    return (await printError(owner.getToken())) + print(owner);
  },
  'MetafyUserTokens.get': async (baseURL) => {
    const users = await createUserTokens(baseURL);
    return (await printError(users.get('ada'))) + print(users);
  },
  'MetafyUserTokens.revoke': async (baseURL) => {
    const users = await createUserTokens(baseURL);
    return (await printError(users.revoke('ada'))) + print(users);
  },
  'passport-oauth2-refresh': (baseURL) => {
    const refresh = new AuthTokenRefresh();
    const options = { ...toClient(baseURL), callbackURL: 'http://127.0.0.1/callback' };
    refresh.use(new MetafyStrategy(options, ({ profile }) => profile));
    return new Promise((resolve) => {
      refresh.requestNewAccessToken('metafy', refreshToken, (error: unknown) => resolve(print(error)));
    });
  },
};
