import { parse } from 'cookie';
import { MetafySignInError } from '../errors';
import { drawRandomBytes } from '../util/random';
import { Sealer } from '../util/seal';

/** What a sign-in belongs to; the same when it starts and when it finishes. */
export interface SignInContext {
  /** Identifies the authorization server. */
  authorizationURL: string;
  clientID: string;
  callbackURL: string;
}

/** What a browser sent, as far as the cookie is concerned. */
export interface CookieRequest {
  /** The `Cookie` header. */
  cookie: string | undefined;
  /** Whether the browser reached the application over https. Also assumed for a `callbackURL` on https. */
  isSecure: boolean;
}

/** A sign-in that has been opened. */
export interface PendingSignIn {
  codeVerifier: string | undefined;
  /** The application's own. */
  state: unknown;
  /** The `Set-Cookie` line that ends it. */
  clearCookie: string;
}

/** What a person may take to sign in, in milliseconds. */
export const defaultMaxAgeMs = 600_000;

/** More pending sign-ins than this are not kept for one browser. */
const maxPending = 5;
/** Browsers keep cookies up to 4096 bytes, attributes included (RFC 6265, section 6.1). */
const maxCookieBytes = 3800;
/** All pending sign-ins together: request headers stay below the common limit of 8 KiB. */
const maxTotalBytes = 5000;
/** Response headers have limits as well; what is left goes next time, or expires. */
const maxCleared = 20;

/** Sixteen random bytes in base64url. */
const handlePattern = /^[\w-]{22}$/;

/** For people, where nothing is known of the sign-in that a callback belongs to. */
export const unknownSignIn =
  'This sign-in was not started in this browser, took too long, or is already finished. Please sign in again.';
/** For people who took too long. */
export const expiredSignIn = 'This sign-in took too long. Please sign in again.';

/**
 * Keeps each pending sign-in in a sealed cookie of its own. The cookie is HttpOnly, SameSite=Lax and, on https, Secure
 * with the `__Host-` prefix, which a sibling subdomain cannot set.
 *
 * Its name ends with the `state` parameter. Sealed in it are the time when it expires, the PKCE verifier and the
 * application's state. It opens only under its name, and for the client, authorization server and callback URL it was
 * made for. It opens as often as it is shown; what can be used only once is the authorization code.
 *
 * @see RFC 6749, section 10.12; RFC 9700, section 4.7 (CSRF); RFC 6265bis, section 4.1.3.2 (`__Host-`)
 */
export class LoginCookies {
  readonly #sealer: Sealer;
  readonly #maxAgeMs: number;

  /** @param secrets the first seals, all open */
  constructor(secrets: readonly string[], maxAgeMs: number) {
    this.#sealer = new Sealer(secrets, 'login');
    this.#maxAgeMs = maxAgeMs;
  }

  /**
   * Starts a sign-in.
   *
   * @returns the `state` parameter, and the `Set-Cookie` lines: the oldest sign-ins beyond what a browser should carry are
   *   cleared
   * @throws TypeError when the cookie is too large for a browser
   */
  start(
    request: CookieRequest,
    { codeVerifier, state }: { codeVerifier: string | undefined; state: unknown },
    context: SignInContext,
  ): { handle: string; setCookies: string[] } {
    const handle = drawRandomBytes(16).toString('base64url');
    const prefix = choosePrefix(request, context);
    const name = prefix + handle;
    const text = JSON.stringify([Date.now() + this.#maxAgeMs, codeVerifier, state]);
    const value = this.#sealer.seal(text, toAdditionalData(name, context));
    const bytes = name.length + value.length;
    if (bytes > maxCookieBytes) {
      throw new TypeError(
        `the sign-in's cookie would have ${bytes} bytes, above ${maxCookieBytes}: make \`state\` smaller, an id for example`,
      );
    }
    const cleared = chooseCleared(request.cookie, prefix, bytes).map((old) => serializeCookie(old, '', 0));
    return {
      handle,
      setCookies: [...cleared, serializeCookie(name, value, Math.ceil(this.#maxAgeMs / 1000))],
    };
  }

  /**
   * Opens the sign-in that the parameter `state` names. Nothing is used up when there is none.
   *
   * @throws MetafySignInError `unknown_state`, `expired_state`
   */
  finish(request: CookieRequest, handle: string | undefined, context: SignInContext): PendingSignIn {
    const name = choosePrefix(request, context) + handle;
    const sealed = request.cookie && parse(request.cookie)[name];
    const text = sealed && this.#sealer.open(sealed, toAdditionalData(name, context));
    if (!text) throw new MetafySignInError(unknownSignIn, { code: 'unknown_state' });
    const [expiresAtMs, codeVerifier, state] = JSON.parse(text) as [number, string | null, unknown];
    if (expiresAtMs <= Date.now()) throw new MetafySignInError(expiredSignIn, { code: 'expired_state' });
    return {
      codeVerifier: codeVerifier ?? undefined,
      state: state ?? undefined,
      clearCookie: serializeCookie(name, '', 0),
    };
  }
}

// Authenticated as additional data (AAD): it binds the cookie as firmly as what is sealed, and keeps it small.
function toAdditionalData(name: string, { authorizationURL, clientID, callbackURL }: SignInContext): string {
  return JSON.stringify([name, authorizationURL, clientID, callbackURL]);
}

function choosePrefix({ isSecure }: CookieRequest, { callbackURL }: SignInContext): string {
  return `${isSecure || /^https:/i.test(callbackURL) ? '__Host-' : ''}metafy-login-`;
}

/** The names of the pending sign-ins to drop, oldest first, so that one of `bytes` more fits. */
function chooseCleared(header: string | undefined, prefix: string, bytes: number): string[] {
  // Most browsers have no sign-in pending.
  if (!header?.includes(prefix)) return [];
  // A browser sends the oldest first (RFC 6265, section 5.4), and none that has expired.
  const pending = Object.entries(parse(header))
    .filter(([name]) => name.startsWith(prefix) && handlePattern.test(name.slice(prefix.length)))
    .map(([name, value]) => ({ name, bytes: `${name}${value}`.length }));
  let total = pending.reduce((sum, old) => sum + old.bytes, bytes);
  const cleared: string[] = [];
  for (const [index, old] of pending.entries()) {
    if (pending.length - index < maxPending && total <= maxTotalBytes) break;
    cleared.push(old.name);
    total -= old.bytes;
  }
  return cleared.slice(0, maxCleared);
}

// By hand, since every character of the name and the value is ours and a cookie may have it (RFC 6265, section 4.1.1).
// The library's checks of them were a sixth of the strategy's part of a redirect.
function serializeCookie(name: string, value: string, maxAge: number): string {
  const secure = name.startsWith('__Host-') ? ' Secure;' : '';
  // Next.js drops `Max-Age=0` from a response whose route also sets a cookie through `cookies()`.
  const expires = maxAge === 0 ? '; Expires=Thu, 01 Jan 1970 00:00:00 GMT' : '';
  return `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly;${secure} SameSite=Lax${expires}`;
}
