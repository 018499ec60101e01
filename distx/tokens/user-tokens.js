"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MetafyUserTokens = void 0;
const errors_1 = require("../errors");
const client_1 = require("../metafy/client");
const retry_1 = require("../metafy/retry");
const token_endpoint_1 = require("../metafy/token-endpoint");
const token_response_1 = require("../metafy/token-response");
const assert_1 = require("../util/assert");
const keyed_mutex_1 = require("../util/keyed-mutex");
const lock_1 = require("../util/lock");
const sealed_store_1 = require("../util/sealed-store");
const rotation_1 = require("./rotation");
class MetafyUserTokens {
    #client;
    #store;
    #lock;
    #rotation;
    #refreshBeforeMs;
    #keyPrefix;
    #mutex = new keyed_mutex_1.KeyedMutex();
    #inFlight = new Map();
    constructor(options) {
        this.#client = (0, client_1.resolveClient)(options);
        const { clientID, tokenURL, timeoutMs } = this.#client;
        this.#store = new sealed_store_1.SealedStore(options.store, options, {
            option: 'store',
            purpose: 'tokens',
            timeoutMs,
            parse: token_response_1.parseStoredTokens,
        });
        if (options.lock !== undefined)
            (0, assert_1.requireFunction)('lock', options.lock);
        this.#lock = options.lock;
        this.#refreshBeforeMs = (0, assert_1.requireDuration)('refreshBeforeMs', options.refreshBeforeMs ?? 120_000);
        this.#keyPrefix = `metafy-user:${JSON.stringify([tokenURL.href, clientID])}:`;
        const rereadDelaysMs = options.store instanceof Map ? [] : retry_1.retryDelaysMs.storeRead;
        this.#rotation = new rotation_1.TokenRotation(this.#client, this.#store, rereadDelaysMs);
    }
    async set(userId, tokens) {
        const key = this.#toKey(userId);
        (0, assert_1.requireObject)('tokens', tokens);
        (0, assert_1.requireToken)('tokens.accessToken', tokens.accessToken);
        if (tokens.refreshToken !== undefined)
            (0, assert_1.requireToken)('tokens.refreshToken', tokens.refreshToken);
        if (!(0, token_response_1.parseStoredTokens)(JSON.parse(JSON.stringify(tokens)))) {
            throw new TypeError('`tokens` must have a list `scope` and a date `expiresAt`');
        }
        await this.#runExclusive(key, async () => {
            const stored = await this.#store.read(key).catch((error) => {
                if (error instanceof sealed_store_1.UnreadableValueError)
                    return undefined;
                throw error;
            });
            if (!stored?.refreshToken || !isWider(stored, tokens))
                await this.#store.write(key, tokens);
        });
    }
    async get(userId, { rejectedToken, scope } = {}) {
        const key = this.#toKey(userId);
        const stored = await this.#store.read(key);
        if (scope !== undefined && stored)
            requireGranted(stored, scope);
        if (this.#isUsable(stored, rejectedToken))
            return stored;
        const renewed = await (0, keyed_mutex_1.shareInFlight)(this.#inFlight, `${rejectedToken ?? ''} ${key}`, () => this.#renew(key, stored, rejectedToken));
        if (scope !== undefined)
            requireGranted(renewed, scope);
        return renewed;
    }
    of(userId) {
        return { getToken: (options) => this.get(userId, options) };
    }
    async revoke(userId) {
        const key = this.#toKey(userId);
        await this.#runExclusive(key, async () => {
            let revoked;
            for (;;) {
                const tokens = await this.#store.read(key);
                const token = tokens?.refreshToken ?? tokens?.accessToken;
                if (token === undefined || token === revoked)
                    break;
                await (0, token_endpoint_1.requestRevocation)(this.#client, { token });
                revoked = token;
            }
            await this.#store.delete(key);
        });
    }
    async delete(userId) {
        const key = this.#toKey(userId);
        await this.#runExclusive(key, () => this.#store.delete(key));
    }
    #runExclusive(key, task) {
        const lock = this.#lock;
        if (!lock)
            return this.#mutex.runExclusive(key, task);
        return this.#mutex.runExclusive(key, () => (0, lock_1.runLocked)(lock, `lock:${key}`, task, this.#client.timeoutMs));
    }
    #isUsable(tokens, rejectedToken) {
        const marginMs = tokens?.refreshToken ? this.#refreshBeforeMs : 0;
        return tokens !== undefined && (0, token_response_1.isFresh)(tokens, marginMs) && tokens.accessToken !== rejectedToken;
    }
    async #renew(key, expiring, rejectedToken) {
        let tokens = expiring;
        let hasStarted = false;
        try {
            return await this.#runExclusive(key, async () => {
                hasStarted = true;
                tokens = await this.#store.read(key);
                return this.#isUsable(tokens, rejectedToken) ? tokens : await this.#rotation.refresh(key, tokens);
            });
        }
        catch (error) {
            const isValid = tokens && (0, token_response_1.isFresh)(tokens, 0) && tokens.accessToken !== rejectedToken;
            if (tokens && isValid && (!hasStarted || isOutage(error)))
                return tokens;
            throw error;
        }
    }
    #toKey(userId) {
        return this.#keyPrefix + (0, assert_1.requireUserId)(userId);
    }
}
exports.MetafyUserTokens = MetafyUserTokens;
function isWider(stored, tokens) {
    const granted = new Set(stored.scope);
    return (tokens.scope.length > 0 &&
        granted.size > new Set(tokens.scope).size &&
        tokens.scope.every((scope) => granted.has(scope)));
}
function requireGranted(tokens, scope) {
    const missing = (0, token_response_1.splitScope)(scope).filter((name) => !tokens.scope.includes(name));
    if (missing.length === 0)
        return;
    const message = `The user has not granted ${missing.join(' ')}: send them to sign in with that scope.`;
    throw new errors_1.MetafyOAuthError(message, { code: 'insufficient_scope' });
}
function isOutage(error) {
    const upstreamStatus = (error instanceof errors_1.MetafyError && error.upstreamStatus) || 0;
    return error instanceof errors_1.MetafyResponseError || upstreamStatus === 429 || upstreamStatus >= 500;
}
