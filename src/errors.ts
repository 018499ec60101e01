/** What every error of this package carries beside its `message`. */
export interface MetafyErrorDetails {
  /** Stable, machine-readable reason. */
  code: string;
  /** The HTTP status that Metafy answered, when it answered. */
  upstreamStatus?: number | undefined;
  /** How long Metafy asked to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** What went wrong underneath. */
  cause?: unknown;
}

/**
 * The one table from an error's `code` to the HTTP status that an application answers. A code that is not here gets the
 * status of a gateway when Metafy answered (see `chooseStatus`), and 500 when it did not: then the application has asked
 * for something wrong.
 *
 * @see RFC 9110, section 15; RFC 6750, section 3.1, for `insufficient_scope`
 */
const statuses = new Map([
  // The person's own situation.
  ['malformed_response', 400],
  ['access_denied', 401],
  ['login_required', 401],
  ['unknown_state', 403],
  ['expired_state', 403],
  ['stale_code', 403],
  ['insufficient_scope', 403],
  ['no_access', 403],
  // Metafy's.
  ['server_error', 502],
  ['temporarily_unavailable', 503],
  ['timeout', 504],
]);

function chooseStatus(code: string, upstreamStatus: number | undefined, unanswered: number): number {
  const status = statuses.get(code);
  if (status !== undefined) return status;
  // Never Metafy's own 4xx, which would blame the application's user.
  if (upstreamStatus === 429 || upstreamStatus === 503) return 503;
  if (upstreamStatus === 504) return 504;
  return upstreamStatus === undefined ? unanswered : 502;
}

/**
 * The base class of every error that this package throws, other than `TypeError` for wrong options.
 *
 * No message or property of one ever holds a client secret, a token or an authorization code.
 */
export abstract class MetafyError extends Error {
  /** Stable, machine-readable reason: an OAuth error code, or one of the codes that the subclass lists. */
  readonly code: string;
  /** The HTTP status that an application answers; Express and Koa use it as it is. */
  readonly status: number;
  /** The same number, under the name that Fastify and Nest use. */
  readonly statusCode: number;
  /** The HTTP status that Metafy answered; `undefined` when no answer arrived. */
  readonly upstreamStatus: number | undefined;
  /** How long Metafy asked to wait (`Retry-After`), in milliseconds; `undefined` when it did not. */
  readonly retryAfterMs: number | undefined;

  /** @param unansweredStatus the status for a code that is not in the table, when Metafy did not answer */
  constructor(message: string, details: MetafyErrorDetails, unansweredStatus = 500) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.status = chooseStatus(details.code, details.upstreamStatus, unansweredStatus);
    this.statusCode = this.status;
    this.upstreamStatus = details.upstreamStatus;
    this.retryAfterMs = details.retryAfterMs;
  }

  /**
   * Whether `message` may be shown to the person: below 500. Nest uses `statusCode` only where this is there, and Koa answers
   * with `message` where it is true.
   *
   * @see the package http-errors
   */
  get expose(): boolean {
    return this.status < 500;
  }
}

/**
 * Metafy refused: at the token endpoint, in the API's `WWW-Authenticate`, or in the authorization response. `code` is the
 * OAuth error code: `invalid_grant`, `invalid_client`, `invalid_scope`, `invalid_token`, …. This package adds two that it
 * finds out by itself: `login_required` (401) and `insufficient_scope` (403), where the person has to sign in again.
 *
 * @see RFC 6749, sections 4.1.2.1 and 5.2; RFC 6750, section 3
 */
export class MetafyOAuthError extends MetafyError {
  /** A page about the error (`error_uri`), if Metafy named one. */
  readonly uri: string | undefined;

  constructor(message: string, details: MetafyErrorDetails & { uri?: string | undefined }) {
    super(message, details);
    this.uri = details.uri;
  }
}

/** Why there was no usable answer. */
export type MetafyResponseErrorCode = 'timeout' | 'network' | 'bad_status' | 'bad_body' | 'too_large';

/**
 * Metafy gave no usable answer. `code` says why:
 * - `timeout` (504): no complete answer within `timeoutMs`
 * - `network`: no connection, or it broke (DNS, TCP, TLS, a truncated answer)
 * - `bad_status`: a status that is not a success, without an OAuth error code
 * - `bad_body`: a success whose body is not what Metafy documents
 * - `too_large`: a body above 1 MiB
 *
 * `status` is 503 when Metafy answered 429 or 503, 504 when it answered 504 or not in time, and 502 otherwise.
 */
export class MetafyResponseError extends MetafyError {
  declare readonly code: MetafyResponseErrorCode;

  constructor(message: string, details: MetafyErrorDetails & { code: MetafyResponseErrorCode }) {
    // Metafy's fault, also when it did not answer.
    super(message, details, 502);
  }
}

/** Why nobody was signed in. */
export type MetafySignInErrorCode =
  | 'access_denied'
  | 'unknown_state'
  | 'expired_state'
  | 'stale_code'
  | 'malformed_response';

/**
 * Nobody was signed in, and nothing is broken: it is the person's own situation. `message` may be shown to them. `code`
 * says why:
 * - `access_denied` (401): the person declined at Metafy
 * - `unknown_state` (403): the sign-in was not started in this browser, or it is already finished
 * - `expired_state` (403): the person took too long
 * - `stale_code` (403): the authorization code has been used, or is too old; a callback that was opened twice, for example
 * - `malformed_response` (400): the request is nothing that an authorization server sends a browser to
 *
 * With Passport it ends in `fail`, not in an error.
 */
export class MetafySignInError extends MetafyError {
  declare readonly code: MetafySignInErrorCode;
  /** The OAuth error code behind it, where Metafy gave one: `access_denied`, `invalid_grant`, …. */
  readonly oauthCode: string | undefined;
  /** The headers that belong on whatever the application answers: `Set-Cookie`, `Cache-Control`. Only from `MetafySignIn`. */
  declare headers: Headers | undefined;

  constructor(
    message: string,
    details: MetafyErrorDetails & { code: MetafySignInErrorCode; oauthCode?: string | undefined },
  ) {
    super(message, details);
    this.oauthCode = details.oauthCode;
  }
}

/** The person may not see this: Metafy said that they do not support the community, or not in one of the tiers. */
export class MetafyAccessError extends MetafyError {
  declare readonly code: 'no_access';
  /** The community that was asked about. */
  readonly communityId: string;
  /** The tiers that open the door; `undefined` when any does. */
  readonly tierIds: readonly string[] | undefined;

  constructor(message: string, details: { communityId: string; tierIds?: readonly string[] | undefined }) {
    super(message, { code: 'no_access' });
    this.communityId = details.communityId;
    this.tierIds = details.tierIds;
  }
}

// On the prototypes, where the language's own errors have theirs: an error is printed with its own fields only.
for (const [name, type] of Object.entries({
  MetafyError,
  MetafyOAuthError,
  MetafyResponseError,
  MetafySignInError,
  MetafyAccessError,
})) {
  Object.defineProperty(type.prototype, 'name', { value: name, writable: true });
}

/**
 * Anything thrown, as something that Express takes for an error: it goes on after `next(undefined)` as if nothing had
 * happened, and skips handlers after `next('route')`.
 */
export function ensureError(thrown: unknown): object {
  if (typeof thrown === 'object' && thrown !== null) return thrown;
  return new Error(`The sign-in failed with what is not an error but ${typeof thrown}`, { cause: thrown });
}
