import { getMetafy } from '@/lib/metafy';
import { endSession, readSession } from '@/lib/session';

export async function POST(): Promise<Response> {
  const user = await readSession();
  await endSession();
  let location = '/';
  if (user) {
    const { tokens, supporters } = getMetafy();
    await supporters.forget(user.id);
    try {
      await tokens.revoke(user.id);
    } catch (error) {
      // The tokens are kept, to try again. The person is signed out of your site all the same.
      console.error(error);
      location = '/login?reason=not_revoked';
    }
  }
  return new Response(null, { status: 303, headers: { Location: location } });
}
