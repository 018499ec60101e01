import { type MetafyTokens, parseStoredTokens } from '../metafy/token-response';
import { SealedStore, UnreadableValueError } from '../util/sealed-store';

/** Tokens in a `MetafyStore`. */
export class TokenStore extends SealedStore {
  /**
   * `undefined` when there is nothing.
   *
   * @throws UnreadableValueError when there is something that does not open, or is not tokens
   */
  async readTokens(key: string): Promise<MetafyTokens | undefined> {
    const json = await this.read(key);
    const tokens = parseStoredTokens(json);
    if (json && !tokens) throw new UnreadableValueError('A stored value is not tokens: something else wrote it.');
    return tokens;
  }
}
