import { type MetafyClient, type MetafyClientOptions, resolveClient } from '../metafy/client';
import { requestToken } from '../metafy/token-endpoint';
import { type MetafyTokens, splitScope, toMetafyTokens } from '../metafy/token-response';
import { requireStrings, requireToken } from '../util/assert';

/** What one refresh may ask for. */
export interface RefreshOptions {
  /** Narrows the new access token to some of the scopes granted. */
  scope?: string | readonly string[] | undefined;
}

/**
 * Exchanges a refresh token for new tokens, once.
 *
 * Metafy rotates: the answer holds a new refresh token, and the old one stops working, at once or when the new access
 * token is first used. Store the new one before using anything. When the answer has none, the result keeps the old one.
 *
 * @param client the same keys as the strategy's options
 * @throws TypeError before any request, for a token that is not one or a missing option
 * @throws MetafyOAuthError when Metafy refuses: `invalid_grant` for a token that is used up, expired or revoked
 * @throws MetafyResponseError when Metafy gives no usable answer; the refresh may have happened all the same
 * @see RFC 6749, section 6; Metafy's documentation
 */
export async function refreshTokens(
  client: MetafyClientOptions,
  refreshToken: string,
  options: RefreshOptions = {},
): Promise<MetafyTokens> {
  const resolved = resolveClient(client);
  requireToken('refreshToken', refreshToken);
  return requestRefresh(resolved, refreshToken, requireStrings('scope', options.scope ?? []));
}

/**
 * `refreshTokens` with a client that is already checked.
 *
 * @param granted the scopes of the tokens before, for an answer that names none
 */
export async function requestRefresh(
  client: MetafyClient,
  refreshToken: string,
  scope: string | readonly string[],
  granted?: string[],
): Promise<MetafyTokens> {
  const scopes = splitScope(scope);
  const response = await requestToken(client, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  });
  const tokens = toMetafyTokens(response, Date.now(), granted ?? scopes);
  tokens.refreshToken ??= refreshToken;
  return tokens;
}
