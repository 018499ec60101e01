"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.parseTokenResponse = parseTokenResponse;
exports.toMetafyTokens = toMetafyTokens;
exports.isFresh = isFresh;
exports.parseStoredTokens = parseStoredTokens;
exports.splitScope = splitScope;
const node_util_1 = require("node:util");
const errors_1 = require("../errors");
const assert_1 = require("../util/assert");
const documentedLifetimeSeconds = 7200;
const latestTimeMs = 8.64e15;
function parseTokenResponse(json, upstreamStatus) {
    const { access_token, token_type, refresh_token, scope } = json;
    const hasDigits = typeof json.expires_in === 'string' && /^\d+$/.test(json.expires_in);
    const expires_in = hasDigits ? Number(json.expires_in) : json.expires_in;
    const hasRefreshToken = refresh_token != null && refresh_token !== '';
    const rules = [
        ['access_token', (0, assert_1.isToken)(access_token), assert_1.tokenRule],
        ['token_type', typeof token_type === 'string' && token_type.toLowerCase() === 'bearer', '`Bearer`'],
        ['expires_in', expires_in == null || (typeof expires_in === 'number' && expires_in >= 0), 'a number of seconds'],
        ['refresh_token', !hasRefreshToken || (0, assert_1.isToken)(refresh_token), assert_1.tokenRule],
        ['scope', scope == null || typeof scope === 'string', 'a string'],
    ];
    const problem = rules.find(([, isUsable]) => !isUsable);
    if (problem) {
        throw new errors_1.MetafyResponseError(`Metafy's token answer has an unusable \`${problem[0]}\`, not ${problem[2]}`, {
            code: 'bad_body',
            upstreamStatus,
        });
    }
    const response = { ...json, ...(hasDigits && { expires_in }) };
    if (!hasRefreshToken)
        delete response.refresh_token;
    return response;
}
function toMetafyTokens(response, receivedAtMs, requestedScope = []) {
    const lifetimeMs = (response.expires_in ?? documentedLifetimeSeconds) * 1000;
    return maskInspection({
        accessToken: response.access_token,
        ...(response.refresh_token != null && { refreshToken: response.refresh_token }),
        tokenType: response.token_type,
        scope: response.scope == null ? requestedScope : splitScope(response.scope),
        expiresAt: new Date(Math.min(receivedAtMs + lifetimeMs, latestTimeMs)),
        raw: response,
    });
}
function isFresh({ expiresAt }, marginMs) {
    return expiresAt.getTime() - Date.now() > marginMs;
}
function parseStoredTokens(json) {
    const expiresAt = new Date(typeof json.expiresAt === 'string' ? json.expiresAt : Number.NaN);
    const isUsable = (0, assert_1.isToken)(json.accessToken) && (json.refreshToken === undefined || (0, assert_1.isToken)(json.refreshToken));
    if (!isUsable || !Array.isArray(json.scope) || Number.isNaN(expiresAt.getTime()))
        return undefined;
    json.expiresAt = expiresAt;
    return maskInspection(json);
}
function splitScope(scope) {
    const words = typeof scope === 'string' ? scope.split(' ') : [...scope];
    return words.filter((word) => word !== '');
}
const masking = { value: describeTokens };
function maskInspection(tokens) {
    return Object.defineProperty(tokens, node_util_1.inspect.custom, masking);
}
function describeTokens() {
    const mask = '[masked]';
    const { scope, expiresAt, tokenType } = this;
    return { accessToken: mask, ...(this.refreshToken && { refreshToken: mask }), tokenType, scope, expiresAt };
}
