import { type Answer, forbiddenAnswer, invalidTokenAnswer, jsonAnswer, NEVER_STORE } from './answers';
import type { MetafyEmulatorUser } from './configuration';
import type { Incoming } from './incoming';
import { isRevoked, type Ledger } from './ledger';

/** `GET /irk/api/v1/me`, for tokens with the scope `profile`. */
export function answerMeRequest(
  { parameters, headers }: Incoming,
  ledger: Ledger,
  users: readonly MetafyEmulatorUser[],
): Answer {
  const token =
    /^bearer\s+(.*)$/is.exec(headers.authorization ?? '')?.[1] ??
    parameters.get('access_token') ??
    parameters.get('bearer_token') ??
    '';
  const record = ledger.findByAccessToken(token);
  if (!record) return invalidTokenAnswer('The access token is invalid');

  // Any use counts, also one that fails: from here on the pair before this one is over (R05 to R07).
  if (record.previous) record.previous.isRevoked = true;
  record.previous = undefined;

  if (isRevoked(record)) return invalidTokenAnswer('The access token was revoked');
  if (record.accessTokenExpiresAt.getTime() <= Date.now())
    return invalidTokenAnswer('The access token expired');
  if (!record.scope.includes('profile')) return forbiddenAnswer(NEVER_STORE);
  const user = users.find(({ id }) => id === record.userID);
  // A client's token without an owner behind it (C02).
  return user ? jsonAnswer({ user }) : forbiddenAnswer({ 'Cache-Control': 'no-cache' });
}
