import { setTimeout as sleep } from 'node:timers/promises';
import type { MetafyClient } from './client';
import { MetafyOAuthError } from './errors';
import { requestRefresh } from './refresh';
import { SingleFlight } from './single-flight';
import type { TokenStore } from './token-store';
import { isFresh, type MetafyTokens } from './tokens';

/** Pauses, in milliseconds, before a store that did not keep the only copy of new tokens is asked again. */
const rewritePausesMs = [100, 400, 1600];

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
  readonly #store: TokenStore;
  readonly #pausesMs: readonly number[];
  readonly #writes = new SingleFlight<never>();

  /** @param pausesMs how to wait, after a refusal, for what another machine is about to store */
  constructor(client: MetafyClient, store: TokenStore, pausesMs: readonly number[]) {
    this.#client = client;
    this.#store = store;
    this.#pausesMs = pausesMs;
  }

  /** Stores the tokens of a sign-in; in this process never between a refresh's last look and its write. */
  async set(key: string, tokens: MetafyTokens): Promise<void> {
    await this.#writes.takeTurn(key, () => this.#store.write(key, tokens));
  }

  /** @throws MetafyOAuthError, MetafyResponseError as `MetafyUserTokens.get` */
  async refresh(key: string, tokens: MetafyTokens | undefined, rotations = 0): Promise<MetafyTokens> {
    if (!tokens?.refreshToken) throw toLoginRequired('no refresh token is stored that can be read');
    const { refreshToken, scope } = tokens;
    let current: MetafyTokens | undefined;
    try {
      const renewed = await requestRefresh(this.#client, refreshToken, undefined, scope);
      current = await this.#writes.takeTurn(key, () => this.#keep(key, refreshToken, renewed));
      if (current === renewed) return renewed;
    } catch (error) {
      if (!(error instanceof MetafyOAuthError && error.code === 'invalid_grant')) throw error;
      const newer = await this.#readNewer(key, refreshToken, this.#pausesMs);
      if (newer === unchanged) throw toLoginRequired('Metafy no longer takes the refresh token', error);
      current = newer;
    }
    if (current && isFresh(current, 0)) return current;
    if (rotations === maxRotations) throw toLoginRequired('its tokens change faster than they can be used');
    return this.refresh(key, current, rotations + 1);
  }

  /** Stores `renewed` in the place of `refreshToken`; resolves to what is stored then. */
  async #keep(key: string, refreshToken: string, renewed: MetafyTokens): Promise<MetafyTokens | undefined> {
    // A store that cannot be read at this moment must not cost the user the only copy.
    const newer = await this.#readNewer(key, refreshToken, []).catch((): typeof unchanged => unchanged);
    if (newer !== unchanged) return newer;
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#store.write(key, renewed);
        return renewed;
      } catch (error) {
        const pauseMs = rewritePausesMs[attempt];
        if (pauseMs === undefined) throw error;
        await sleep(pauseMs);
      }
    }
  }

  /** What is stored instead of `refreshToken`, waiting for it if need be; `unchanged` when that stays. */
  async #readNewer(
    key: string,
    refreshToken: string,
    pausesMs: readonly number[],
  ): Promise<MetafyTokens | undefined | typeof unchanged> {
    for (const pauseMs of [0, ...pausesMs]) {
      if (pauseMs > 0) await sleep(pauseMs);
      const current = await this.#store.read(key);
      if (current?.refreshToken !== refreshToken) return current;
    }
    return unchanged;
  }
}

function toLoginRequired(reason: string, cause?: MetafyOAuthError): MetafyOAuthError {
  return new MetafyOAuthError(`The user has to sign in with Metafy again: ${reason}.`, {
    code: 'login_required',
    status: 401,
    upstreamStatus: cause?.upstreamStatus,
    cause,
  });
}
