import { MetafyError, MetafyOAuthError, MetafyResponseError } from '../errors';
import { type MetafyClient, type MetafyClientOptions, resolveClient } from '../metafy/client';
import { retryDelaysMs } from '../metafy/retry';
import { requestRevocation } from '../metafy/token-endpoint';
import { isFresh, type MetafyTokens, parseStoredTokens, splitScope } from '../metafy/token-response';
import type { TokenSource } from '../metafy/token-source';
import {
  rejectMisnamed,
  requireDuration,
  requireFunction,
  requireObject,
  requireToken,
  requireUserId,
} from '../util/assert';
import { KeyedMutex, shareInFlight } from '../util/keyed-mutex';
import { type MetafyLock, runLocked } from '../util/lock';
import { type MetafyStore, SealedStore, UnreadableValueError } from '../util/sealed-store';
import { TokenRotation } from './rotation';

/** The application, where users' tokens are kept, and when they are replaced. */
export interface MetafyUserTokensOptions extends MetafyClientOptions {
  /** Where the tokens are kept: a `Map` for one process, a Keyv for more. */
  store: MetafyStore;
  /**
   * Seals the tokens in `store`: at least 32 characters. Several: the first seals, all open. What was stored unsealed does
   * not open.
   */
  secret?: string | readonly string[] | undefined;
  /**
   * Lets one machine at a time change a user's tokens: one refresh instead of several, and no `set` or `revoke` during it.
   * Its time to live should be well above `timeoutMs`. Without it two machines may refresh at once, which costs a request,
   * and a `set` or `revoke` may cross a refresh.
   */
  lock?: MetafyLock | undefined;
  /**
   * How long before its expiry an access token is replaced, in milliseconds.
   * @default 120_000
   */
  refreshBeforeMs?: number | undefined;
}

/** What tokens are wanted. */
export interface GetTokensOptions {
  /**
   * An access token that Metafy's API has answered with 401: it is not handed out again, and many calls that name it cause
   * one refresh.
   */
  rejectedToken?: string | undefined;
  /** What the tokens are for; several as a list or separated by spaces. */
  scope?: string | readonly string[] | undefined;
}

/**
 * Users' tokens that are always fresh, on any number of machines. One row per user, bound to the client and the server.
 *
 * A refresh that Metafy has answered and a crash before the store has the answer lose the user's tokens: the old refresh
 * token is used up and the new one is nowhere. Rotation makes that unavoidable. The user signs in again.
 */
export class MetafyUserTokens {
  readonly #client: MetafyClient;
  readonly #store: SealedStore<MetafyTokens>;
  readonly #lock: MetafyLock | undefined;
  readonly #rotation: TokenRotation;
  readonly #refreshBeforeMs: number;
  readonly #keyPrefix: string;
  readonly #mutex = new KeyedMutex();
  readonly #inFlight = new Map<string, Promise<MetafyTokens>>();

  /** @throws TypeError naming the option at fault */
  constructor(options: MetafyUserTokensOptions) {
    this.#client = resolveClient(options);
    rejectMisnamed(options, ['store', 'secret', 'lock', 'refreshBeforeMs']);
    const { clientID, tokenURL, timeoutMs } = this.#client;
    this.#store = new SealedStore(options.store, options, {
      option: 'store',
      purpose: 'tokens',
      timeoutMs,
      parse: parseStoredTokens,
    });
    if (options.lock !== undefined) requireFunction('lock', options.lock, 'option');
    this.#lock = options.lock;
    this.#refreshBeforeMs = requireDuration('refreshBeforeMs', options.refreshBeforeMs ?? 120_000);
    this.#keyPrefix = `metafy-user:${JSON.stringify([tokenURL.href, clientID])}:`;
    // Nobody else rotates in a Map.
    const rereadDelaysMs = options.store instanceof Map ? [] : retryDelaysMs.storeRead;
    this.#rotation = new TokenRotation(this.#client, this.#store, rereadDelaysMs);
  }

  /**
   * Keeps a user's tokens, in the verify callback for example, instead of those kept before. Tokens with fewer scopes do
   * not replace wider ones whose refresh token still works, so `delete` before a user id stands for another Metafy account.
   *
   * @throws TypeError for a user id that is empty or not well-formed Unicode, or for `tokens` that are not tokens
   */
  async set(userId: string, tokens: MetafyTokens): Promise<void> {
    const key = this.#toKey(userId);
    requireObject('tokens', tokens);
    requireToken('tokens.accessToken', tokens.accessToken);
    if (tokens.refreshToken !== undefined) requireToken('tokens.refreshToken', tokens.refreshToken);
    if (!parseStoredTokens(JSON.parse(JSON.stringify(tokens)))) {
      throw new TypeError('parameter `tokens` must have a list `scope` and a date `expiresAt`');
    }
    await this.#runExclusive(key, async () => {
      const stored = await this.#store.read(key).catch((error) => {
        // What does not open is replaced; a store that fails may hold wider tokens.
        if (error instanceof UnreadableValueError) return undefined;
        throw error;
      });
      if (!stored?.refreshToken || !isWider(stored, tokens)) await this.#store.write(key, tokens);
    });
  }

  /**
   * A user's tokens, valid now, refreshed when they expire within `refreshBeforeMs`; new ones are stored before they are
   * handed out. While Metafy or the lock cannot be reached, an access token that is still valid is handed out.
   *
   * @throws MetafyOAuthError `login_required` (status 401) when the user has to sign in again: no tokens are stored or
   *   Metafy no longer takes the refresh token
   * @throws MetafyOAuthError `insufficient_scope` (status 403), naming the scopes that were not granted: the user has to
   *   sign in again with them; nothing is asked then
   * @throws MetafyResponseError when Metafy gives no usable answer and the access token has expired
   * @throws Error when what is stored does not open, or the store or the lock fails
   */
  async get(userId: string, { rejectedToken, scope }: GetTokensOptions = {}): Promise<MetafyTokens> {
    const key = this.#toKey(userId);
    const stored = await this.#store.read(key);
    if (scope !== undefined && stored) requireGranted(stored, scope);
    if (this.#isUsable(stored, rejectedToken)) return stored;
    const renewed = await shareInFlight(this.#inFlight, `${rejectedToken ?? ''} ${key}`, () =>
      this.#renew(key, stored, rejectedToken),
    );
    if (scope !== undefined) requireGranted(renewed, scope);
    return renewed;
  }

  /** A source of one user's tokens, for `MetafyAPI`. */
  of(userId: string): TokenSource {
    return { getToken: (options) => this.get(userId, options) };
  }

  /**
   * Revokes a user's whole authorization at Metafy, then deletes the tokens. Resolves when Metafy has accepted, and when
   * no tokens are stored.
   *
   * @throws MetafyOAuthError, MetafyResponseError as `revokeToken`; the tokens are kept then, so try again
   * @throws Error when what is stored does not open, or the store or the lock fails; the tokens are kept as well
   */
  async revoke(userId: string): Promise<void> {
    const key = this.#toKey(userId);
    await this.#runExclusive(key, async () => {
      let revoked: string | undefined;
      for (;;) {
        const tokens = await this.#store.read(key);
        const token = tokens?.refreshToken ?? tokens?.accessToken;
        // Without a lock another machine may have rotated them meanwhile, and a token that is used up revokes nothing.
        if (token === undefined || token === revoked) break;
        await requestRevocation(this.#client, { token });
        revoked = token;
      }
      await this.#store.delete(key);
    });
  }

  /** Forgets a user's tokens without telling Metafy. */
  async delete(userId: string): Promise<void> {
    const key = this.#toKey(userId);
    // Not during a refresh, which would store the tokens anew.
    await this.#runExclusive(key, () => this.#store.delete(key));
  }

  /** Whatever changes a user's row waits for what is changing it, in this process and, with a lock, on any machine. */
  #runExclusive<Value>(key: string, task: () => Promise<Value>): Promise<Value> {
    const lock = this.#lock;
    if (!lock) return this.#mutex.runExclusive(key, task);
    return this.#mutex.runExclusive(key, () => runLocked(lock, `lock:${key}`, task, this.#client.timeoutMs));
  }

  #isUsable(tokens: MetafyTokens | undefined, rejectedToken: string | undefined): tokens is MetafyTokens {
    // Without a refresh token there is nothing to be early for.
    const marginMs = tokens?.refreshToken ? this.#refreshBeforeMs : 0;
    return tokens !== undefined && isFresh(tokens, marginMs) && tokens.accessToken !== rejectedToken;
  }

  async #renew(
    key: string,
    expiring: MetafyTokens | undefined,
    rejectedToken: string | undefined,
  ): Promise<MetafyTokens> {
    let tokens = expiring;
    let hasStarted = false;
    try {
      return await this.#runExclusive(key, async () => {
        hasStarted = true;
        // Read again: whoever held the lock before may have renewed them.
        tokens = await this.#store.read(key);
        return this.#isUsable(tokens, rejectedToken) ? tokens : await this.#rotation.refresh(key, tokens);
      });
    } catch (error) {
      const isValid = tokens && isFresh(tokens, 0) && tokens.accessToken !== rejectedToken;
      if (tokens && isValid && (!hasStarted || isOutage(error))) return tokens;
      throw error;
    }
  }

  #toKey(userId: string): string {
    return this.#keyPrefix + requireUserId(userId);
  }
}

function isWider(stored: MetafyTokens, tokens: MetafyTokens): boolean {
  const granted = new Set(stored.scope);
  // An empty list is what tokens have whose answer named no scope.
  return (
    tokens.scope.length > 0 &&
    granted.size > new Set(tokens.scope).size &&
    tokens.scope.every((scope) => granted.has(scope))
  );
}

function requireGranted(tokens: MetafyTokens, scope: string | readonly string[]): void {
  const missing = splitScope(scope).filter((name) => !tokens.scope.includes(name));
  if (missing.length === 0) return;
  const message = `The user has not granted ${missing.join(' ')}: send them to sign in with that scope.`;
  throw new MetafyOAuthError(message, { code: 'insufficient_scope' });
}

function isOutage(error: unknown): boolean {
  const upstreamStatus = (error instanceof MetafyError && error.upstreamStatus) || 0;
  return error instanceof MetafyResponseError || upstreamStatus === 429 || upstreamStatus >= 500;
}
