"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.revokeToken = revokeToken;
const client_1 = require("../metafy/client");
const token_endpoint_1 = require("../metafy/token-endpoint");
const assert_1 = require("../util/assert");
async function revokeToken(client, token, options = {}) {
    const resolved = (0, client_1.resolveClient)(client);
    (0, assert_1.requireToken)('token', token);
    const { tokenTypeHint } = options;
    if (![undefined, 'access_token', 'refresh_token'].includes(tokenTypeHint)) {
        throw new TypeError("option `tokenTypeHint` must be 'access_token' or 'refresh_token'");
    }
    await (0, token_endpoint_1.requestRevocation)(resolved, { token, ...(tokenTypeHint && { token_type_hint: tokenTypeHint }) });
}
