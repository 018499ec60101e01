"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.TokenRotation = void 0;
const promises_1 = require("node:timers/promises");
const errors_1 = require("../errors");
const retry_1 = require("../metafy/retry");
const token_endpoint_1 = require("../metafy/token-endpoint");
const token_response_1 = require("../metafy/token-response");
const refresh_1 = require("./refresh");
const maxRotations = 3;
const unchanged = Symbol('unchanged');
class TokenRotation {
    #client;
    #store;
    #rereadDelaysMs;
    constructor(client, store, rereadDelaysMs) {
        this.#client = client;
        this.#store = store;
        this.#rereadDelaysMs = rereadDelaysMs;
    }
    async refresh(key, tokens, rotations = 0) {
        if (!tokens?.refreshToken)
            throw loginRequired('no refresh token is stored');
        const renewed = await (0, refresh_1.requestRefresh)(this.#client, tokens.refreshToken, [], tokens.scope).catch((error) => {
            if (error instanceof errors_1.MetafyOAuthError && error.code === 'invalid_grant')
                return error;
            throw error;
        });
        const current = renewed instanceof errors_1.MetafyOAuthError
            ? await this.#resolveInvalidGrant(key, tokens, renewed)
            : await this.#keep(key, tokens, renewed);
        if (current === renewed || (current && (0, token_response_1.isFresh)(current, 0)))
            return current;
        if (rotations === maxRotations)
            throw loginRequired('its tokens change faster than they can be used');
        return this.refresh(key, current, rotations + 1);
    }
    async #keep(key, tokens, renewed) {
        const newer = await this.#readNewer(key, tokens, []).catch(() => unchanged);
        if (newer === undefined) {
            const token = renewed.refreshToken;
            await (0, token_endpoint_1.requestRevocation)(this.#client, { token }).catch(() => undefined);
            throw loginRequired('the tokens were revoked or deleted meanwhile');
        }
        if (newer !== unchanged)
            return newer;
        await (0, retry_1.retry)(() => this.#store.write(key, renewed), retry_1.retryDelaysMs.storeWrite);
        return renewed;
    }
    async #resolveInvalidGrant(key, tokens, cause) {
        const newer = await this.#readNewer(key, tokens, this.#rereadDelaysMs);
        if (newer !== unchanged)
            return newer;
        const { refreshToken: _, raw, ...rest } = tokens;
        const dropped = { ...rest, expiresAt: new Date(0), raw: { ...raw, refresh_token: undefined } };
        await this.#store.write(key, dropped).catch(() => undefined);
        throw loginRequired('Metafy no longer accepts the refresh token', cause);
    }
    async #readNewer(key, tokens, delaysMs) {
        for (const delayMs of [0, ...delaysMs]) {
            if (delayMs > 0)
                await (0, promises_1.setTimeout)(delayMs);
            const current = await this.#store.read(key);
            if (current?.accessToken !== tokens.accessToken)
                return current;
        }
        return unchanged;
    }
}
exports.TokenRotation = TokenRotation;
function loginRequired(reason, cause) {
    return new errors_1.MetafyOAuthError(`The user has to sign in with Metafy again: ${reason}.`, {
        code: 'login_required',
        upstreamStatus: cause?.upstreamStatus,
        cause,
    });
}
