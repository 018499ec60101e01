import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'cookie';

/** What is read of a request. The response is at `res` with Express, at `ctx.res` with koa-passport. */
export type LoginRequest = IncomingMessage & {
  res?: ServerResponse;
  ctx?: { res?: ServerResponse };
  secure?: boolean;
};

/** More pending logins than this are not kept for one browser. */
const maxPendingLogins = 5;
/** Browsers keep cookies up to 4096 bytes, attributes included (RFC 6265, section 6.1). */
const maxCookieBytes = 3800;
/** All pending logins together: request headers stay below the common limit of 8 KiB. */
const maxTotalBytes = 5000;
/** Response headers have limits as well; what is left goes next time, or expires. */
const maxCleared = 20;

const handlePattern = /^[\w-]{22}$/;

/**
 * The name of a login's cookie; `undefined` when `handle` was not made here. On https it has the `__Host-`
 * prefix, which a sibling subdomain cannot set.
 *
 * @see RFC 6265bis, section 4.1.3.2
 */
export function nameLoginCookie(req: LoginRequest, callbackURL: string, handle: unknown): string | undefined {
  if (typeof handle !== 'string' || !handlePattern.test(handle)) return undefined;
  return prefixOf(req, callbackURL) + handle;
}

export function readLoginCookie(req: LoginRequest, name: string): string | undefined {
  return parse(req.headers.cookie ?? '')[name];
}

/**
 * Sets a login's cookie and clears the oldest ones beyond what a browser should carry.
 *
 * @param value begins with its expiry, in milliseconds since the epoch in base 36, and a dot
 * @throws TypeError when the cookie is too large for a browser
 */
export function setLoginCookie(req: LoginRequest, name: string, value: string, maxAgeMs: number): void {
  const bytes = name.length + value.length;
  if (bytes > maxCookieBytes) {
    throw new TypeError(
      `the login's cookie would have ${bytes} bytes, above ${maxCookieBytes}: make \`state\` smaller, an id for example`,
    );
  }
  const cleared = chooseCleared(req, name.slice(0, -22), bytes).map((old) => serializeCookie(old, '', 0));
  const cookie = serializeCookie(name, value, Math.ceil(maxAgeMs / 1000));
  setCookies(req, cleared.length > 0 ? [...cleared, cookie] : cookie);
}

export function clearLoginCookie(req: LoginRequest, name: string): void {
  setCookies(req, serializeCookie(name, '', 0));
}

function prefixOf(req: LoginRequest, callbackURL: string): string {
  const isSecure =
    /^https:/i.test(callbackURL) ||
    req.secure === true ||
    (req.socket as { encrypted?: boolean } | undefined)?.encrypted === true;
  return `${isSecure ? '__Host-' : ''}metafy-login-`;
}

/** The pending logins to drop, oldest first, so that one of `bytes` more has room. */
function chooseCleared(req: LoginRequest, prefix: string, bytes: number): string[] {
  const header = req.headers.cookie;
  // Most browsers have no login pending.
  if (!header?.includes(prefix)) return [];
  const pending = Object.entries(parse(header))
    .filter(([name]) => name.startsWith(prefix) && handlePattern.test(name.slice(prefix.length)))
    .map(([name, value = '']) => ({
      name,
      bytes: name.length + value.length,
      expiresAtMs: readExpiry(value),
    }))
    .sort((a, b) => a.expiresAtMs - b.expiresAtMs);

  const cleared: string[] = [];
  let count = pending.length + 1;
  let total = pending.reduce((sum, login) => sum + login.bytes, bytes);
  for (const login of pending) {
    const isExpired = login.expiresAtMs <= Date.now();
    if (!isExpired && count <= maxPendingLogins && total <= maxTotalBytes) break;
    cleared.push(login.name);
    count -= 1;
    total -= login.bytes;
  }
  return cleared.slice(0, maxCleared);
}

/** Only to order cookies by age: what has been sealed is what counts. */
export function readExpiry(value: string): number {
  const expiresAtMs = Number.parseInt(value.slice(0, value.indexOf('.')), 36);
  return Number.isNaN(expiresAtMs) ? 0 : expiresAtMs;
}

// By hand, since every character of the name and the value is ours and a cookie may have it (RFC 6265, section 4.1.1).
// The library's checks of them were a sixth of the strategy's part of a redirect.
function serializeCookie(name: string, value: string, maxAge: number): string {
  const secure = name.startsWith('__Host-') ? ' Secure;' : '';
  return `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly;${secure} SameSite=Lax`;
}

function setCookies({ res, ctx }: LoginRequest, cookies: string | string[]): void {
  // koa-passport has a `res` as well, a stand-in that cannot append.
  const response = typeof res?.appendHeader === 'function' ? res : ctx?.res;
  if (typeof response?.appendHeader !== 'function') {
    throw new Error(
      'CookieStateStore needs `req.res`, the response, as Express sets it. In another framework set it before ' +
        '`passport.authenticate` runs, or pass `state: true` (the state is kept in the session) or a `store` of your ' +
        'own to the strategy.',
    );
  }
  response.appendHeader('Set-Cookie', cookies);
}
