import { type Answer, jsonAnswer, unauthorizedClientAnswer } from './answers';
import { readCredentials } from './credentials';
import type { Grants } from './grants';
import type { Incoming } from './incoming';
import type { Ledger } from './ledger';

/**
 * `POST /irk/oauth/revoke`.
 *
 * Metafy documents that any token revokes every access and refresh token of its authorization, which is more
 * than a bare Doorkeeper does (V27, V30, V31). `token_type_hint` makes no difference, and a token nobody
 * knows is as good as revoked.
 */
export function answerRevokeRequest(
  { parameters, headers }: Incoming,
  grants: Grants,
  ledger: Ledger,
): Answer {
  const token = parameters.get('token') ?? '';
  const record = ledger.findByAccessToken(token) ?? ledger.findByRefreshToken(token);
  if (!record) return jsonAnswer({});
  const application = grants.authenticate(readCredentials(headers.authorization, parameters));
  if (application?.clientID !== record.clientID) return unauthorizedClientAnswer();
  record.consent.isRevoked = true;
  return jsonAnswer({});
}
