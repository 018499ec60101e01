import { defaultMaxAgeMs, LoginCookies, type PendingSignIn } from '../authorization/login-cookie';
import { MetafySignInError } from '../errors';
import { rejectMisnamed, requireDuration, requireObject, requireSecrets } from '../util/assert';
import { type PassportRequest, setCookies } from './http-response';
import type { StateMetadata, StoreCallback, VerifyCallback } from './state-store';

/** How `CookieStateStore` seals its cookies, and for how long. */
export interface CookieStateStoreOptions {
  /**
   * Seals the cookies: at least 32 characters. Several: the first seals, all open, so that secrets can be rotated.
   */
  secret: string | readonly string[];
  /**
   * How long a person may take to sign in, in milliseconds.
   * @default 600_000
   */
  maxAgeMs?: number | undefined;
}

/**
 * Keeps the state of each pending sign-in in a sealed cookie of its own: no session is needed, any number of tabs and of
 * server processes work. `MetafyStrategy` uses it by default; pass one as its `store` to configure it. It works with
 * every strategy that extends passport-oauth2.
 *
 * The cookie is HttpOnly, SameSite=Lax and, on https, Secure with the `__Host-` prefix. It opens only with the `state`
 * parameter, client and callback URL it was made for, and is deleted when it has been used.
 *
 * @see RFC 6749, section 10.12; RFC 9700, section 4.7 (CSRF)
 */
export class CookieStateStore {
  readonly #cookies: LoginCookies;

  /** @throws TypeError naming the option at fault */
  constructor(options: CookieStateStoreOptions);
  /** @internal for the strategy's default, which is sealed with the client secret */
  constructor(options: CookieStateStoreOptions | LoginCookies);
  constructor(options: CookieStateStoreOptions | LoginCookies) {
    requireObject('options', options);
    if (!(options instanceof LoginCookies)) rejectMisnamed(options, ['secret', 'maxAgeMs']);
    this.#cookies =
      options instanceof LoginCookies
        ? options
        : new LoginCookies(
            requireSecrets('secret', options.secret),
            requireDuration('maxAgeMs', options.maxAgeMs ?? defaultMaxAgeMs),
          );
  }

  /**
   * Starts a sign-in: sets its cookie and hands out the `state` parameter. passport-oauth2 calls it.
   *
   * @param state comes back when the sign-in is finished; JSON of at most about 2 kB, better less: all pending sign-ins of
   *   a browser share 5 kB
   */
  store(
    req: PassportRequest,
    verifier: string | undefined,
    state: unknown,
    meta: StateMetadata,
    callback: StoreCallback,
  ): void {
    let handle: string;
    try {
      const login = this.#cookies.start(toCookieRequest(req), { codeVerifier: verifier, state }, meta);
      setCookies(req, login.setCookies);
      handle = login.handle;
    } catch (error) {
      callback(error as Error);
      return;
    }
    // Outside: what the callback throws is not the store's.
    callback(null, handle);
  }

  /**
   * Finishes a sign-in: deletes its cookie and hands out the verifier (`true` when there was none) and the application's
   * state. A sign-in that is unknown or too old is `false`, with a `message` for people and a `code`, and uses nothing
   * up. passport-oauth2 calls it.
   */
  verify(req: PassportRequest, providedState: string | undefined, meta: StateMetadata, callback: VerifyCallback): void {
    let login: PendingSignIn;
    try {
      login = this.#cookies.finish(toCookieRequest(req), providedState, meta);
      setCookies(req, [login.clearCookie]);
    } catch (error) {
      if (!(error instanceof MetafySignInError)) callback(error as Error);
      else callback(null, false, { message: error.message, code: error.code });
      return;
    }
    callback(null, login.codeVerifier ?? true, login.state);
  }
}

function toCookieRequest(req: PassportRequest): { cookie: string | undefined; isSecure: boolean } {
  const isEncrypted = (req.socket as { encrypted?: boolean } | undefined)?.encrypted === true;
  return { cookie: req.headers?.cookie, isSecure: req.secure === true || isEncrypted };
}
