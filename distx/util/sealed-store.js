"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.SealedStore = exports.UnreadableValueError = void 0;
const assert_1 = require("./assert");
const json_1 = require("./json");
const seal_1 = require("./seal");
const timeout_1 = require("./timeout");
class UnreadableValueError extends Error {
}
exports.UnreadableValueError = UnreadableValueError;
class SealedStore {
    #store;
    #sealer;
    #timeoutMs;
    #parse;
    constructor(store, options, settings) {
        (0, assert_1.requireMethods)(settings.option, store, ['get', 'set', 'delete']);
        this.#store = store;
        this.#timeoutMs = settings.timeoutMs;
        this.#parse = settings.parse;
        const secrets = 'secret' in options ? (0, assert_1.requireSecrets)('secret', options.secret) : undefined;
        this.#sealer = secrets && new seal_1.Sealer(secrets, settings.purpose);
    }
    async read(key) {
        const value = await this.#bound(this.#store.get(key));
        if (typeof value !== 'string')
            return undefined;
        const text = this.#sealer ? this.#sealer.open(value, key) : value;
        const json = text === undefined ? undefined : (0, json_1.parseJSONObject)(text);
        const parsed = json && this.#parse(json);
        if (parsed)
            return parsed;
        throw new UnreadableValueError('A stored value cannot be read: it is damaged, was sealed with another `secret`, or something else wrote it.');
    }
    async write(key, value, ttlMs) {
        const text = JSON.stringify(value);
        const stored = this.#sealer ? this.#sealer.seal(text, key) : text;
        const isKept = await this.#bound(this.#store.set(key, stored, ttlMs));
        if (isKept === false)
            throw new Error('The store did not keep the value.');
    }
    async delete(key) {
        await this.#bound(this.#store.delete(key));
    }
    #bound(answer) {
        if (typeof answer?.then !== 'function')
            return answer;
        return (0, timeout_1.withTimeout)(answer, this.#timeoutMs, () => {
            throw new Error('The store gave no answer in time.');
        });
    }
}
exports.SealedStore = SealedStore;
