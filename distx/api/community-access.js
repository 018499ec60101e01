"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MetafyCommunityAccess = void 0;
const errors_1 = require("../errors");
const client_1 = require("../metafy/client");
const assert_1 = require("../util/assert");
const from_callback_1 = require("../util/from-callback");
const keyed_mutex_1 = require("../util/keyed-mutex");
const lock_1 = require("../util/lock");
const sealed_store_1 = require("../util/sealed-store");
const metafy_api_1 = require("./metafy-api");
const storeTimeoutMs = 1000;
class MetafyCommunityAccess {
    #server;
    #timeoutMs;
    #tokens;
    #communityId;
    #tierIds;
    #store;
    #lock;
    #maxAgeMs;
    #staleIfErrorMs;
    #keyPrefix;
    #mutex = new keyed_mutex_1.KeyedMutex();
    #inFlight = new Map();
    constructor(options) {
        const { apiURL, clientID, timeoutMs } = (0, client_1.resolveClient)(options);
        const { baseURL, agent } = options;
        this.#server = { baseURL, timeoutMs, agent };
        this.#timeoutMs = timeoutMs;
        (0, assert_1.requireMethods)('tokens', options.tokens, ['of']);
        this.#tokens = options.tokens;
        this.#communityId = (0, metafy_api_1.requireID)('communityId', options.communityId);
        this.#tierIds = 'tierIds' in options ? requireTierIds(options.tierIds) : undefined;
        this.#store = new sealed_store_1.SealedStore(options.store ?? new Map(), options, {
            option: 'store',
            purpose: 'community access',
            timeoutMs: Math.min(storeTimeoutMs, timeoutMs),
            parse: parseAnswer,
        });
        if (options.lock !== undefined)
            (0, assert_1.requireFunction)('lock', options.lock);
        this.#lock = options.lock;
        this.#maxAgeMs = requireAge('maxAgeMs', options.maxAgeMs ?? 15 * 60_000);
        this.#staleIfErrorMs = requireAge('staleIfErrorMs', options.staleIfErrorMs ?? 24 * 60 * 60_000);
        this.#keyPrefix = `metafy-access:${JSON.stringify([apiURL, clientID, this.#communityId])}:`;
    }
    async check(userId) {
        const key = this.#keyPrefix + (0, assert_1.requireUserId)(userId);
        const last = await this.#read(key);
        if (last && this.#isFresh(last))
            return this.#decide(last, false);
        try {
            return this.#decide(await (0, keyed_mutex_1.shareInFlight)(this.#inFlight, key, () => this.#renew(key, userId)), false);
        }
        catch (error) {
            const latest = (await this.#read(key)) ?? last;
            const isUsable = latest && Math.abs(getAgeMs(latest)) < this.#maxAgeMs + this.#staleIfErrorMs;
            if (isUsable)
                return this.#decide(latest, !this.#isFresh(latest));
            throw explainSignIn(error);
        }
    }
    async forget(userId) {
        const key = this.#keyPrefix + (0, assert_1.requireUserId)(userId);
        await this.#runExclusive(key, () => this.#store.delete(key));
    }
    guard(getUserId) {
        (0, assert_1.requireFunction)('getUserId', getUserId);
        return (request, _response, next) => {
            (0, from_callback_1.deliverToCallback)(this.#requireAccess(getUserId, request), (error) => next((0, errors_1.ensureError)(error)), () => next());
        };
    }
    async #requireAccess(getUserId, request) {
        const userId = getUserId(request);
        if (userId === undefined || userId === null || userId === '') {
            throw new errors_1.MetafyOAuthError('Nobody is signed in: send the user to sign in.', { code: 'login_required' });
        }
        const { hasAccess } = await this.check(userId);
        if (hasAccess)
            return;
        const communityId = this.#communityId;
        const where = this.#tierIds ? ' in one of the tiers that give access' : '';
        throw new errors_1.MetafyAccessError(`The user does not support the community ${communityId}${where}.`, {
            communityId,
            tierIds: this.#tierIds,
        });
    }
    #read(key) {
        return this.#store.read(key).catch(() => undefined);
    }
    #renew(key, userId) {
        return this.#runExclusive(key, async () => {
            const stored = await this.#read(key);
            if (stored && this.#isFresh(stored))
                return stored;
            const api = new metafy_api_1.MetafyAPI({ ...this.#server, token: this.#tokens.of(userId) });
            const answer = { ...(await api.getCommunityAccess(this.#communityId)), checkedAtMs: Date.now() };
            const ttlMs = this.#maxAgeMs + this.#staleIfErrorMs;
            await this.#store.write(key, answer, ttlMs).catch(() => undefined);
            return answer;
        });
    }
    #runExclusive(key, task) {
        const lock = this.#lock;
        if (!lock)
            return this.#mutex.runExclusive(key, task);
        return this.#mutex.runExclusive(key, async () => {
            let hasStarted = false;
            const start = () => {
                hasStarted = true;
                return task();
            };
            try {
                return await (0, lock_1.runLocked)(lock, `lock:${key}`, start, this.#timeoutMs);
            }
            catch (error) {
                if (hasStarted)
                    throw error;
                return task();
            }
        });
    }
    #isFresh(answer) {
        return Math.abs(getAgeMs(answer)) < this.#maxAgeMs;
    }
    #decide({ hasAccess, tierId, checkedAtMs }, isStale) {
        const isTier = !this.#tierIds || (tierId !== undefined && this.#tierIds.includes(tierId));
        const checkedAt = new Date(checkedAtMs);
        return { hasAccess: hasAccess && isTier, ...(tierId !== undefined && { tierId }), checkedAt, isStale };
    }
}
exports.MetafyCommunityAccess = MetafyCommunityAccess;
function getAgeMs({ checkedAtMs }) {
    return Date.now() - checkedAtMs;
}
function parseAnswer(json) {
    const isAnswer = typeof json.hasAccess === 'boolean' &&
        Number.isFinite(json.checkedAtMs) &&
        (json.tierId === undefined || typeof json.tierId === 'string');
    return isAnswer ? json : undefined;
}
function explainSignIn(error) {
    const isOAuth = error instanceof errors_1.MetafyOAuthError;
    if (!isOAuth || (error.code !== 'login_required' && error.code !== 'insufficient_scope'))
        return error;
    const { message, code, upstreamStatus } = error;
    const advice = 'Send the user to sign in with Metafy with the scopes `profile purchases`';
    return new errors_1.MetafyOAuthError(`${advice}: ${message}`, { code, upstreamStatus, cause: error });
}
function requireTierIds(tierIds) {
    if (!Array.isArray(tierIds) || tierIds.length === 0) {
        throw new TypeError('option `tierIds` must be a list of tier ids, or be left out when any tier gives access');
    }
    const areIds = tierIds.every((tierId) => typeof tierId === 'string' && tierId !== '');
    if (areIds)
        return [...tierIds];
    throw new TypeError('each entry of option `tierIds` must be a non-empty string: is the environment variable set?');
}
function requireAge(option, value) {
    if (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY)
        return value;
    throw new TypeError(`option \`${option}\` must be a number of milliseconds, 0 or more`);
}
