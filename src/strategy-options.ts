import type { OutgoingHttpHeaders } from 'node:http';
import { isAbsoluteURL } from './callback-url';
import { type MetafyClient, type MetafyClientOptions, resolveClient } from './client';
import { CookieStateStore } from './cookie-state-store';
import { checkEndpoint, defaultScope, deriveEndpoints } from './endpoints';
import { explainMisuse, requireScope, requireText } from './options';
import { SessionStateStore } from './session-state-store';
import { keepsVerifier, type StateStore } from './state-store';

/** Options of `MetafyStrategy`: Metafy's, and those of passport-oauth2 under their own names. */
export interface MetafyStrategyOptions extends MetafyClientOptions {
  /**
   * Where Metafy sends the browser back to; registered with the application at Metafy. A relative one is
   * resolved against the request, see `proxy`. Required; a missing one is a `TypeError`.
   */
  callbackURL: string | undefined;
  /**
   * Asked for at sign-in: `profile`, `community`, `purchases`, `products`. The profile needs `profile`.
   * @default 'profile'
   */
  scope?: string | string[] | undefined;
  /**
   * Where the state of a pending login is kept: by default in a sealed cookie (`CookieStateStore`), with a
   * `StateStore` of passport-oauth2's shape in that, and with `false` nowhere: then the application checks the
   * `state` parameter itself, and there is no PKCE.
   */
  store?: StateStore | false | undefined;
  /** `true` keeps the state in `req.session`, one login per session; `false` is `store: false`. */
  state?: boolean | undefined;
  /**
   * Proof Key for Code Exchange, with S256.
   * @default true where the store can keep a verifier
   * @see RFC 7636; RFC 9700, section 2.1.1
   */
  pkce?: boolean | 'S256' | undefined;
  /** Passes the request to a classic verify callback as its first parameter. @default false */
  passReqToCallback?: boolean | undefined;
  /** Signs in without asking for the profile; or a function that decides, as in passport-oauth2. @default false */
  skipUserProfile?:
    | boolean
    | (() => boolean | PromiseLike<boolean>)
    | ((accessToken: string, done: (error?: unknown, skip?: boolean) => void) => unknown)
    | undefined;
  /** Trusts `X-Forwarded-Proto` and `X-Forwarded-Host` for a relative `callbackURL`. @default Express's `trust proxy` */
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

/** Where the state of pending logins is kept: in our cookie, in `req.session`, nowhere, or in the application's. */
type StateKeeper = 'cookie' | 'session' | 'none' | StateStore;

/** `MetafyStrategyOptions`, checked and completed. */
export interface StrategySettings extends MetafyClient {
  authorizationURL: string;
  tokenURL: string;
  userProfileURL: string;
  /** Whether a `state` that is a string is kept inside, as an object is, instead of being sent. */
  keepsAnyState: boolean;
  /** The options of passport-oauth2's strategy. */
  inherited: object;
}

/** @throws TypeError naming the option at fault */
export function resolveStrategyOptions(options: MetafyStrategyOptions): StrategySettings {
  const client = resolveClient('MetafyStrategy', options);
  return explainMisuse('MetafyStrategy', () => {
    const endpoints = deriveEndpoints(options.baseURL);
    const authorizationURL = checkEndpoint(
      'authorizationURL',
      options.authorizationURL ?? endpoints.authorization,
    );
    const tokenURL = checkEndpoint('tokenURL', options.tokenURL ?? endpoints.token);
    const userProfileURL = checkEndpoint('userProfileURL', options.userProfileURL ?? endpoints.profile);
    const keeper = chooseKeeper(options);
    const store = createStore(
      keeper,
      client,
      options.sessionKey || `oauth2:${new URL(authorizationURL).hostname}`,
    );
    return {
      ...client,
      authorizationURL,
      tokenURL,
      userProfileURL,
      keepsAnyState: store instanceof SessionStateStore || store instanceof CookieStateStore,
      inherited: {
        ...options,
        authorizationURL,
        tokenURL,
        callbackURL: checkCallbackURL(options.callbackURL),
        scope: requireScope(options.scope ?? defaultScope),
        store,
        state: undefined,
        pkce: choosePKCE(options.pkce, keeper) || undefined,
      },
    };
  });
}

/** @see RFC 6749, section 3.1.2 */
function checkCallbackURL(callbackURL: unknown): string {
  const url = requireText('callbackURL', callbackURL);
  const isUsable = isAbsoluteURL(url) ? URL.canParse(url) : !/^[a-z][a-z\d+.-]*:/i.test(url);
  if (!isUsable || url.includes('#')) {
    throw new TypeError('option `callbackURL` must be an absolute http(s) URL or a path, without a fragment');
  }
  return url;
}

function chooseKeeper({ store, state }: MetafyStrategyOptions): StateKeeper {
  if (typeof store === 'object' && store !== null) {
    if (typeof store.store === 'function' && typeof store.verify === 'function') return store;
    throw new TypeError('option `store` must have the methods `store` and `verify`');
  }
  if (![undefined, null, false].includes(store as false) || ![undefined, null, true, false].includes(state)) {
    throw new TypeError('option `store` must be a state store or false, and option `state` true or false');
  }
  if (store === false || state === false) return 'none';
  return state ? 'session' : 'cookie';
}

function createStore(
  keeper: StateKeeper,
  { clientSecret }: MetafyClient,
  sessionKey: string,
): StateStore | undefined {
  if (keeper === 'cookie') return new CookieStateStore({ secret: clientSecret });
  if (keeper === 'session') return new SessionStateStore(sessionKey);
  return keeper === 'none' ? undefined : keeper;
}

function choosePKCE(pkce: unknown, keeper: StateKeeper): boolean {
  if (![undefined, null, true, false, 'S256'].includes(pkce as boolean)) {
    throw new TypeError("option `pkce` must be true, false or 'S256', the only method that protects");
  }
  const isPossible = typeof keeper === 'object' ? keepsVerifier(keeper) : keeper !== 'none';
  if (pkce && !isPossible) {
    throw new TypeError(
      'option `pkce` needs a `store` that keeps a verifier: store(req, verifier, state, meta, callback)',
    );
  }
  return isPossible && pkce !== false;
}
