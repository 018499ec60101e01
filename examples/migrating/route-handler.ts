import { type MetafyCommunityAccess, MetafyError } from 'passport-metafy';

/** The body of a route handler: `userId` is from the session that the application has. */
export async function answerAccess(access: MetafyCommunityAccess, userId: string): Promise<Response> {
  try {
    const { hasAccess } = await access.check(userId);
    return Response.json({ hasAccess });
  } catch (error) {
    if (!(error instanceof MetafyError)) throw error;
    // 401 `login_required` and 403 `insufficient_scope`: send the user to sign in; 502 to 504: try again later.
    return Response.json({ error: error.code }, { status: error.status });
  }
}
