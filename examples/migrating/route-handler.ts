import { MetafyError, type MetafyUserTokens } from 'passport-metafy';
import { hasAccess } from './has-access';

/** The body of a Next.js route handler: `userId` is from the session that the application has. */
export async function answerAccess(
  userTokens: MetafyUserTokens,
  userId: string,
  communityId: string,
  baseURL?: string,
): Promise<Response> {
  try {
    return Response.json({ hasAccess: await hasAccess(userTokens, userId, communityId, baseURL) });
  } catch (error) {
    if (!(error instanceof MetafyError)) throw error;
    // 401 with `login_required`: send the person to sign in; 502 to 504: try again later.
    return Response.json({ error: error.code }, { status: error.status });
  }
}
