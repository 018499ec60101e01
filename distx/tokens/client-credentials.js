"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MetafyClientCredentials = void 0;
const client_1 = require("../metafy/client");
const token_endpoint_1 = require("../metafy/token-endpoint");
const token_response_1 = require("../metafy/token-response");
const assert_1 = require("../util/assert");
const keyed_mutex_1 = require("../util/keyed-mutex");
const sealed_store_1 = require("../util/sealed-store");
const cacheTimeoutMs = 1000;
class MetafyClientCredentials {
    #client;
    #scopes;
    #refreshBeforeMs;
    #cache;
    #cacheKey;
    #mutex = new keyed_mutex_1.KeyedMutex();
    #inFlight = new Map();
    #tokens;
    constructor(options) {
        this.#client = (0, client_1.resolveClient)(options);
        this.#scopes = (0, token_response_1.splitScope)((0, assert_1.requireStrings)('scope', options.scope ?? []));
        this.#refreshBeforeMs = (0, assert_1.requireDuration)('refreshBeforeMs', options.refreshBeforeMs ?? 60_000);
        const { clientID, tokenURL, timeoutMs } = this.#client;
        this.#cache =
            options.cache &&
                new sealed_store_1.SealedStore(options.cache, options, {
                    option: 'cache',
                    purpose: 'tokens',
                    timeoutMs: Math.min(cacheTimeoutMs, timeoutMs),
                    parse: token_response_1.parseStoredTokens,
                });
        this.#cacheKey = `metafy-client:${JSON.stringify([tokenURL.href, clientID, ...[...this.#scopes].sort()])}`;
    }
    async getToken({ rejectedToken } = {}) {
        const isUsable = (tokens) => tokens !== undefined && (0, token_response_1.isFresh)(tokens, this.#refreshBeforeMs) && tokens.accessToken !== rejectedToken;
        if (isUsable(this.#tokens))
            return this.#tokens;
        return (0, keyed_mutex_1.shareInFlight)(this.#inFlight, rejectedToken ?? '', () => this.#runExclusive(async () => {
            if (isUsable(this.#tokens))
                return this.#tokens;
            const cached = await this.#cache?.read(this.#cacheKey).catch(() => undefined);
            if (!isUsable(cached))
                return this.#request();
            this.#tokens = cached;
            return cached;
        }));
    }
    async revoke() {
        await this.#runExclusive(async () => {
            const cached = await this.#cache?.read(this.#cacheKey);
            const tokens = new Set([this.#tokens, cached].flatMap((known) => known?.accessToken ?? []));
            for (const token of tokens) {
                await (0, token_endpoint_1.requestRevocation)(this.#client, { token, token_type_hint: 'access_token' });
            }
            this.#tokens = undefined;
            await this.#cache?.delete(this.#cacheKey);
        });
    }
    #runExclusive(task) {
        return this.#mutex.runExclusive('token', task);
    }
    async #request() {
        const response = await (0, token_endpoint_1.requestToken)(this.#client, {
            grant_type: 'client_credentials',
            ...(this.#scopes.length > 0 && { scope: this.#scopes.join(' ') }),
        });
        const tokens = (0, token_response_1.toMetafyTokens)({ ...response, refresh_token: undefined }, Date.now(), this.#scopes);
        this.#tokens = tokens;
        const ttlMs = tokens.expiresAt.getTime() - Date.now();
        if (ttlMs > 0)
            await this.#cache?.write(this.#cacheKey, tokens, ttlMs).catch(() => undefined);
        return tokens;
    }
}
exports.MetafyClientCredentials = MetafyClientCredentials;
