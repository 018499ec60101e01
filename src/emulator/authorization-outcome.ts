import type { AuthorizationRequest } from './authorization-request';
import type { Grants } from './grants';

/** The parameters the application is called back with, in the order they were recorded. */
export type AuthorizationOutcome = Record<string, string | undefined>;

/** The user allows: a code. */
export async function grantAuthorization(
  request: AuthorizationRequest,
  grants: Grants,
  userID: string,
  scope: readonly string[],
): Promise<AuthorizationOutcome> {
  return { code: await grants.issueCode(request, userID, scope), state: request.state };
}

/** The user denies: an error. */
export function refuseAuthorization({ state }: AuthorizationRequest): AuthorizationOutcome {
  return {
    error: 'access_denied',
    error_description: 'The resource owner or authorization server denied the request.',
    state,
  };
}
