import { MetafyError, MetafySignInError } from 'passport-metafy/web';
import { getSignIn } from '$lib/server/metafy';
import { createSession } from '$lib/server/session';

export const GET = async ({ request, cookies }) => {
  try {
    const { profile, headers } = await getSignIn().finish(request);
    await createSession(cookies, { id: profile.id, name: profile.displayName ?? 'somebody' });
    headers.set('Location', '/');
    return new Response(null, { status: 302, headers });
  } catch (error) {
    if (error instanceof MetafySignInError) {
      // Nobody was signed in: they declined, took too long, or did not start here.
      const headers = new Headers(error.headers);
      headers.set('Location', `/login?reason=${error.code}`);
      return new Response(null, { status: 302, headers });
    }
    if (!(error instanceof MetafyError)) throw error;
    console.error(error);
    return new Response('Metafy is not available at the moment. Please try again.', { status: error.status });
  }
};
