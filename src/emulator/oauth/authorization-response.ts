import type { AuthorizationRequest } from './authorization-request';
import type { GrantStore } from './grant-store';

/** Where the browser is sent when the user allows: the redirect URI with a code. RFC 6749, section 4.1.2. */
export function allow(
  { application, redirectURI, state, codeChallenge, codeChallengeMethod }: AuthorizationRequest,
  store: GrantStore,
  userID: string,
  scope: readonly string[],
): string {
  const authorization = { clientID: application.clientID, userID, isRevoked: false };
  const code = store.issueCode({ authorization, redirectURI, scope, codeChallenge, codeChallengeMethod });
  return addToQuery(redirectURI, { code, state });
}

/** Where the browser is sent when the user denies: the redirect URI with an error. */
export function deny({ redirectURI, state }: AuthorizationRequest): string {
  return addToQuery(redirectURI, {
    error: 'access_denied',
    error_description: 'The resource owner or authorization server denied the request.',
    state,
  });
}

function addToQuery(redirectURI: string, parameters: Record<string, string | undefined>): string {
  const url = new URL(redirectURI);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.append(name, value);
  }
  return url.href;
}
