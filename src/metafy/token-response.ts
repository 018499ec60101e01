import { inspect } from 'node:util';
import { MetafyResponseError } from '../errors';
import { isToken, tokenRule } from '../util/assert';
import type { JSONObject } from '../util/json';

/**
 * Tokens as an application uses them. Plain data that may be stored as JSON; `util.inspect` and `console.log` mask them
 * (`console.dir`, `structuredClone` and an assertion's error message do not).
 */
export interface MetafyTokens {
  /** Opaque; sent as `Authorization: Bearer …`. */
  accessToken: string;
  /** Absent for client credentials. Metafy replaces it at every refresh: store the newest. */
  refreshToken?: string | undefined;
  /** Always `Bearer`, in Metafy's spelling. */
  tokenType: string;
  /** The scopes granted, which may differ from those asked for. */
  scope: string[];
  /** When the access token stops working, counted from when the answer arrived on this machine's clock. */
  expiresAt: Date;
  /** Metafy's answer. */
  raw: TokenResponse;
}

/** @see RFC 6749, section 5.1; the example in Metafy's documentation */
export interface TokenResponse {
  access_token: string;
  token_type: string;
  /** In seconds. */
  expires_in?: number | undefined;
  refresh_token?: string | undefined;
  scope?: string | undefined;
  [extension: string]: unknown;
}

/** What Metafy documents for `expires_in`, in seconds; used when an answer has none. */
const documentedLifetimeSeconds = 7200;

/** The latest time a `Date` can hold (ECMA-262, section 21.4.1.1). */
const latestTimeMs = 8.64e15;

/**
 * Checks the fields this package relies on, and no others. Digits in a string are read as a number, and an empty
 * `refresh_token` as none.
 *
 * @throws MetafyResponseError `bad_body` naming the field, never its value
 * @see RFC 6749, appendix A, for the characters of each field
 */
export function parseTokenResponse(json: JSONObject, upstreamStatus?: number): TokenResponse {
  const { access_token, token_type, refresh_token, scope } = json;
  const hasDigits = typeof json.expires_in === 'string' && /^\d+$/.test(json.expires_in);
  const expires_in = hasDigits ? Number(json.expires_in) : json.expires_in;
  const hasRefreshToken = refresh_token != null && refresh_token !== '';
  const rules: [field: string, isUsable: boolean, rule: string][] = [
    ['access_token', isToken(access_token), tokenRule],
    ['token_type', typeof token_type === 'string' && token_type.toLowerCase() === 'bearer', '`Bearer`'],
    ['expires_in', expires_in == null || (typeof expires_in === 'number' && expires_in >= 0), 'a number of seconds'],
    ['refresh_token', !hasRefreshToken || isToken(refresh_token), tokenRule],
    ['scope', scope == null || typeof scope === 'string', 'a string'],
  ];
  const problem = rules.find(([, isUsable]) => !isUsable);
  if (problem) {
    throw new MetafyResponseError(`Metafy's token answer has an unusable \`${problem[0]}\`, not ${problem[2]}`, {
      code: 'bad_body',
      upstreamStatus,
    });
  }
  const response: JSONObject = { ...json, ...(hasDigits && { expires_in }) };
  if (!hasRefreshToken) delete response.refresh_token;
  return response as TokenResponse;
}

/**
 * @param receivedAtMs when the answer arrived, in milliseconds since the epoch
 * @param requestedScope what the answer means when it names no scope (RFC 6749, section 5.1)
 */
export function toMetafyTokens(
  response: TokenResponse,
  receivedAtMs: number,
  requestedScope: string[] = [],
): MetafyTokens {
  const lifetimeMs = (response.expires_in ?? documentedLifetimeSeconds) * 1000;
  return maskInspection({
    accessToken: response.access_token,
    ...(response.refresh_token != null && { refreshToken: response.refresh_token }),
    tokenType: response.token_type,
    scope: response.scope == null ? requestedScope : splitScope(response.scope),
    expiresAt: new Date(Math.min(receivedAtMs + lifetimeMs, latestTimeMs)),
    raw: response,
  });
}

/** Whether the access token works for longer than `marginMs`. */
export function isFresh({ expiresAt }: MetafyTokens, marginMs: number): boolean {
  return expiresAt.getTime() - Date.now() > marginMs;
}

/** Tokens from JSON that this package wrote, which it changes into them; `undefined` when they are not. */
export function parseStoredTokens(json: JSONObject): MetafyTokens | undefined {
  // `String(json.expiresAt)` would throw for an object whose `toString` is not a function.
  const expiresAt = new Date(typeof json.expiresAt === 'string' ? json.expiresAt : Number.NaN);
  const isUsable = isToken(json.accessToken) && (json.refreshToken === undefined || isToken(json.refreshToken));
  if (!isUsable || !Array.isArray(json.scope) || Number.isNaN(expiresAt.getTime())) return undefined;
  json.expiresAt = expiresAt;
  return maskInspection(json as unknown as MetafyTokens);
}

/** @see RFC 6749, section 3.3 */
export function splitScope(scope: string | readonly string[]): string[] {
  const words = typeof scope === 'string' ? scope.split(' ') : [...scope];
  return words.filter((word) => word !== '');
}

const masking = { value: describeTokens };

// A hidden method, so that the tokens stay plain data for JSON, spread and comparison.
function maskInspection(tokens: MetafyTokens): MetafyTokens {
  return Object.defineProperty(tokens, inspect.custom, masking);
}

function describeTokens(this: MetafyTokens): object {
  const mask = '[masked]';
  const { scope, expiresAt, tokenType } = this;
  return { accessToken: mask, ...(this.refreshToken && { refreshToken: mask }), tokenType, scope, expiresAt };
}
