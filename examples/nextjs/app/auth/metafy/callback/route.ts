import { connection } from 'next/server';
import { MetafyError, MetafySignInError } from 'passport-metafy/web';
import { getMetafy } from '@/lib/metafy';
import { createSession } from '@/lib/session';

export async function GET(request: Request): Promise<Response> {
  await connection(); // not while the application is built
  const { signIn, tokens: userTokens, supporters } = getMetafy();
  try {
    const { profile, tokens, state, headers } = await signIn.finish(request);
    await userTokens.set(profile.id, tokens);
    await supporters.forget(profile.id);
    await createSession({ id: profile.id, name: profile.displayName ?? 'somebody' });
    const { returnTo } = state as { returnTo?: unknown };
    headers.set('Location', toLocalPath(returnTo));
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
    const headers = new Headers({ 'Cache-Control': 'no-store' });
    if (error.retryAfterMs) headers.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
    return new Response('Metafy is not available at the moment. Please try again.', { status: error.status, headers });
  }
}

// Only a path of this site: `//evil.example`, `/\evil.example` and `https:…` lead elsewhere.
function toLocalPath(returnTo: unknown): string {
  return typeof returnTo === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(returnTo) ? returnTo : '/';
}
