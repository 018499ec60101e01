"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Visitor = void 0;
const loopback_1 = require("./http/loopback");
const REDIRECT_LIMIT = 20;
class Visitor {
    #cookies = [];
    async fetch(url, init = {}) {
        const target = new URL(url);
        const headers = new Headers(init.headers);
        const cookie = this.#selectCookies(target);
        if (cookie !== '')
            headers.set('Cookie', cookie);
        const response = await fetch(target, { ...init, headers, redirect: 'manual' });
        for (const line of response.headers.getSetCookie())
            this.#setCookie(line, target);
        return response;
    }
    async get(url) {
        return this.fetch(url);
    }
    async getLocation(url) {
        const response = await this.fetch(url);
        await response.text();
        const location = toLocation(response, url);
        if (location !== undefined)
            return location;
        throw new Error(`${new URL(url).pathname} answered ${response.status} instead of a redirect.`);
    }
    async open(url) {
        let location = String(url);
        for (let count = 0; count <= REDIRECT_LIMIT; count += 1) {
            const response = await this.fetch(location);
            const text = await response.text();
            const next = toLocation(response, location);
            if (next === undefined)
                return text;
            location = next;
        }
        throw new Error(`${new URL(url).pathname} led to more than ${REDIRECT_LIMIT} redirects.`);
    }
    #selectCookies({ protocol, hostname, pathname }) {
        const isTrustworthy = protocol === 'https:' || (0, loopback_1.isLoopbackHost)(hostname);
        return this.#cookies
            .filter((cookie) => cookie.hostname === hostname && cookie.expiresAt > Date.now())
            .filter((cookie) => isTrustworthy || !cookie.isSecure)
            .filter(({ path }) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')))
            .sort((one, other) => other.path.length - one.path.length)
            .map(({ name, value }) => `${name}=${value}`)
            .join('; ');
    }
    #setCookie(line, { hostname, pathname }) {
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
        const isSame = (other) => other.name === name && other.hostname === hostname && other.path === cookie.path;
        this.#cookies = this.#cookies.filter((other) => !isSame(other));
        this.#cookies.push(cookie);
    }
}
exports.Visitor = Visitor;
function splitPair(text) {
    const [name = '', ...value] = text.split('=');
    return [name.trim(), value.join('=').trim()];
}
function readExpiry(attributes) {
    const seconds = attributes.get('max-age') ?? '';
    if (/^-?\d+$/.test(seconds))
        return Date.now() + Number(seconds) * 1000;
    const expires = Date.parse(attributes.get('expires') ?? '');
    return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
}
function toLocation(response, url) {
    const location = response.headers.get('location');
    const isRedirect = [301, 302, 303, 307, 308].includes(response.status);
    return isRedirect && location !== null ? new URL(location, url).href : undefined;
}
