"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.refreshTokens = refreshTokens;
exports.requestRefresh = requestRefresh;
const client_1 = require("../metafy/client");
const token_endpoint_1 = require("../metafy/token-endpoint");
const token_response_1 = require("../metafy/token-response");
const assert_1 = require("../util/assert");
async function refreshTokens(client, refreshToken, options = {}) {
    const resolved = (0, client_1.resolveClient)(client);
    (0, assert_1.requireToken)('refreshToken', refreshToken);
    return requestRefresh(resolved, refreshToken, (0, assert_1.requireStrings)('scope', options.scope ?? []));
}
async function requestRefresh(client, refreshToken, scope, granted) {
    const scopes = (0, token_response_1.splitScope)(scope);
    const response = await (0, token_endpoint_1.requestToken)(client, {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    });
    const tokens = (0, token_response_1.toMetafyTokens)(response, Date.now(), granted ?? scopes);
    tokens.refreshToken ??= refreshToken;
    return tokens;
}
