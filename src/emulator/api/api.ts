import type { EmulatorRequest } from '../http/request';
import { bearerChallenge, type EmulatorResponse, jsonResponse, NO_STORE } from '../http/response';
import { type GrantStore, isRevoked } from '../oauth/grant-store';
import type { MetafyEmulatorUser } from '../options';

/** `GET /irk/api/v1/me`, for tokens with the scope `profile`. */
export function respondToProfileRequest(
  { parameters, headers }: EmulatorRequest,
  store: GrantStore,
  users: readonly MetafyEmulatorUser[],
): EmulatorResponse {
  const token =
    /^bearer\s+(.*)$/is.exec(headers.authorization ?? '')?.[1] ??
    parameters.get('access_token') ??
    parameters.get('bearer_token') ??
    '';
  const pair = store.findByAccessToken(token);
  if (!pair) return invalidToken('The access token is invalid');

  // Any use counts, even one that fails: from here on the pair before this one is over (R05 to R07).
  if (pair.previous) pair.previous.isRevoked = true;
  pair.previous = undefined;

  if (isRevoked(pair)) return invalidToken('The access token was revoked');
  if (pair.accessTokenExpiresAt <= Date.now()) return invalidToken('The access token expired');
  if (!pair.scope.includes('profile')) return forbidden(NO_STORE);
  const user = users.find(({ id }) => id === pair.authorization.userID);
  // The token of an application without an owner (C02).
  return user ? jsonResponse({ user }) : forbidden({ 'Cache-Control': 'no-cache' });
}

/** 401 without a body: the reason is in `WWW-Authenticate` only. */
function invalidToken(description: string): EmulatorResponse {
  const challenge = { 'WWW-Authenticate': bearerChallenge('invalid_token', description) };
  return { status: 401, headers: { 'Content-Type': 'text/html', ...NO_STORE, ...challenge }, body: '' };
}

function forbidden(headers: Record<string, string>): EmulatorResponse {
  return { status: 403, headers: { 'Content-Type': 'text/html', ...headers }, body: '' };
}
