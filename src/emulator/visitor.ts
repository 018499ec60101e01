import { isLoopbackHost } from './http/loopback';

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly hostname: string;
  readonly path: string;
  readonly isSecure: boolean;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** More redirects than this are a loop. */
const REDIRECT_LIMIT = 20;

/**
 * As much of a browser as a test of a sign-in needs: it keeps cookies, and follows redirects when asked to.
 *
 * A cookie goes back to the host that set it, on any port, as in browsers; below its `Path`, until it expires,
 * and if it is `Secure` to https and to this machine only. `Domain` and `SameSite` are ignored: whether a cookie
 * survives a redirect from another site is for a test in a real browser. Each visitor is a browser of its own.
 *
 * @example
 * const visitor = new Visitor();
 * const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
 * const page = await visitor.open(await emulator.authorize(authorizationURL));
 */
export class Visitor {
  #cookies: Cookie[] = [];

  /**
   * One request, with the cookies that belong to it. A redirect is returned, not followed.
   *
   * @param init as for `fetch`, for example `{ method: 'POST', body: new URLSearchParams({ … }) }`
   * @throws {TypeError} as `fetch` does, when there is no response.
   */
  async fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const target = new URL(url);
    const headers = new Headers(init.headers);
    const cookie = this.#selectCookies(target);
    if (cookie !== '') headers.set('Cookie', cookie);
    const response = await fetch(target, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#setCookie(line, target);
    return response;
  }

  /** `fetch` with GET. */
  async get(url: string | URL): Promise<Response> {
    return this.fetch(url);
  }

  /**
   * Where a redirect leads, as an absolute URL.
   *
   * @throws {Error} when the response is not a redirect, with its status.
   */
  async getLocation(url: string | URL): Promise<string> {
    const response = await this.fetch(url);
    await response.text();
    const location = toLocation(response, url);
    if (location !== undefined) return location;
    throw new Error(`${new URL(url).pathname} answered ${response.status} instead of a redirect.`);
  }

  /**
   * The text of the page at the end of any redirects.
   *
   * @throws {Error} after more than 20 redirects.
   */
  async open(url: string | URL): Promise<string> {
    let location: string | undefined = String(url);
    for (let count = 0; count <= REDIRECT_LIMIT; count += 1) {
      const response: Response = await this.fetch(location);
      const text = await response.text();
      const next = toLocation(response, location);
      if (next === undefined) return text;
      location = next;
    }
    throw new Error(`${new URL(url).pathname} led to more than ${REDIRECT_LIMIT} redirects.`);
  }

  #selectCookies({ protocol, hostname, pathname }: URL): string {
    const isTrustworthy = protocol === 'https:' || isLoopbackHost(hostname);
    return this.#cookies
      .filter((cookie) => cookie.hostname === hostname && cookie.expiresAt > Date.now())
      .filter((cookie) => isTrustworthy || !cookie.isSecure)
      .filter(({ path }) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')))
      .sort((one, other) => other.path.length - one.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  /** RFC 6265, section 5. */
  #setCookie(line: string, { hostname, pathname }: URL): void {
    const [pair = '', ...rest] = line.split(';');
    const [name = '', value = ''] = splitPair(pair);
    const attributes = new Map(rest.map(splitPair).map(([attribute, setting]) => [attribute.toLowerCase(), setting]));
    const path = attributes.get('path') ?? '';
    const cookie = {
      name,
      value,
      hostname,
      path: path.startsWith('/') ? path : pathname.slice(0, Math.max(1, pathname.lastIndexOf('/'))),
      isSecure: attributes.has('secure'),
      expiresAt: readExpiry(attributes),
    };
    const isSame = (other: Cookie) => other.name === name && other.hostname === hostname && other.path === cookie.path;
    this.#cookies = this.#cookies.filter((other) => !isSame(other));
    this.#cookies.push(cookie);
  }
}

function splitPair(text: string): [name: string, value: string] {
  const [name = '', ...value] = text.split('=');
  return [name.trim(), value.join('=').trim()];
}

/** `Max-Age` takes precedence over `Expires`; what cannot be read does not expire. */
function readExpiry(attributes: ReadonlyMap<string, string>): number {
  const seconds = attributes.get('max-age') ?? '';
  if (/^-?\d+$/.test(seconds)) return Date.now() + Number(seconds) * 1000;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
}

function toLocation(response: Response, url: string | URL): string | undefined {
  const location = response.headers.get('location');
  const isRedirect = [301, 302, 303, 307, 308].includes(response.status);
  return isRedirect && location !== null ? new URL(location, url).href : undefined;
}
