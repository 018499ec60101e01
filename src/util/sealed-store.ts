import { requireMethods, requireSecrets } from './assert';
import { type JSONObject, parseJSONObject } from './json';
import { Sealer } from './seal';
import { withTimeout } from './timeout';

/**
 * Where tokens and answers are kept: Keyv's methods, so that Redis, PostgreSQL, MongoDB, … come from `@keyv/*` packages,
 * and a `Map` serves one process. Values are strings.
 *
 * A `get` or `set` that fails must reject, or a broken store looks like an empty one: give `throwOnErrors: true` to Keyv,
 * and to `@keyv/redis` as well. With several machines a store must read what another has just written, and
 * carry writes out in their order. Keys are compared byte by byte: give `secret` where the database might not.
 */
export interface MetafyStore {
  /** The value or a promise of it; anything but a string is "nothing there". */
  get(key: string): unknown;
  /**
   * `false`, or a promise of it, says that the value was not kept.
   *
   * @param ttlMs milliseconds after which it may be dropped; never given for users' tokens
   */
  set(key: string, value: string, ttlMs?: number): unknown;
  /** Also resolves for a key that is not there. */
  delete(key: string): unknown;
}

/** Something is stored that does not open, or is not what it should be. */
export class UnreadableValueError extends Error {}

/** Settings of a `SealedStore`. */
export interface SealedStoreSettings<Value> {
  /** What the application calls its store, for messages. */
  option: string;
  /** Separates the keys of different uses of one secret. */
  purpose: string;
  /** How long the store may take for one answer, in milliseconds: a client that reconnects may queue it for ever. */
  timeoutMs: number;
  /** A value from the JSON that was written; `undefined` when it is none. */
  parse: (json: JSONObject) => Value | undefined;
}

/** JSON in a `MetafyStore`: in plain text, or sealed and bound to its key when there is a secret. */
export class SealedStore<Value extends object> {
  readonly #store: MetafyStore;
  readonly #sealer: Sealer | undefined;
  readonly #timeoutMs: number;
  readonly #parse: (json: JSONObject) => Value | undefined;

  /**
   * @param options the application's, whose `secret` may be missing but not undefined
   * @throws TypeError naming the option at fault
   */
  constructor(store: MetafyStore, options: { secret?: unknown }, settings: SealedStoreSettings<Value>) {
    requireMethods(settings.option, store, ['get', 'set', 'delete']);
    this.#store = store;
    this.#timeoutMs = settings.timeoutMs;
    this.#parse = settings.parse;
    // Nothing falls back to plain text in silence, such as for an environment variable that is not set.
    const secrets = 'secret' in options ? requireSecrets('secret', options.secret) : undefined;
    this.#sealer = secrets && new Sealer(secrets, settings.purpose);
  }

  /**
   * `undefined` when there is nothing.
   *
   * @throws UnreadableValueError when there is something that does not open (of another secret, another key, or damaged),
   *   or that is no such value
   */
  async read(key: string): Promise<Value | undefined> {
    const value = await this.#bound(this.#store.get(key));
    if (typeof value !== 'string') return undefined;
    const text = this.#sealer ? this.#sealer.open(value, key) : value;
    const json = text === undefined ? undefined : parseJSONObject(text);
    const parsed = json && this.#parse(json);
    if (parsed) return parsed;
    throw new UnreadableValueError(
      'A stored value cannot be read: it is damaged, was sealed with another `secret`, or something else wrote it.',
    );
  }

  /** @throws Error when the store says, by `false`, that it did not keep the value */
  async write(key: string, value: Value, ttlMs?: number): Promise<void> {
    const text = JSON.stringify(value);
    const stored = this.#sealer ? this.#sealer.seal(text, key) : text;
    const isKept = await this.#bound(this.#store.set(key, stored, ttlMs));
    if (isKept === false) throw new Error('The store did not keep the value.');
  }

  async delete(key: string): Promise<void> {
    await this.#bound(this.#store.delete(key));
  }

  #bound(answer: unknown): unknown {
    if (typeof (answer as PromiseLike<unknown> | undefined)?.then !== 'function') return answer;
    return withTimeout(answer as PromiseLike<unknown>, this.#timeoutMs, () => {
      throw new Error('The store gave no answer in time.');
    });
  }
}
