import { type MetafyTokens, parseStoredTokens } from '../metafy/token-response';
import type { JSONObject } from '../util/json';
import { SealedStore } from '../util/sealed-store';

/** Tokens in a `MetafyStore`. */
export class TokenStore extends SealedStore {
  /**
   * `undefined` when there is nothing.
   *
   * @throws Error when there is something that does not open, or is no tokens
   */
  async readTokens(key: string): Promise<MetafyTokens | undefined> {
    const json = await this.read(key);
    const tokens = parseStoredTokens(json);
    if (json && !tokens) throw new Error('What is stored in the place of tokens is none.');
    return tokens;
  }

  /** @throws TypeError for tokens that `readTokens` would not take for some */
  async writeTokens(key: string, tokens: MetafyTokens, ttlMs?: number): Promise<void> {
    if (!parseStoredTokens(JSON.parse(JSON.stringify(tokens)) as JSONObject)) {
      throw new TypeError('The tokens to be stored lack a list `scope` or a date `expiresAt`.');
    }
    await this.write(key, tokens, ttlMs);
  }
}
