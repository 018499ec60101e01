import type { Configuration } from '../configuration';
import type { EmulatorRequest } from '../http/request';
import { type EmulatorResponse, JSON_TYPE, jsonResponse } from '../http/response';
import { authenticateClient, readClientCredentials } from './client-authentication';
import type { GrantStore } from './grant-store';

/**
 * `POST /irk/oauth/revoke`.
 *
 * Metafy documents that any token revokes every access and refresh token of its authorization, which is more
 * than a bare Doorkeeper does (V27, V30, V31). `token_type_hint` makes no difference, and an unknown token
 * counts as revoked.
 */
export function respondToRevocation(
  request: EmulatorRequest,
  { applications }: Configuration,
  store: GrantStore,
): EmulatorResponse {
  const token = request.parameters.get('token') ?? '';
  const authorization = (store.findByAccessToken(token) ?? store.findByRefreshToken(token))?.authorization;
  if (!authorization) return jsonResponse({});
  const application = authenticateClient(readClientCredentials(request), applications);
  if (application?.clientID !== authorization.clientID) {
    return {
      status: 403,
      headers: { 'Content-Type': JSON_TYPE, 'Cache-Control': 'no-cache' },
      body: JSON.stringify({
        error: 'unauthorized_client',
        error_description: 'You are not authorized to revoke this token',
      }),
    };
  }
  authorization.isRevoked = true;
  return jsonResponse({});
}
