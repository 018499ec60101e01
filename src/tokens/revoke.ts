import { type MetafyClientOptions, resolveClient } from '../metafy/client';
import { requestRevocation } from '../metafy/token-endpoint';
import { requireToken } from '../util/assert';

/** What one revocation may say beside the token. */
export interface RevokeOptions {
  /** What kind of token it is; Metafy finds it without. */
  tokenTypeHint?: 'access_token' | 'refresh_token' | undefined;
}

/**
 * Revokes at Metafy. The **whole authorization** goes: every access and refresh token of it, whichever one is given. Also
 * resolves for a token that is unknown or already revoked.
 *
 * @param client the same keys as the strategy's options
 * @throws TypeError before any request, for a token or hint that is not one or a missing option
 * @throws MetafyOAuthError when Metafy refuses: `unauthorized_client` for wrong credentials, or a token of another
 *   application
 * @throws MetafyResponseError when Metafy gives no usable answer; it may be revoked or not
 * @see RFC 7009; Metafy's documentation
 */
export async function revokeToken(
  client: MetafyClientOptions,
  token: string,
  options: RevokeOptions = {},
): Promise<void> {
  const resolved = resolveClient(client);
  requireToken('token', token);
  const { tokenTypeHint } = options;
  if (![undefined, 'access_token', 'refresh_token'].includes(tokenTypeHint)) {
    throw new TypeError("option `tokenTypeHint` must be 'access_token' or 'refresh_token'");
  }
  await requestRevocation(resolved, { token, ...(tokenTypeHint && { token_type_hint: tokenTypeHint }) });
}
