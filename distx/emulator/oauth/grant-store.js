"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.GrantStore = void 0;
exports.generateToken = generateToken;
exports.isRevoked = isRevoked;
const node_crypto_1 = require("node:crypto");
function generateToken() {
    return (0, node_crypto_1.randomBytes)(32).toString('base64url');
}
function isRevoked(pair) {
    return pair.isRevoked || pair.authorization.isRevoked;
}
class GrantStore {
    #configuration;
    #codes = new Map();
    #byAccessToken = new Map();
    #byRefreshToken = new Map();
    constructor(configuration) {
        this.#configuration = configuration;
    }
    issueCode(grant) {
        const code = generateToken();
        const expiresAt = Date.now() + this.#configuration.authorizationCodeLifetimeSeconds * 1000;
        this.#codes.set(code, { ...grant, expiresAt, isUsed: false });
        return code;
    }
    issueTokens(authorization, scope, { previous, hasRefreshToken = true } = {}) {
        const createdAt = Date.now();
        const pair = {
            accessToken: generateToken(),
            refreshToken: hasRefreshToken ? generateToken() : undefined,
            authorization,
            scope,
            createdAt,
            accessTokenExpiresAt: createdAt + this.#configuration.accessTokenLifetimeSeconds * 1000,
            refreshTokenExpiresAt: Number.POSITIVE_INFINITY,
            previous,
            isRevoked: false,
        };
        this.#byAccessToken.set(pair.accessToken, pair);
        if (pair.refreshToken)
            this.#byRefreshToken.set(pair.refreshToken, pair);
        return pair;
    }
    findCode(code) {
        return this.#codes.get(code);
    }
    findByAccessToken(accessToken) {
        return this.#byAccessToken.get(accessToken);
    }
    findByRefreshToken(refreshToken) {
        return this.#byRefreshToken.get(refreshToken);
    }
    expire(value) {
        const code = this.#codes.get(value);
        const byAccessToken = this.#byAccessToken.get(value);
        const byRefreshToken = this.#byRefreshToken.get(value);
        if (code)
            code.expiresAt = 0;
        else if (byAccessToken)
            byAccessToken.accessTokenExpiresAt = 0;
        else if (byRefreshToken)
            byRefreshToken.refreshTokenExpiresAt = 0;
        else
            throw new Error('This emulator never issued the token or code that should expire.');
    }
}
exports.GrantStore = GrantStore;
