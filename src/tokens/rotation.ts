import { setTimeout as sleep } from 'node:timers/promises';
import { MetafyOAuthError } from '../errors';
import type { MetafyClient } from '../metafy/client';
import { retry, retryDelaysMs } from '../metafy/retry';
import { requestRevocation } from '../metafy/token-endpoint';
import { isFresh, type MetafyTokens } from '../metafy/token-response';
import type { SealedStore } from '../util/sealed-store';
import { requestRefresh } from './refresh';

/** How often the tokens of one key may have been replaced, and expired, under one refresh. */
const maxRotations = 3;

const unchanged = Symbol('unchanged');

/**
 * Replaces stored tokens by new ones of Metafy's, which are in the store before anybody has them.
 *
 * What has been stored meanwhile, by another machine or a new sign-in, is newer than any answer, and wins.
 */
export class TokenRotation {
  readonly #client: MetafyClient;
  readonly #store: SealedStore<MetafyTokens>;
  readonly #rereadDelaysMs: readonly number[];

  /** @param rereadDelaysMs how to wait, after `invalid_grant`, for what another machine is about to store */
  constructor(client: MetafyClient, store: SealedStore<MetafyTokens>, rereadDelaysMs: readonly number[]) {
    this.#client = client;
    this.#store = store;
    this.#rereadDelaysMs = rereadDelaysMs;
  }

  /** @throws MetafyOAuthError, MetafyResponseError as `MetafyUserTokens.get` */
  async refresh(key: string, tokens: MetafyTokens | undefined, rotations = 0): Promise<MetafyTokens> {
    if (!tokens?.refreshToken) throw loginRequired('no refresh token is stored');
    const renewed = await requestRefresh(this.#client, tokens.refreshToken, [], tokens.scope).catch((error) => {
      if (error instanceof MetafyOAuthError && error.code === 'invalid_grant') return error;
      throw error;
    });
    const current =
      renewed instanceof MetafyOAuthError
        ? await this.#resolveInvalidGrant(key, tokens, renewed)
        : await this.#keep(key, tokens, renewed);
    if (current === renewed || (current && isFresh(current, 0))) return current as MetafyTokens;
    if (rotations === maxRotations) throw loginRequired('its tokens change faster than they can be used');
    return this.refresh(key, current, rotations + 1);
  }

  /** Stores `renewed` in the place of `tokens`; resolves to what is stored then. */
  async #keep(key: string, tokens: MetafyTokens, renewed: MetafyTokens): Promise<MetafyTokens> {
    // A store that cannot be read at this moment must not cost the user the only copy.
    const newer = await this.#readNewer(key, tokens, []).catch((): typeof unchanged => unchanged);
    if (newer === undefined) {
      // Signed out on another machine: what nobody keeps must not stay valid. Metafy may be out of reach.
      const token = renewed.refreshToken as string;
      await requestRevocation(this.#client, { token }).catch(() => undefined);
      throw loginRequired('the tokens were revoked or deleted meanwhile');
    }
    if (newer !== unchanged) return newer;
    await retry(() => this.#store.write(key, renewed), retryDelaysMs.storeWrite);
    return renewed;
  }

  /**
   * What another machine has stored, after Metafy refused our refresh token. Where there is nothing, the tokens count as
   * expired and lose their refresh token, so that any sign-in can replace what is left. `revoke` still needs that.
   */
  async #resolveInvalidGrant(
    key: string,
    tokens: MetafyTokens,
    cause: MetafyOAuthError,
  ): Promise<MetafyTokens | undefined> {
    const newer = await this.#readNewer(key, tokens, this.#rereadDelaysMs);
    if (newer !== unchanged) return newer;
    const { refreshToken: _, raw, ...rest } = tokens;
    const dropped = { ...rest, expiresAt: new Date(0), raw: { ...raw, refresh_token: undefined } };
    await this.#store.write(key, dropped).catch(() => undefined);
    throw loginRequired('Metafy no longer accepts the refresh token', cause);
  }

  /** What is stored instead of `tokens`, waiting for it if need be; `unchanged` when they stay. */
  async #readNewer(
    key: string,
    tokens: MetafyTokens,
    delaysMs: readonly number[],
  ): Promise<MetafyTokens | undefined | typeof unchanged> {
    for (const delayMs of [0, ...delaysMs]) {
      if (delayMs > 0) await sleep(delayMs);
      const current = await this.#store.read(key);
      // By the access token, which stays when a refused refresh token is dropped.
      if (current?.accessToken !== tokens.accessToken) return current;
    }
    return unchanged;
  }
}

function loginRequired(reason: string, cause?: MetafyOAuthError): MetafyOAuthError {
  return new MetafyOAuthError(`The user has to sign in with Metafy again: ${reason}.`, {
    code: 'login_required',
    upstreamStatus: cause?.upstreamStatus,
    cause,
  });
}
