/** Metafy's own server. */
export const defaultBaseURL = 'https://metafy.gg';

/** What a sign-in needs (Metafy's documentation). */
export const defaultScope = 'profile';

/**
 * The URLs below one base URL.
 *
 * `authorization`, `token` and `revocation` are documented by Metafy; `profile` is seen in production.
 */
export interface MetafyEndpoints {
  authorization: string;
  token: string;
  revocation: string;
  profile: string;
}

/** @throws TypeError when `baseURL` is unusable; see `checkEndpoint` */
export function deriveEndpoints(baseURL: string = defaultBaseURL): MetafyEndpoints {
  const base = checkEndpoint('baseURL', baseURL).replace(/\/$/, '');
  return {
    authorization: `${base}/auth/authorize`,
    token: `${base}/irk/oauth/token`,
    revocation: `${base}/irk/oauth/revoke`,
    profile: `${base}/irk/api/v1/me`,
  };
}

/**
 * Returns `url` when secrets may be sent there: https, or http on this machine, without credentials, fragment
 * or, unless allowed, query.
 *
 * @throws TypeError naming `option`
 */
export function checkEndpoint(option: string, url: unknown, allow: { query?: boolean } = {}): string {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError(`option \`${option}\` must be an absolute https URL, such as ${defaultBaseURL}`);
  }
  if (parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) {
    throw new TypeError(
      `option \`${option}\` must be an https URL, since secrets travel to it (http is for loopback hosts only)`,
    );
  }
  // Looked for in `href`: `hash` and `search` are empty for a bare `#` and `?`.
  const hasTail = parsed.href.includes('#') || (parsed.href.includes('?') && !allow.query);
  if (parsed.username || parsed.password || hasTail) {
    throw new TypeError(`option \`${option}\` must be a URL without credentials, query and fragment`);
  }
  return parsed.href;
}

/** @see RFC 6761, section 6.3 (`localhost.`); RFC 8252, section 8.3 */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:[^.]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
