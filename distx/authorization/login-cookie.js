"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.LoginCookies = exports.expiredSignIn = exports.unknownSignIn = exports.defaultMaxAgeMs = void 0;
const cookie_1 = require("cookie");
const errors_1 = require("../errors");
const random_1 = require("../util/random");
const seal_1 = require("../util/seal");
exports.defaultMaxAgeMs = 600_000;
const maxPending = 5;
const maxCookieBytes = 3800;
const maxTotalBytes = 5000;
const maxCleared = 20;
const handlePattern = /^[\w-]{22}$/;
exports.unknownSignIn = 'This sign-in was not started in this browser, took too long, or is already finished. Please sign in again.';
exports.expiredSignIn = 'This sign-in took too long. Please sign in again.';
class LoginCookies {
    #sealer;
    #maxAgeMs;
    constructor(secrets, maxAgeMs) {
        this.#sealer = new seal_1.Sealer(secrets, 'login');
        this.#maxAgeMs = maxAgeMs;
    }
    start(request, { codeVerifier, state }, context) {
        const handle = (0, random_1.drawRandomBytes)(16).toString('base64url');
        const prefix = choosePrefix(request, context);
        const name = prefix + handle;
        const text = JSON.stringify([Date.now() + this.#maxAgeMs, codeVerifier, state]);
        const value = this.#sealer.seal(text, toAdditionalData(name, context));
        const bytes = name.length + value.length;
        if (bytes > maxCookieBytes) {
            throw new TypeError(`the sign-in's cookie would have ${bytes} bytes, above ${maxCookieBytes}: make \`state\` smaller, an id for example`);
        }
        const cleared = chooseCleared(request.cookie, prefix, bytes).map((old) => serializeCookie(old, '', 0));
        return {
            handle,
            setCookies: [...cleared, serializeCookie(name, value, Math.ceil(this.#maxAgeMs / 1000))],
        };
    }
    finish(request, handle, context) {
        const name = choosePrefix(request, context) + handle;
        const sealed = request.cookie && (0, cookie_1.parse)(request.cookie)[name];
        const text = sealed && this.#sealer.open(sealed, toAdditionalData(name, context));
        if (!text)
            throw new errors_1.MetafySignInError(exports.unknownSignIn, { code: 'unknown_state' });
        const [expiresAtMs, codeVerifier, state] = JSON.parse(text);
        if (expiresAtMs <= Date.now())
            throw new errors_1.MetafySignInError(exports.expiredSignIn, { code: 'expired_state' });
        return {
            codeVerifier: codeVerifier ?? undefined,
            state: state ?? undefined,
            clearCookie: serializeCookie(name, '', 0),
        };
    }
}
exports.LoginCookies = LoginCookies;
function toAdditionalData(name, { authorizationURL, clientID, callbackURL }) {
    return JSON.stringify([name, authorizationURL, clientID, callbackURL]);
}
function choosePrefix({ isSecure }, { callbackURL }) {
    return `${isSecure || /^https:/i.test(callbackURL) ? '__Host-' : ''}metafy-login-`;
}
function chooseCleared(header, prefix, bytes) {
    if (!header?.includes(prefix))
        return [];
    const pending = Object.entries((0, cookie_1.parse)(header))
        .filter(([name]) => name.startsWith(prefix) && handlePattern.test(name.slice(prefix.length)))
        .map(([name, value]) => ({ name, bytes: `${name}${value}`.length }));
    let total = pending.reduce((sum, old) => sum + old.bytes, bytes);
    const cleared = [];
    for (const [index, old] of pending.entries()) {
        if (pending.length - index < maxPending && total <= maxTotalBytes)
            break;
        cleared.push(old.name);
        total -= old.bytes;
    }
    return cleared.slice(0, maxCleared);
}
function serializeCookie(name, value, maxAge) {
    const secure = name.startsWith('__Host-') ? ' Secure;' : '';
    const expires = maxAge === 0 ? '; Expires=Thu, 01 Jan 1970 00:00:00 GMT' : '';
    return `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly;${secure} SameSite=Lax${expires}`;
}
