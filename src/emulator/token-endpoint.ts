import { type Answer, oauthErrorAnswer, tokenAnswer } from './answers';
import { readCredentials } from './credentials';
import type { Grants } from './grants';
import type { Incoming } from './incoming';
import { OAuthProblem } from './problems';

/** `POST /irk/oauth/token`. */
export async function answerTokenRequest(
  { parameters, headers }: Incoming,
  grants: Grants,
  accessTokenLifetimeSeconds: number,
): Promise<Answer> {
  try {
    const credentials = readCredentials(headers.authorization, parameters);
    const issued = await grants.issueTokens(parameters, credentials);
    // Not the library's token response: that counts `expires_in` down from its own clock and knows no `created_at`.
    return tokenAnswer({
      access_token: issued.accessToken,
      token_type: 'Bearer',
      expires_in: accessTokenLifetimeSeconds,
      refresh_token: issued.refreshToken,
      scope: issued.scope.join(' '),
      created_at: Math.floor(issued.createdAt.getTime() / 1000),
    });
  } catch (error) {
    if (error instanceof OAuthProblem) return oauthErrorAnswer(error);
    throw error;
  }
}
