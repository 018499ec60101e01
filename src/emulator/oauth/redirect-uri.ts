import { isLoopbackAddress } from '../http/loopback';

/**
 * Whether a requested redirect URI is one that was registered.
 *
 * As Doorkeeper compares them: they are equal but for the query, which is free unless one was registered, and
 * but for the port when both are on a loopback address.
 *
 * @see RFC 8252, section 7.3
 */
export function matchesRedirectURI(requested: string, registered: string): boolean {
  if (!URL.canParse(requested) || requested.includes('#')) return false;
  const wanted = new URL(requested);
  const known = new URL(registered);
  if (known.search !== '' && sortedQuery(known) !== sortedQuery(wanted)) return false;
  for (const url of [wanted, known]) url.search = '';
  if (isLoopbackAddress(wanted.hostname) && isLoopbackAddress(known.hostname)) {
    for (const url of [wanted, known]) url.port = '';
  }
  return wanted.href === known.href;
}

function sortedQuery(url: URL): string {
  return url.search.slice(1).split('&').sort().join('&');
}
