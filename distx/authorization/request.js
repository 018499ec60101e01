"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createCodeVerifier = createCodeVerifier;
exports.createCodeChallenge = createCodeChallenge;
exports.buildAuthorizationURL = buildAuthorizationURL;
exports.requireCallbackURL = requireCallbackURL;
exports.isAbsoluteURL = isAbsoluteURL;
const node_crypto_1 = require("node:crypto");
const assert_1 = require("../util/assert");
const random_1 = require("../util/random");
function createCodeVerifier() {
    return (0, random_1.drawRandomBytes)(32).toString('base64url');
}
function createCodeChallenge(codeVerifier) {
    return (0, node_crypto_1.hash)?.('sha256', codeVerifier, 'base64url') ?? (0, node_crypto_1.createHash)('sha256').update(codeVerifier).digest('base64url');
}
function buildAuthorizationURL(base, parameters) {
    let url = base;
    let separator = base.includes('?') ? '&' : '?';
    for (const [name, values] of Object.entries(parameters)) {
        for (const value of Array.isArray(values) ? values : [values]) {
            if (value === undefined || value === null)
                continue;
            url += `${separator}${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`;
            separator = '&';
        }
    }
    return url;
}
function requireCallbackURL(callbackURL) {
    const url = (0, assert_1.requireString)('callbackURL', callbackURL);
    const isUsable = isAbsoluteURL(url) ? URL.canParse(url) : !/^[a-z][a-z\d+.-]*:/i.test(url);
    if (!isUsable || url.includes('#')) {
        throw new TypeError('option `callbackURL` must be an absolute http(s) URL or a path, without a fragment');
    }
    return url;
}
function isAbsoluteURL(url) {
    return /^https?:\/\//i.test(url);
}
