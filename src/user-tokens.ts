import { type MetafyClient, type MetafyClientOptions, resolveClient } from './client';
import { within } from './deadline';
import { MetafyError, MetafyResponseError } from './errors';
import { explainMisuse, requireDuration, requireFunction, requireText, requireToken } from './options';
import { TokenRotation } from './rotation';
import { SingleFlight } from './single-flight';
import { requestRevocation } from './token-endpoint';
import { type MetafyStore, TokenStore } from './token-store';
import { isFresh, type MetafyTokens } from './tokens';

/** Runs `task` while no other process holds the lock of `key`, and returns its result. */
export type MetafyLock = <Value>(key: string, task: () => Promise<Value>) => Promise<Value>;

/** The application, where users' tokens are kept, and when they are replaced. */
export interface MetafyUserTokensOptions extends MetafyClientOptions {
  /** Where the tokens are kept: a `Map` for one process, a Keyv for more. */
  store: MetafyStore;
  /** Seals the tokens in `store`. Several: the first seals, all open. What was stored unsealed does not open. */
  secret?: string | readonly string[] | undefined;
  /**
   * Makes one refresh per user of what several machines would do at once. Its time to live should be above
   * `timeoutMs`. Without it everything is right as well, at the price of a second refresh now and then.
   */
  lock?: MetafyLock | undefined;
  /**
   * How long before its expiry an access token is replaced, in milliseconds.
   * @default 120_000
   */
  refreshBeforeMs?: number | undefined;
}

/**
 * Pauses, in milliseconds, while another machine may be about to store the tokens it rotated. Its answer left Metafy
 * before our refusal did.
 */
const rereadPausesMs = [20, 50, 100, 200, 400, 800, 1600];

/**
 * Users' tokens that are always fresh, on any number of machines.
 *
 * A refresh that Metafy has answered and a crash before the store has the answer lose the user's tokens: the old
 * refresh token is used up and the new one is nowhere. Rotation makes that unavoidable. The user signs in again.
 */
export class MetafyUserTokens {
  readonly #client: MetafyClient;
  readonly #store: TokenStore;
  readonly #lock: MetafyLock | undefined;
  readonly #rotation: TokenRotation;
  readonly #refreshBeforeMs: number;
  readonly #flights = new SingleFlight<MetafyTokens>();

  /** @throws TypeError naming the option at fault */
  constructor(options: MetafyUserTokensOptions) {
    const owner = 'MetafyUserTokens';
    this.#client = resolveClient(owner, options);
    this.#store = new TokenStore(owner, 'store', options.store, options.secret, this.#client.timeoutMs);
    this.#lock = options.lock;
    this.#refreshBeforeMs = explainMisuse(owner, () => {
      if (options.lock !== undefined) requireFunction('lock', options.lock);
      return requireDuration('refreshBeforeMs', options.refreshBeforeMs ?? 120_000);
    });
    this.#rotation = new TokenRotation(this.#client, this.#store, choosePauses(options));
  }

  /**
   * Keeps a user's tokens, in the verify callback for example, instead of those kept before.
   *
   * @throws TypeError for an empty user id or for tokens that are not
   */
  async set(userId: string, tokens: MetafyTokens): Promise<void> {
    const key = toKey(userId);
    requireToken('MetafyUserTokens', 'tokens.accessToken', tokens?.accessToken);
    if (tokens.refreshToken !== undefined) {
      requireToken('MetafyUserTokens', 'tokens.refreshToken', tokens.refreshToken);
    }
    await this.#rotation.set(key, tokens);
  }

  /**
   * A user's tokens, valid now, refreshed when they expire within `refreshBeforeMs`; new ones are stored before
   * they are handed out. While Metafy cannot be reached, an access token that is still valid is handed out.
   *
   * @param options `force` replaces tokens that only seem valid, for example after Metafy's API answered 401; then
   *   nothing old is handed out. What somebody else has renewed meanwhile will do.
   * @throws MetafyOAuthError `login_required` (status 401) when the user has to sign in again: no tokens are stored
   *   or Metafy no longer takes the refresh token
   * @throws MetafyResponseError when Metafy gives no usable answer and the access token has expired
   */
  async get(userId: string, { force = false }: { force?: boolean } = {}): Promise<MetafyTokens> {
    const key = toKey(userId);
    const tokens = await this.#store.read(key);
    if (force) return this.#flights.run(`force ${key}`, () => this.#replace(key, tokens));
    if (this.#isFresh(tokens)) return tokens;
    return this.#flights.run(key, () => this.#renew(key, tokens));
  }

  /**
   * Revokes a user's whole authorization at Metafy, then deletes the tokens.
   *
   * @throws MetafyOAuthError, MetafyResponseError as `revokeToken`; the tokens are kept then, so try again
   */
  async revoke(userId: string): Promise<void> {
    const key = toKey(userId);
    await this.#exclusively(key, async () => {
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
    const key = toKey(userId);
    // Not during a refresh, which would store the tokens anew.
    await this.#exclusively(key, () => this.#store.delete(key));
  }

  #exclusively<Value>(key: string, task: () => Promise<Value>): Promise<Value> {
    return this.#flights.takeTurn(key, () => (this.#lock ? this.#lock(key, task) : task()));
  }

  // Without a refresh token there is nothing to be early for.
  #isFresh(tokens: MetafyTokens | undefined): tokens is MetafyTokens {
    return tokens !== undefined && isFresh(tokens, tokens.refreshToken ? this.#refreshBeforeMs : 0);
  }

  #replace(key: string, refused: MetafyTokens | undefined): Promise<MetafyTokens> {
    return this.#exclusively(key, async () => {
      const tokens = await this.#store.read(key);
      const isRenewed = tokens?.accessToken !== refused?.accessToken && this.#isFresh(tokens);
      return isRenewed ? (tokens as MetafyTokens) : this.#rotation.refresh(key, tokens);
    });
  }

  async #renew(key: string, expiring: MetafyTokens | undefined): Promise<MetafyTokens> {
    let tokens = expiring;
    let hasTurn = false;
    const renewal = this.#exclusively(key, async () => {
      hasTurn = true;
      // Read again: whoever held the lock, or the flight before, may have renewed them.
      tokens = await this.#store.read(key);
      return this.#isFresh(tokens) ? tokens : await this.#rotation.refresh(key, tokens);
    });
    const useOld = () => (!hasTurn && tokens && isFresh(tokens, 0) ? tokens : renewal);
    try {
      return await within(renewal, this.#client.timeoutMs, useOld);
    } catch (error) {
      // The lock could not be had, as when others hold it in turn while Metafy hangs, or Metafy was out of reach.
      if (tokens && isFresh(tokens, 0) && (!hasTurn || isOutage(error))) return tokens;
      throw error;
    }
  }
}

function choosePauses({ store, lock }: MetafyUserTokensOptions): readonly number[] {
  // Nobody else rotates in a Map.
  if (store instanceof Map) return [];
  // Behind a lock only who has lost it, by a pause longer than its lease.
  return lock ? rereadPausesMs.slice(0, 5) : rereadPausesMs;
}

function toKey(userId: string): string {
  return `metafy-user:${explainMisuse('MetafyUserTokens', () => requireText('userId', userId))}`;
}

function isOutage(error: unknown): boolean {
  const upstreamStatus = (error instanceof MetafyError && error.upstreamStatus) || 0;
  return error instanceof MetafyResponseError || upstreamStatus === 429 || upstreamStatus >= 500;
}
