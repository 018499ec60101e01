import { TokenError } from 'passport-oauth2';

/** What every error of this package carries beside its `message` and `code`. */
export interface MetafyErrorDetails {
  /** Stable, machine-readable reason. */
  code: string;
  /** The HTTP status an application should answer; Express uses it as it is. */
  status: number;
  /** The HTTP status that Metafy answered, when it answered. */
  upstreamStatus?: number | undefined;
  /** How long Metafy asked to wait, in milliseconds, when it said so with 429 or 503. */
  retryAfterMs?: number | undefined;
  /** What went wrong underneath. */
  cause?: unknown;
}

/**
 * The common shape of `MetafyOAuthError` and `MetafyResponseError`; `instanceof MetafyError` is true for both.
 *
 * No message or property of either ever holds a client secret, a token or an authorization code.
 */
export abstract class MetafyError extends Error {
  /** Stable, machine-readable reason: an OAuth error code or one of `MetafyResponseErrorCode`. */
  abstract readonly code: string;
  /** The HTTP status an application should answer: 502, 503 or 504, and 401 for `login_required`. */
  abstract readonly status: number;
  /** The HTTP status that Metafy answered; `undefined` when no answer arrived. */
  abstract readonly upstreamStatus: number | undefined;
  /** How long Metafy asked to wait, in milliseconds (`Retry-After`); `undefined` when it did not. */
  abstract readonly retryAfterMs: number | undefined;

  /** Makes `instanceof MetafyError` true for `MetafyOAuthError` as well. */
  // MetafyOAuthError descends from passport-oauth2's TokenError and cannot descend from this class as well.
  // biome-ignore-start lint/complexity/noThisInStatic: subclasses inherit this method and must not widen
  static override [Symbol.hasInstance](value: unknown): boolean {
    const descends = Function.prototype[Symbol.hasInstance].call(this, value);
    return descends || (this === MetafyError && value instanceof MetafyOAuthError);
  }
  // biome-ignore-end lint/complexity/noThisInStatic: subclasses inherit this method and must not widen
}

/**
 * Metafy understood the request and refused it. `code` is the OAuth error code: `invalid_grant`,
 * `invalid_client`, `invalid_scope`, `invalid_token`, …; `MetafyUserTokens` adds `login_required`.
 *
 * @see RFC 6749, section 5.2 (token endpoint); RFC 6750, section 3 (`WWW-Authenticate` of the API)
 */
export class MetafyOAuthError extends TokenError implements MetafyError {
  readonly upstreamStatus: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: MetafyErrorDetails & { uri?: string | undefined }) {
    super(message, details.code, details.uri, details.status);
    this.upstreamStatus = details.upstreamStatus;
    this.retryAfterMs = details.retryAfterMs;
    defineCause(this, details.cause);
  }
}

/** Why there was no usable answer. */
export type MetafyResponseErrorCode = 'timeout' | 'network' | 'bad_status' | 'bad_body' | 'too_large';

/**
 * Metafy gave no usable answer. `code` says why:
 * - `timeout`: no complete answer within `timeoutMs`
 * - `network`: no connection, or it broke (DNS, TCP, TLS, a truncated answer)
 * - `bad_status`: a status that is not a success, without an OAuth error code
 * - `bad_body`: a success whose body is not what Metafy documents
 * - `too_large`: a body above 1 MiB
 */
export class MetafyResponseError extends MetafyError {
  readonly code: MetafyResponseErrorCode;
  readonly status: number;
  readonly upstreamStatus: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    details: Omit<MetafyErrorDetails, 'code' | 'status'> & { code: MetafyResponseErrorCode },
  ) {
    super(message);
    this.name = 'MetafyResponseError';
    this.code = details.code;
    this.status = details.code === 'timeout' ? 504 : toApplicationStatus(details.upstreamStatus);
    this.upstreamStatus = details.upstreamStatus;
    this.retryAfterMs = details.retryAfterMs;
    defineCause(this, details.cause);
  }
}

/**
 * What an application should answer when Metafy answered `upstreamStatus`: it is a gateway to Metafy here, so
 * never Metafy's own 4xx, which would blame the application's user.
 *
 * @see RFC 9110, section 15.6
 */
export function toApplicationStatus(upstreamStatus: number | undefined): 502 | 503 | 504 {
  if (upstreamStatus === 429 || upstreamStatus === 503) return 503;
  return upstreamStatus === 504 ? 504 : 502;
}

// Not enumerable, as the language's own `cause` is not.
function defineCause(error: Error, cause: unknown): void {
  if (cause === undefined) return;
  Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
}

/**
 * Anything thrown, as something Express takes for an error: it goes on after `next(undefined)` as if nothing had
 * happened, and skips handlers after `next('route')`.
 */
export function toPassable(thrown: unknown): object {
  if (typeof thrown === 'object' && thrown !== null) return thrown;
  return new Error(`The sign-in failed with what is not an error but ${typeof thrown}`, { cause: thrown });
}
