import { within } from './deadline';
import { parseJSONObject } from './json';
import { explainMisuse, requireMethods } from './options';
import { Sealer } from './seal';
import { checkStoredTokens, type MetafyTokens } from './tokens';

/**
 * Where tokens are kept: Keyv's methods, so that Redis, PostgreSQL, MongoDB, … come from `@keyv/*` packages, and
 * a `Map` serves one process. Values are strings.
 *
 * A `get` or `set` that fails must reject, or a broken store looks like an empty one: give `throwOnErrors: true` to
 * Keyv, and to `@keyv/redis` as well.
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

/** Tokens in a `MetafyStore`, as JSON, or sealed and bound to their key when there is a secret. */
export class TokenStore {
  readonly #store: MetafyStore;
  readonly #sealer: Sealer | undefined;
  readonly #timeoutMs: number;

  /**
   * @param option what the application calls its store, for messages
   * @param timeoutMs how long the store may take for one answer: clients that queue while they reconnect never end
   */
  constructor(
    owner: string,
    option: string,
    store: MetafyStore,
    secret: string | readonly string[] | undefined,
    timeoutMs: number,
  ) {
    this.#store = store;
    this.#timeoutMs = timeoutMs;
    this.#sealer = explainMisuse(owner, () => {
      requireMethods(option, store, ['get', 'set', 'delete']);
      return secret === undefined ? undefined : new Sealer(secret, 'tokens');
    });
  }

  /** `undefined` when there is nothing, or nothing that opens: of another key, another secret, or damaged. */
  async read(key: string): Promise<MetafyTokens | undefined> {
    const value = await this.#bound(this.#store.get(key));
    if (typeof value !== 'string') return undefined;
    const text = this.#sealer ? this.#sealer.open(value, key) : value;
    return text === undefined ? undefined : checkStoredTokens(parseJSONObject(text));
  }

  /**
   * @throws TypeError for tokens that `read` would not take for some
   * @throws Error when the store says, by `false`, that it did not keep them
   */
  async write(key: string, tokens: MetafyTokens, ttlMs?: number): Promise<void> {
    const text = JSON.stringify(tokens);
    if (!checkStoredTokens(parseJSONObject(text))) {
      throw new TypeError('The tokens to be stored lack a list `scope` or a date `expiresAt`.');
    }
    const value = this.#sealer ? this.#sealer.seal(text, key) : text;
    const kept = await this.#bound(this.#store.set(key, value, ttlMs));
    if (kept === false) throw new Error('The token store did not keep the tokens.');
  }

  async delete(key: string): Promise<void> {
    await this.#bound(this.#store.delete(key));
  }

  #bound(answer: unknown): unknown {
    if (typeof (answer as PromiseLike<unknown> | undefined)?.then !== 'function') return answer;
    return within(answer as PromiseLike<unknown>, this.#timeoutMs, () => {
      throw new Error('The token store gave no answer in time.');
    });
  }
}
