import { parse } from 'node:querystring';
import { MetafyOAuthError, MetafySignInError } from '../errors';
import { isAbsoluteURL } from './request';

/**
 * What Metafy sent back through the browser.
 *
 * @see RFC 6749, sections 4.1.2 and 4.1.2.1. `iss` (RFC 9207) is ignored: Metafy does not send it.
 */
export interface AuthorizationResponse {
  code?: string;
  state?: string;
  error?: string;
  error_description?: string;
  error_uri?: string;
}

/** The longest value of each parameter, in characters. Metafy's codes have 43. */
const maxLengths = new Map([
  ['code', 2048],
  ['state', 4096],
  ['error', 200],
  ['error_description', 2000],
  ['error_uri', 2000],
]);

/**
 * Reads an authorization response, whose parameters are hostile until shown otherwise; `undefined` for a request that has
 * none of them, which starts a sign-in.
 *
 * @param source a parsed query or form
 * @throws MetafySignInError `malformed_response` for what no authorization server sends
 */
export function parseAuthorizationResponse(source: Record<string, unknown>): AuthorizationResponse | undefined {
  const response: Record<string, string> = {};
  for (const key of Object.keys(source)) {
    // Express 5 leaves `code[]` as it is, Express 4 makes an array of it: neither is a code.
    const name = key.split('[', 1)[0] as string;
    const maxLength = maxLengths.get(name);
    if (maxLength === undefined) continue;
    const value = source[key];
    if (key !== name || typeof value !== 'string') throw malformed(`\`${name}\` must be given once.`);
    if (value.length > maxLength) throw malformed(`\`${name}\` is too long.`);
    if (/\p{Cc}/u.test(value)) throw malformed(`\`${name}\` has characters it cannot have.`);
    response[name] = value;
  }
  if (Object.keys(response).length === 0) return undefined;
  // Also for `state` alone: starting another sign-in would bring the browser back here, without end.
  if (!response.code && !response.error) throw malformed('There is neither `code` nor `error`.');
  return response;
}

/** The parameters in the query of `url`, which may be a path. */
export function parseQuery(url: string | undefined): Record<string, unknown> {
  const start = url?.indexOf('?') ?? -1;
  return start < 0 ? {} : parse((url as string).slice(start + 1));
}

/**
 * Turns a prefetched callback away. It would use the code up, and the person's own request would fail.
 *
 * @param readHeader gives a header by its lower-case name
 * @throws MetafySignInError `malformed_response`
 * @see the Fetch standard on `Sec-Purpose`; the others are what older browsers send
 */
export function rejectPrefetch(readHeader: (name: string) => unknown): void {
  const purposes = ['sec-purpose', 'purpose', 'x-moz'].map(readHeader);
  if (/\bprefetch\b/i.test(purposes.join())) throw malformed('The end of a sign-in cannot be prefetched.');
}

/** The application asked for something wrong, or the server has a problem: for its log, not for the person. */
const serverErrors = new Set([
  'invalid_request',
  'unauthorized_client',
  'unsupported_response_type',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
]);

/**
 * Throws the `error` of an authorization response, if there is one.
 *
 * @throws MetafyOAuthError for the codes above, MetafySignInError for all others
 * @see RFC 6749, section 4.1.2.1
 */
export function throwAuthorizationError({ error, error_description, error_uri }: AuthorizationResponse): void {
  if (!error) return;
  const message = error_description || `Metafy refused the sign-in: ${error}.`;
  if (serverErrors.has(error)) {
    // Applications may put it into `href`, where `javascript:` would run.
    const uri = isAbsoluteURL(error_uri ?? '') ? error_uri : undefined;
    throw new MetafyOAuthError(message, { code: error, uri });
  }
  const code = error === 'access_denied' ? error : 'malformed_response';
  throw new MetafySignInError(message, { code, oauthCode: error });
}

/** A code that is used up or too old is the person's situation, not an outage: they open the callback a second time. */
export function classifyExchangeError(error: unknown): unknown {
  if (!(error instanceof MetafyOAuthError && error.code === 'invalid_grant')) return error;
  const { upstreamStatus } = error;
  const message = 'This sign-in has already been finished, or took too long. Please sign in again.';
  return new MetafySignInError(message, {
    code: 'stale_code',
    oauthCode: error.code,
    upstreamStatus,
    cause: error,
  });
}

function malformed(message: string): MetafySignInError {
  return new MetafySignInError(message, { code: 'malformed_response' });
}
