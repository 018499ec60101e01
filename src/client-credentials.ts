import { type MetafyClient, type MetafyClientOptions, resolveClient } from './client';
import { explainMisuse, requireDuration, requireScope } from './options';
import { SingleFlight } from './single-flight';
import { requestRevocation, requestToken } from './token-endpoint';
import { type MetafyStore, TokenStore } from './token-store';
import { isFresh, type MetafyTokens, splitScope, toMetafyTokens } from './tokens';

/** The application, what to ask for, and where to keep the token. */
export interface MetafyClientCredentialsOptions extends MetafyClientOptions {
  /** Several as a list or separated by spaces. @default what Metafy grants */
  scope?: string | readonly string[] | undefined;
  /**
   * How long before its expiry a token is replaced, in milliseconds.
   * @default 60_000
   */
  refreshBeforeMs?: number | undefined;
  /** Shares the token among processes and machines. One that fails is done without. */
  cache?: MetafyStore | undefined;
  /** Seals the token in `cache`. Several: the first seals, all open. */
  secret?: string | readonly string[] | undefined;
}

/** A cache that takes longer, in milliseconds, is done without. */
const cachePatienceMs = 1000;

/**
 * The token of the application's owner (client credentials grant), fetched when needed and kept until shortly
 * before it expires.
 *
 * @see RFC 6749, section 4.4; Metafy's documentation
 */
export class MetafyClientCredentials {
  readonly #client: MetafyClient;
  readonly #scopes: string[];
  readonly #refreshBeforeMs: number;
  readonly #cache: TokenStore | undefined;
  readonly #cacheKey: string;
  readonly #flights = new SingleFlight<MetafyTokens>();
  #tokens: MetafyTokens | undefined;

  /** @throws TypeError naming the option at fault */
  constructor(options: MetafyClientCredentialsOptions) {
    const owner = 'MetafyClientCredentials';
    this.#client = resolveClient(owner, options);
    this.#scopes = splitScope(explainMisuse(owner, () => requireScope(options.scope ?? [])));
    this.#refreshBeforeMs = explainMisuse(owner, () =>
      requireDuration('refreshBeforeMs', options.refreshBeforeMs ?? 60_000),
    );
    this.#cache =
      options.cache &&
      new TokenStore(
        owner,
        'cache',
        options.cache,
        options.secret,
        Math.min(cachePatienceMs, this.#client.timeoutMs),
      );
    const { clientID, token } = this.#client;
    this.#cacheKey = `metafy-client:${JSON.stringify([token.place, clientID, ...[...this.#scopes].sort()])}`;
  }

  /**
   * Tokens that are valid now, from memory where possible. Calls at the same time share one request and its
   * failure; a failure is not remembered. There is never a `refreshToken`.
   *
   * @param options `force` asks Metafy for a new token, for example after its API answered 401
   * @throws MetafyOAuthError when Metafy refuses: `invalid_client`, `invalid_scope`
   * @throws MetafyResponseError when Metafy gives no usable answer
   */
  async getToken({ force = false }: { force?: boolean } = {}): Promise<MetafyTokens> {
    if (force) return this.#flights.run('force', () => this.#inTurn(() => this.#request()));
    if (this.#tokens && isFresh(this.#tokens, this.#refreshBeforeMs)) return this.#tokens;
    return this.#flights.run('get', () => this.#inTurn(() => this.#readOrRequest()));
  }

  /**
   * Revokes the token at Metafy and forgets it, here and in `cache`; the next `getToken` asks for a new one.
   *
   * @throws MetafyOAuthError, MetafyResponseError as `revokeToken`; nothing is forgotten then
   */
  async revoke(): Promise<void> {
    await this.#inTurn(async () => {
      // Another machine may have put a newer one into the cache.
      const cached = await this.#cache?.read(this.#cacheKey);
      const tokens = new Set([this.#tokens, cached].flatMap((known) => known?.accessToken ?? []));
      for (const token of tokens) {
        await requestRevocation(this.#client, { token, token_type_hint: 'access_token' });
      }
      this.#tokens = undefined;
      await this.#cache?.delete(this.#cacheKey);
    });
  }

  // A token must not arrive while it is being revoked.
  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#flights.takeTurn('token', task);
  }

  async #readOrRequest(): Promise<MetafyTokens> {
    if (this.#tokens && isFresh(this.#tokens, this.#refreshBeforeMs)) return this.#tokens;
    const cached = await this.#cache?.read(this.#cacheKey).catch(() => undefined);
    if (!cached || !isFresh(cached, this.#refreshBeforeMs)) return this.#request();
    this.#tokens = cached;
    return cached;
  }

  async #request(): Promise<MetafyTokens> {
    const response = await requestToken(this.#client, {
      grant_type: 'client_credentials',
      ...(this.#scopes.length > 0 && { scope: this.#scopes.join(' ') }),
    });
    const tokens = toMetafyTokens({ ...response, refresh_token: undefined }, Date.now(), this.#scopes);
    this.#tokens = tokens;
    const ttlMs = tokens.expiresAt.getTime() - Date.now();
    if (ttlMs > 0) await this.#cache?.write(this.#cacheKey, tokens, ttlMs).catch(() => undefined);
    return tokens;
  }
}
