/*
 * What the documentation promises for each fault: docs/errors.md, and the decisions 2, 3, 6 and 7 of the design.
 * Nothing here is read off the code.
 */

/** How a call fails. */
export interface Failure {
  /** Absent when a sign-in ends in Passport's `fail` and not in an error. */
  code?: string;
  /** What the application answers. */
  status: number;
  /** What Metafy answered; absent when no complete answer arrived. */
  upstreamStatus?: number;
  /** In milliseconds; a date counts down, so that only its second is known. */
  retryAfterMs?: number | { above: number; atMost: number };
  /** The `code` of the error's `cause`. */
  causeCode?: string;
  /** Whether requests of the API, which alone may be, are sent three times. */
  isRetried?: boolean;
}

/** `says no` is an answer as well: that the token’s owner does not support the community. */
export type Outcome = Failure | 'succeeds' | 'says no';

/** The codes of `MetafyResponseError`; any other is a `MetafyOAuthError`'s. */
export const responseErrorCodes = ['timeout', 'network', 'bad_status', 'bad_body', 'too_large'];

/** "no complete answer within `timeoutMs`" */
export const timeout: Failure = { code: 'timeout', status: 504 };

/** "no connection, or it broke (DNS, TCP, TLS, a truncated answer)" */
export const network: Failure = { code: 'network', status: 502, isRetried: true };

/** As `network`, for the reason that Node calls `causeCode`. */
export const badCertificate = (causeCode: string): Failure => ({ ...network, causeCode });

/** "a body above 1 MiB" */
export const tooLarge: Failure = { code: 'too_large', status: 502 };

/** "a success whose body is not what Metafy documents" */
export const badBody = (upstreamStatus = 200): Failure => ({ code: 'bad_body', status: 502, upstreamStatus });

/** "a status that is not a success, without an OAuth error code" */
export const badStatus = (upstreamStatus: number, more: Partial<Failure> = {}): Failure => ({
  code: 'bad_status',
  status: toGatewayStatus(upstreamStatus),
  upstreamStatus,
  ...more,
});

/** Metafy gave an OAuth error code. */
export const oauthError = (code: string, upstreamStatus: number): Failure => ({
  code,
  status: 502,
  upstreamStatus,
});

// "`status` is what an application should answer: 502, 503, 504 …, never Metafy's 401 as our 401"
function toGatewayStatus(upstreamStatus: number): number {
  if (upstreamStatus === 429) return 503;
  return upstreamStatus === 503 || upstreamStatus === 504 ? upstreamStatus : 502;
}
