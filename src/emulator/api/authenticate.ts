import type { Configuration } from '../configuration';
import type { EmulatorRequest } from '../http/request';
import { bearerChallenge, type EmulatorResponse, NO_STORE } from '../http/response';
import { type GrantStore, isRevoked } from '../oauth/grant-store';

/** Who an API request acts for, and what it may ask for. */
export interface Access {
  /** Absent for the token of an application without an owner. */
  readonly userID: string | undefined;
  readonly scope: readonly string[];
}

/** The access that the bearer token or API key of a request gives, or the 401 that it is answered with. */
export function authenticate(
  { parameters, headers }: EmulatorRequest,
  { apiKeys }: Configuration,
  store: GrantStore,
): Access | EmulatorResponse {
  const bearer = /^bearer\s+(.*)$/is.exec(headers.authorization ?? '')?.[1];
  const apiKey = apiKeys.find(({ key }) => key === bearer);
  if (apiKey) return { userID: apiKey.ownerID, scope: apiKey.scopes };

  const token = bearer ?? parameters.get('access_token') ?? parameters.get('bearer_token') ?? '';
  const pair = store.findByAccessToken(token);
  if (!pair) return unauthorized('The access token is invalid');

  // Any use counts, even one that fails: from here on the pair before this one is over (R05 to R07).
  if (pair.previous) pair.previous.isRevoked = true;
  pair.previous = undefined;

  if (isRevoked(pair)) return unauthorized('The access token was revoked');
  if (pair.accessTokenExpiresAt <= Date.now()) return unauthorized('The access token expired');
  return { userID: pair.authorization.userID, scope: pair.scope };
}

/** 403 for a token without a scope; older versions of Doorkeeper do not say so in `WWW-Authenticate` (M11). */
export function insufficientScope(scope: string, { insufficientScopeHeader }: Configuration): EmulatorResponse {
  const description = `Access to this resource requires scope ${scope}.`;
  const challenge = { 'WWW-Authenticate': bearerChallenge('insufficient_scope', description) };
  return emptyResponse(403, { ...NO_STORE, ...(insufficientScopeHeader && challenge) });
}

/** 403 without a reason. */
export function forbidden(): EmulatorResponse {
  return emptyResponse(403, { 'Cache-Control': 'no-cache' });
}

/** 401: the reason is in `WWW-Authenticate` only. */
function unauthorized(description: string): EmulatorResponse {
  const challenge = bearerChallenge('invalid_token', description);
  return emptyResponse(401, { ...NO_STORE, 'WWW-Authenticate': challenge });
}

function emptyResponse(status: number, headers: Record<string, string>): EmulatorResponse {
  return { status, headers: { 'Content-Type': 'text/html', ...headers }, body: '' };
}
