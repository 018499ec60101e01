import { MetafySignIn, MetafySignInError } from 'passport-metafy/web';
import { createSession } from './session';

const metafy = new MetafySignIn({
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  callbackURL: `${process.env.APP_URL}/auth/metafy/callback`, // such as https://example.com/auth/metafy/callback
  baseURL: process.env.METAFY_URL, // an emulator's; unset in production
});

/** GET /auth/metafy */
export function startSignIn(request: Request): Promise<Response> {
  return metafy.start(request, { state: { returnTo: '/' } });
}

/** GET /auth/metafy/callback */
export async function finishSignIn(request: Request): Promise<Response> {
  try {
    const { profile, headers } = await metafy.finish(request);
    headers.append('Set-Cookie', await createSession(profile)); // your own session
    headers.set('Location', '/');
    return new Response(null, { status: 302, headers });
  } catch (error) {
    if (!(error instanceof MetafySignInError)) throw error;
    return new Response(error.message, { status: error.status, headers: error.headers });
  }
}
