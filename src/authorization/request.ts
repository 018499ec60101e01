import { createHash, hash } from 'node:crypto';
import { escape as encode } from 'node:querystring';
import { requireString } from '../util/assert';
import { drawRandomBytes } from '../util/random';

/** @see RFC 7636, section 4.1: 32 random octets, base64url-encoded into 43 characters */
export function createCodeVerifier(): string {
  return drawRandomBytes(32).toString('base64url');
}

/** @see RFC 7636, section 4.2 (`S256`) */
export function createCodeChallenge(codeVerifier: string): string {
  // `hash` takes 0.2 µs instead of 0.56, 4% of what a redirect costs in the strategy. Node.js 20.12 brought it.
  return hash?.('sha256', codeVerifier, 'base64url') ?? createHash('sha256').update(codeVerifier).digest('base64url');
}

/**
 * `base` with `parameters` as its query. Spaces become `%20`: Metafy does not take `+` between scopes (seen in
 * production). A parameter whose value is a list is repeated.
 *
 * @see RFC 6749, section 4.1.1; RFC 8707, section 2.1, for a list
 */
export function buildAuthorizationURL(base: string, parameters: Record<string, unknown>): string {
  let url = base;
  let separator = base.includes('?') ? '&' : '?';
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      if (value === undefined || value === null) continue;
      // As `encodeURIComponent`, and quicker: together 5% of what a redirect costs in the strategy.
      url += `${separator}${encode(name)}=${encode(String(value))}`;
      separator = '&';
    }
  }
  return url;
}

/**
 * A callback URL as an option: absolute, or a path from the root that is resolved against the request.
 *
 * @throws TypeError naming the option
 * @see RFC 6749, section 3.1.2
 */
export function requireCallbackURL(callbackURL: unknown): string {
  const url = requireString('callbackURL', callbackURL);
  const isUsable = isAbsoluteURL(url) ? URL.canParse(url) : url.startsWith('/');
  if (!isUsable || url.includes('#')) {
    throw new TypeError(
      'option `callbackURL` must be an absolute http(s) URL or a path that begins with a slash, without a fragment',
    );
  }
  return url;
}

export function isAbsoluteURL(url: string): boolean {
  return /^https?:\/\//i.test(url);
}
