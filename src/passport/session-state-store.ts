import { defaultMaxAgeMs, expiredSignIn, unknownSignIn } from '../authorization/login-cookie';
import { drawRandomBytes } from '../util/random';
import type { StateMetadata, StoreCallback, VerifyCallback } from './state-store';

/** What is read of a request. */
export interface SessionRequest {
  session?: Record<string, unknown> | null;
}

/** What is kept under the key, beside what others may have put there. */
interface SessionEntry {
  state?: {
    handle?: string;
    code_verifier?: string | undefined;
    state?: unknown;
    /** What the sign-in belongs to. */
    binding?: string;
    expiresAtMs?: number;
  };
}

/**
 * Keeps the state of one pending sign-in in `req.session`: what `state: true` stands for.
 *
 * passport-oauth2's own changes what it has put there. Sessions that notice only that something is assigned, such as
 * those of @fastify/secure-session, miss that: after a denial, no sign-in of that browser would ever succeed.
 */
export class SessionStateStore {
  readonly #key: string;
  readonly #needsVerifier: boolean;

  /** @param needsVerifier whether a sign-in without a PKCE verifier is none of ours */
  constructor(key: string, needsVerifier: boolean) {
    this.#key = key;
    this.#needsVerifier = needsVerifier;
  }

  store(
    req: SessionRequest,
    verifier: string | undefined,
    state: unknown,
    meta: StateMetadata,
    callback: StoreCallback,
  ): void {
    if (!req.session) {
      callback(new Error(missingSession));
      return;
    }
    const handle = drawRandomBytes(16).toString('base64url');
    req.session[this.#key] = {
      ...this.#find(req.session),
      state: {
        handle,
        code_verifier: verifier,
        state,
        binding: toBinding(meta),
        expiresAtMs: Date.now() + defaultMaxAgeMs,
      },
    };
    callback(null, handle);
  }

  verify(req: SessionRequest, providedState: string | undefined, meta: StateMetadata, callback: VerifyCallback): void {
    if (!req.session) {
      callback(new Error(missingSession));
      return;
    }
    const { state: login, ...others } = this.#find(req.session);
    const isOurs = login?.binding === toBinding(meta) && Boolean(login.code_verifier || !this.#needsVerifier);
    // A stranger's link uses nothing up.
    if (!login?.handle || login.handle !== providedState || !isOurs) {
      callback(null, false, { message: unknownSignIn, code: 'unknown_state' });
      return;
    }
    if (!(Number(login.expiresAtMs) > Date.now())) {
      callback(null, false, { message: expiredSignIn, code: 'expired_state' });
      return;
    }
    // Deleting alone is not noticed everywhere either.
    req.session[this.#key] = others;
    if (Object.keys(others).length === 0) delete req.session[this.#key];
    callback(null, login.code_verifier ?? true, login.state);
  }

  #find(session: Record<string, unknown>): SessionEntry {
    const found = session[this.#key];
    return typeof found === 'object' && found !== null ? found : {};
  }
}

function toBinding({ authorizationURL, clientID, callbackURL }: StateMetadata): string {
  return JSON.stringify([authorizationURL, clientID, callbackURL]);
}

const missingSession =
  'The option `state: true` requires session support: set up a session, such as express-session, in front of Passport.';
