/**
 * `base` with `parameters` as its query. Spaces become `%20`: Metafy does not take `+` between scopes (seen in
 * production).
 *
 * @see RFC 6749, section 4.1.1
 */
export function buildAuthorizationURL(base: string, parameters: Record<string, unknown>): string {
  let url = base;
  let separator = base.includes('?') ? '&' : '?';
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null) continue;
    url += `${separator}${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`;
    separator = '&';
  }
  return url;
}
