import { type MetafyClient, type MetafyClientOptions, resolveClient } from '../metafy/client';
import { requestRevocation, requestToken } from '../metafy/token-endpoint';
import { isFresh, type MetafyTokens, parseStoredTokens, splitScope, toMetafyTokens } from '../metafy/token-response';
import type { TokenSource } from '../metafy/token-source';
import { rejectMisnamed, requireDuration, requireStrings } from '../util/assert';
import { KeyedMutex, shareInFlight } from '../util/keyed-mutex';
import { type MetafyStore, SealedStore } from '../util/sealed-store';

/** The application, what to ask for, and where to keep the token. */
export interface MetafyClientCredentialsOptions extends MetafyClientOptions {
  /** Several as a list or separated by spaces. @default what Metafy grants */
  scope?: string | readonly string[] | undefined;
  /**
   * How long before its expiry a token is replaced, in milliseconds.
   * @default 60_000
   */
  refreshBeforeMs?: number | undefined;
  /** Shares the token among processes and machines. While it fails, Metafy is asked instead. */
  cache?: MetafyStore | undefined;
  /** Seals the token in `cache`: at least 32 characters. Several: the first seals, all open. */
  secret?: string | readonly string[] | undefined;
}

/** How long the cache may take for one answer, in milliseconds. */
const cacheTimeoutMs = 1000;

/**
 * The token of the application's owner (client credentials grant), fetched when needed and kept until shortly before it
 * expires.
 *
 * @see RFC 6749, section 4.4; Metafy's documentation
 */
export class MetafyClientCredentials implements TokenSource {
  readonly #client: MetafyClient;
  readonly #scopes: string[];
  readonly #refreshBeforeMs: number;
  readonly #cache: SealedStore<MetafyTokens> | undefined;
  readonly #cacheKey: string;
  readonly #mutex = new KeyedMutex();
  readonly #inFlight = new Map<string, Promise<MetafyTokens>>();
  #tokens: MetafyTokens | undefined;

  /** @throws TypeError naming the option at fault */
  constructor(options: MetafyClientCredentialsOptions) {
    this.#client = resolveClient(options);
    rejectMisnamed(options, ['scope', 'refreshBeforeMs', 'cache', 'secret']);
    this.#scopes = splitScope(requireStrings('scope', options.scope ?? []));
    this.#refreshBeforeMs = requireDuration('refreshBeforeMs', options.refreshBeforeMs ?? 60_000);
    const { clientID, tokenURL, timeoutMs } = this.#client;
    this.#cache =
      options.cache &&
      new SealedStore(options.cache, options, {
        option: 'cache',
        purpose: 'tokens',
        timeoutMs: Math.min(cacheTimeoutMs, timeoutMs),
        parse: parseStoredTokens,
      });
    this.#cacheKey = `metafy-client:${JSON.stringify([tokenURL.href, clientID, ...[...this.#scopes].sort()])}`;
  }

  /**
   * Tokens that are valid now, from memory where possible. Calls at the same time share one request and its failure; a
   * failure is not remembered. There is never a `refreshToken`.
   *
   * @param options `rejectedToken` is an access token that the API has answered with 401: it is not handed out again,
   *   and many calls that name it cause one request
   * @throws MetafyOAuthError when Metafy refuses: `invalid_client`, `invalid_scope`
   * @throws MetafyResponseError when Metafy gives no usable answer
   */
  async getToken({ rejectedToken }: { rejectedToken?: string | undefined } = {}): Promise<MetafyTokens> {
    const isUsable = (tokens: MetafyTokens | undefined): tokens is MetafyTokens =>
      tokens !== undefined && isFresh(tokens, this.#refreshBeforeMs) && tokens.accessToken !== rejectedToken;
    if (isUsable(this.#tokens)) return this.#tokens;
    return shareInFlight(this.#inFlight, rejectedToken ?? '', () =>
      this.#runExclusive(async () => {
        if (isUsable(this.#tokens)) return this.#tokens;
        const cached = await this.#cache?.read(this.#cacheKey).catch(() => undefined);
        if (!isUsable(cached)) return this.#request();
        this.#tokens = cached;
        return cached;
      }),
    );
  }

  /**
   * Revokes the token at Metafy and forgets it, here and in `cache`; the next `getToken` asks for a new one.
   *
   * @throws MetafyOAuthError, MetafyResponseError as `revokeToken`; nothing is forgotten then
   * @throws Error when the cache fails or what it holds does not open: the token in it may still work
   */
  async revoke(): Promise<void> {
    await this.#runExclusive(async () => {
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
  #runExclusive<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#mutex.runExclusive('token', task);
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
