import type { OutgoingHttpHeaders } from 'node:http';
import type { AuthenticateOptions } from 'passport';
import { defaultMaxAgeMs, LoginCookies } from '../authorization/login-cookie';
import { requireCallbackURL } from '../authorization/request';
import { type MetafyClient, type MetafyClientOptions, requireServerURL, resolveClient } from '../metafy/client';
import { rejectMisnamed, requireMethods, requireStrings } from '../util/assert';
import { CookieStateStore } from './cookie-state-store';
import { SessionStateStore } from './session-state-store';
import type { StateStore } from './state-store';

/** Options of `MetafyStrategy`: Metafy's, and those of passport-oauth2 under their own names. */
export interface MetafyStrategyOptions extends MetafyClientOptions {
  /**
   * Where Metafy sends the browser back to; registered with the application at Metafy. A path is resolved against the
   * request, see `proxy`. Required; a missing one is a `TypeError`.
   */
  callbackURL: string | undefined;
  /**
   * Asked for at sign-in. The profile needs `profile`.
   * @default 'profile'
   */
  scope?: MetafyScope | readonly MetafyScope[] | undefined;
  /**
   * Where the state of a pending sign-in is kept: by default in a sealed cookie (`CookieStateStore`), with a `StateStore`
   * of passport-oauth2's shape in that, and with `false` nowhere: then the application checks the `state` parameter
   * itself, and there is no PKCE.
   */
  store?: StateStore | false | undefined;
  /** `true` keeps the state in `req.session`, one sign-in per session; `false` is `store: false`. */
  state?: boolean | undefined;
  /**
   * Proof Key for Code Exchange, with S256.
   * @default true where the store takes a verifier
   * @see RFC 7636; RFC 9700, section 2.1.1
   */
  pkce?: boolean | 'S256' | undefined;
  /** Passes the request to a classic verify callback as its first parameter. @default false */
  passReqToCallback?: boolean | undefined;
  /** Signs in without asking for the profile; or a function that decides, as in passport-oauth2. @default false */
  skipUserProfile?: SkipUserProfile;
  /**
   * Whether `X-Forwarded-Proto` and `X-Forwarded-Host` count for a `callbackURL` that is a path.
   * @default as the framework's own setting says: `trust proxy`, `trustProxy`, `app.proxy`
   */
  proxy?: boolean | undefined;
  /** Where `state: true` keeps the state in the session. @default 'oauth2:metafy.gg' */
  sessionKey?: string | undefined;
  /** Sent with every request to Metafy. */
  customHeaders?: OutgoingHttpHeaders | undefined;
  /** Instead of the one under `baseURL`. */
  authorizationURL?: string | undefined;
  /** Instead of the one under `baseURL`. */
  tokenURL?: string | undefined;
  /** Instead of the one under `baseURL`. */
  userProfileURL?: string | undefined;
}

/** A scope of Metafy's: `profile` is documented, the others are seen in production. Any other string may be given. */
export type MetafyScope = 'profile' | 'community' | 'purchases' | 'products' | (string & {});

/** passport-oauth2's option: a value, a function that returns one, or one that answers through a callback. */
export type SkipUserProfile =
  | boolean
  | (() => boolean | PromiseLike<boolean>)
  | ((accessToken: string, done: (error?: unknown, skip?: boolean) => void) => unknown)
  | undefined;

/** What `passport.authenticate('metafy', options)` takes beside Passport's own options. */
export interface MetafyAuthenticateOptions extends Omit<AuthenticateOptions, 'state' | 'scope'> {
  /** For this sign-in only, instead of the strategy's. */
  scope?: MetafyScope | readonly MetafyScope[] | undefined;
  /**
   * Comes back as `req.authInfo.state` when the sign-in succeeds: JSON, at most about 2 kB. With the default store and
   * with `state: true` it is kept inside and never sent. Without a store, or with one of your own, a string is sent as
   * the `state` parameter, as passport-oauth2 does, and there is no PKCE for that sign-in.
   */
  state?: string | object | undefined;
  /** For this sign-in only; the route of the callback must pass the same. */
  callbackURL?: string | undefined;
}

// Passport's types know `state` as a string only, and no `callbackURL`.
declare module 'passport' {
  interface Authenticator<InitializeRet, AuthenticateRet, AuthorizeRet, AuthorizeOptions> {
    authenticate(
      strategy: string | string[] | Strategy,
      options: MetafyAuthenticateOptions,
      callback?: AuthenticateCallback,
    ): AuthenticateRet;
    authorize(
      strategy: string | string[] | Strategy,
      options: MetafyAuthenticateOptions,
      callback?: AuthenticateCallback,
    ): AuthorizeRet;
  }
}

/** `MetafyStrategyOptions`, checked and completed. */
export interface StrategySettings {
  client: MetafyClient;
  authorizationURL: string;
  tokenURL: string;
  userProfileURL: string;
  /** Whether a `state` that is a string is kept inside, as an object is, instead of being sent. */
  storesStringState: boolean;
  /** The options of passport-oauth2's strategy. */
  inherited: object;
}

/** Those of `MetafyStrategyOptions` beside the client's. */
const optionNames = [
  'callbackURL',
  'scope',
  'store',
  'state',
  'pkce',
  'passReqToCallback',
  'skipUserProfile',
  'proxy',
  'sessionKey',
  'customHeaders',
  'authorizationURL',
  'tokenURL',
  'userProfileURL',
] as const;

/** @throws TypeError naming the option at fault */
export function resolveStrategyOptions(options: MetafyStrategyOptions): StrategySettings {
  const client = resolveClient(options);
  rejectMisnamed(options, optionNames);
  const resolve = (option: 'authorizationURL' | 'tokenURL' | 'userProfileURL', url: string): string =>
    requireServerURL(option, options[option] ?? url).href;
  const authorizationURL = resolve('authorizationURL', client.authorizationURL.href);
  const tokenURL = resolve('tokenURL', client.tokenURL.href);
  const userProfileURL = resolve('userProfileURL', `${client.apiURL}/v1/me`);
  requireOneOf('pkce', options.pkce, [true, false, 'S256']);
  const store = chooseStore(options, client, new URL(authorizationURL).hostname);
  const supportsPKCE = store?.store.length === 5;
  if (options.pkce && !supportsPKCE) {
    throw new TypeError(
      'option `pkce` needs a `store` that keeps a verifier: store(req, verifier, state, meta, callback)',
    );
  }
  return {
    client,
    authorizationURL,
    tokenURL,
    userProfileURL,
    storesStringState: store instanceof SessionStateStore || store instanceof CookieStateStore,
    inherited: {
      ...options,
      authorizationURL,
      tokenURL,
      callbackURL: requireCallbackURL(options.callbackURL),
      scope: requireStrings('scope', options.scope ?? 'profile'),
      store,
      state: undefined,
      pkce: (supportsPKCE && options.pkce !== false) || undefined,
    },
  };
}

/** The application's own store, one of ours, or none. */
function chooseStore(
  { store, state, pkce, sessionKey }: MetafyStrategyOptions,
  { clientSecret }: MetafyClient,
  hostname: string,
): StateStore | undefined {
  if (typeof store === 'object' && store !== null) {
    requireMethods('store', store, ['store', 'verify']);
    return store;
  }
  requireOneOf('store', store, [false]);
  requireOneOf('state', state, [true, false]);
  if (store === false || state === false) return undefined;
  if (state) return new SessionStateStore(sessionKey || `oauth2:${hostname}`, pkce !== false);
  return new CookieStateStore(new LoginCookies([clientSecret], defaultMaxAgeMs));
}

function requireOneOf(option: string, value: unknown, allowed: unknown[]): void {
  if (value === undefined || value === null || allowed.includes(value)) return;
  const object = option === 'store' ? 'a state store or ' : '';
  throw new TypeError(`option \`${option}\` must be ${object}${allowed.join(' or ')}`);
}
