import { takeRandomBytes } from './random';
import { type StateMetadata, type StoreCallback, unknownLogin, type VerifyCallback } from './state-store';

/** What is read of a request. */
export interface SessionRequest {
  session?: Record<string, unknown> | null;
}

/** What passport-oauth2 keeps under the same key, beside what others may: both understand each other's logins. */
interface PendingLogin {
  state?: { handle?: string; code_verifier?: string; state?: unknown };
}

/**
 * Keeps the state of one pending login in `req.session`: what `state: true` stands for.
 *
 * passport-oauth2's own changes what it has put there. Sessions that notice only that something is assigned, such as
 * those of @fastify/secure-session, miss that: after a denial, no login of that browser would ever succeed.
 */
export class SessionStateStore {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  store(
    req: SessionRequest,
    verifier: string | undefined,
    state: unknown,
    _meta: StateMetadata,
    callback: StoreCallback,
  ): void {
    if (!req.session) {
      callback(new Error(missingSession));
      return;
    }
    const handle = takeRandomBytes(16).toString('base64url');
    req.session[this.#key] = {
      ...this.#find(req.session),
      state: { handle, code_verifier: verifier, state },
    };
    callback(null, handle);
  }

  verify(req: SessionRequest, providedState: string | undefined, callback: VerifyCallback): void {
    if (!req.session) {
      callback(new Error(missingSession));
      return;
    }
    const { state: login, ...others } = this.#find(req.session);
    // A stranger's link uses nothing up.
    if (!login?.handle || login.handle !== providedState) {
      callback(null, false, { message: unknownLogin });
      return;
    }
    // Deleting alone is not noticed everywhere either.
    req.session[this.#key] = others;
    if (Object.keys(others).length === 0) delete req.session[this.#key];
    callback(null, login.code_verifier ?? true, login.state);
  }

  #find(session: Record<string, unknown>): PendingLogin {
    const found = session[this.#key];
    return typeof found === 'object' && found !== null ? found : {};
  }
}

const missingSession =
  'The option `state: true` requires session support: set up a session, such as express-session, in front of Passport.';
