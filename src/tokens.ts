import { inspect } from 'node:util';
import { MetafyResponseError } from './errors';
import type { JSONObject } from './json';
import { isToken } from './options';

/**
 * Tokens as an application uses them. Plain data that may be stored as JSON; `util.inspect` and `console.log`
 * mask them.
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
  /** Metafy's answer as it came. */
  raw: TokenResponse;
}

/** @see RFC 6749, section 5.1; the example in Metafy's documentation */
export interface TokenResponse {
  access_token: string;
  token_type: string;
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
 * Checks the fields this package relies on, and no others.
 *
 * @throws MetafyResponseError `bad_body` naming the field, never its value
 */
export function checkTokenResponse(json: JSONObject, upstreamStatus?: number): TokenResponse {
  const problem = findProblem(json);
  if (problem) {
    throw new MetafyResponseError(`Metafy's token answer is unusable: ${problem}`, {
      code: 'bad_body',
      upstreamStatus,
    });
  }
  return json as TokenResponse;
}

/** @see RFC 6749, appendix A, for the characters of each field */
function findProblem(json: JSONObject): string | undefined {
  const { access_token, token_type, expires_in, refresh_token, scope } = json;
  if (!isToken(access_token)) return '`access_token` is not a string of printable characters';
  if (typeof token_type !== 'string' || token_type.toLowerCase() !== 'bearer')
    return '`token_type` is not Bearer';
  if (expires_in != null && !isLifetime(expires_in)) return '`expires_in` is not a number of seconds';
  if (refresh_token != null && !isToken(refresh_token))
    return '`refresh_token` is not a string of printable characters';
  if (scope != null && typeof scope !== 'string') return '`scope` is not a string';
  return undefined;
}

function isLifetime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
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

/** How far two machines' clocks may differ, in milliseconds. */
const clockToleranceMs = 60_000;

/**
 * Whether the access token works for longer than `marginMs`. One that would work for longer than tokens do was
 * received before the clock was set back, and nobody knows when it expires.
 */
export function isFresh({ expiresAt, raw }: MetafyTokens, marginMs: number): boolean {
  const remainingMs = expiresAt.getTime() - Date.now();
  // Tokens may have been stored by an older version or by hand, with any JSON in `raw`.
  const lifetimeSeconds = isLifetime(raw?.expires_in) ? raw.expires_in : documentedLifetimeSeconds;
  const lifetimeMs = lifetimeSeconds * 1000;
  return remainingMs > marginMs && remainingMs <= lifetimeMs + clockToleranceMs;
}

/** Tokens from JSON that this package wrote; `undefined` when they are not. */
export function checkStoredTokens(json: JSONObject | undefined): MetafyTokens | undefined {
  // `String(json.expiresAt)` would throw for an object whose `toString` is not a function.
  const expiresAt = new Date(typeof json?.expiresAt === 'string' ? json.expiresAt : Number.NaN);
  const isUsable =
    json && isToken(json.accessToken) && (json.refreshToken === undefined || isToken(json.refreshToken));
  if (!isUsable || !Array.isArray(json.scope) || Number.isNaN(expiresAt.getTime())) return undefined;
  return maskInspection({ ...json, expiresAt } as MetafyTokens);
}

/** @see RFC 6749, section 3.3 */
export function splitScope(scope: string | readonly string[]): string[] {
  const words = typeof scope === 'string' ? scope.split(' ') : [...scope];
  return words.filter((word) => word !== '');
}

// A hidden method, so that the tokens stay plain data for JSON, spread and comparison.
function maskInspection(tokens: MetafyTokens): MetafyTokens {
  return Object.defineProperty(tokens, inspect.custom, { value: describeTokens });
}

function describeTokens(this: MetafyTokens): object {
  const mask = '[masked]';
  const { scope, expiresAt, tokenType } = this;
  return { accessToken: mask, ...(this.refreshToken && { refreshToken: mask }), tokenType, scope, expiresAt };
}
