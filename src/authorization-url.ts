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
      url += `${separator}${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`;
      separator = '&';
    }
  }
  return url;
}
