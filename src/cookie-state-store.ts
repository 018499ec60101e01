import {
  clearLoginCookie,
  type LoginRequest,
  nameLoginCookie,
  readExpiry,
  readLoginCookie,
  setLoginCookie,
} from './login-cookies';
import { explainMisuse, requireDuration, requireObject } from './options';
import { takeRandomBytes } from './random';
import { Sealer } from './seal';
import { type StateMetadata, type StoreCallback, unknownLogin, type VerifyCallback } from './state-store';

/** How `CookieStateStore` seals its cookies, and for how long. */
export interface CookieStateStoreOptions {
  /** Seals the cookies. Several: the first seals, all open, so that secrets can be rotated. */
  secret: string | readonly string[];
  /**
   * How long a person may take to sign in, in milliseconds.
   * @default 600_000
   */
  maxAgeMs?: number | undefined;
}

/**
 * Keeps the state of each pending login in a sealed cookie of its own: no session is needed, any number of tabs
 * and of server processes work. `MetafyStrategy` uses it by default; pass one as its `store` to configure it.
 * It works with every strategy that extends passport-oauth2.
 *
 * The cookie is HttpOnly, SameSite=Lax and, on https, Secure with the `__Host-` prefix. It opens only with the
 * `state` parameter, client and callback URL it was made for, and is deleted when it has been used.
 *
 * @see RFC 6749, section 10.12; RFC 9700, section 4.7 (CSRF)
 */
export class CookieStateStore {
  readonly #sealer: Sealer;
  readonly #maxAgeMs: number;

  /** @throws TypeError naming the option at fault */
  constructor(options: CookieStateStoreOptions) {
    const [sealer, maxAgeMs] = explainMisuse('CookieStateStore', () => {
      requireObject('options', options);
      return [
        new Sealer(options.secret, 'login'),
        requireDuration('maxAgeMs', options.maxAgeMs ?? 600_000),
      ] as const;
    });
    this.#sealer = sealer;
    this.#maxAgeMs = maxAgeMs;
  }

  /**
   * Starts a login: sets its cookie and hands out the `state` parameter. passport-oauth2 calls it.
   *
   * @param state comes back when the login is finished; JSON of at most about 2 kB, better less: all pending logins of
   *   a browser share 5 kB
   */
  store(
    req: LoginRequest,
    verifier: string | undefined,
    state: unknown,
    meta: StateMetadata,
    callback: StoreCallback,
  ): void {
    const handle = takeRandomBytes(16).toString('base64url');
    const problem = attempt(() => {
      const name = nameLoginCookie(req, meta.callbackURL, handle) as string;
      const expiry = (Date.now() + this.#maxAgeMs).toString(36);
      const sealed = this.#sealer.seal(JSON.stringify([verifier, state]), toContext(name, expiry, meta));
      setLoginCookie(req, name, `${expiry}.${sealed}`, this.#maxAgeMs);
    });
    callback(problem, handle);
  }

  /**
   * Finishes a login: deletes its cookie and hands out the verifier (`true` when there was none) and the
   * application's state. A login that is unknown or too old is `false`, with a `message` for people, and uses
   * nothing up. passport-oauth2 calls it.
   */
  verify(
    req: LoginRequest,
    providedState: string | undefined,
    meta: StateMetadata,
    callback: VerifyCallback,
  ): void {
    const name = nameLoginCookie(req, meta.callbackURL, providedState);
    const value = name && readLoginCookie(req, name);
    const login = name && value && this.#open(name, value, meta);
    if (!login) {
      callback(null, false, { message: unknownLogin });
    } else if (login.expiresAtMs <= Date.now()) {
      callback(null, false, { message: expiredLogin });
    } else {
      const problem = attempt(() => clearLoginCookie(req, name as string));
      callback(problem, login.verifier ?? true, login.state ?? undefined);
    }
  }

  #open(name: string, value: string, meta: StateMetadata): OpenedLogin | undefined {
    const dot = value.indexOf('.');
    if (dot === -1) return undefined;
    const expiry = value.slice(0, dot);
    const text = this.#sealer.open(value.slice(dot + 1), toContext(name, expiry, meta));
    if (text === undefined) return undefined;
    const [verifier, state] = JSON.parse(text) as [string | null, unknown];
    return { verifier, state, expiresAtMs: readExpiry(value) };
  }
}

interface OpenedLogin {
  verifier: string | null;
  state: unknown;
  expiresAtMs: number;
}

const expiredLogin = 'This sign-in took too long. Please sign in again.';

// The callback must run outside: what it throws is not the store's.
function attempt(action: () => void): Error | null {
  try {
    action();
    return null;
  } catch (error) {
    return error as Error;
  }
}

// Sealed along, not inside: it binds the cookie as firmly and keeps it small.
function toContext(name: string, expiry: string, meta: StateMetadata): string {
  return JSON.stringify([name, expiry, meta.authorizationURL, meta.clientID, meta.callbackURL]);
}
