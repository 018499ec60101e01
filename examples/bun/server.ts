/*
 * Bun's own server, with the session in a signed cookie.
 *
 *   bun add passport-metafy jose
 */
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { MetafyError, MetafySignIn, MetafySignInError } from 'passport-metafy/web';

const { APP_URL = 'http://localhost:3000', PORT = '3000', SESSION_SECRET = '' } = process.env;
if (SESSION_SECRET.length < 32) throw new Error('SESSION_SECRET must have at least 32 characters.');
const key = new TextEncoder().encode(SESSION_SECRET);

const signIn = new MetafySignIn({
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  callbackURL: `${APP_URL}/auth/metafy/callback`,
  baseURL: process.env.METAFY_URL, // unset in production: metafy.gg
});

function redirect(location: string, headers = new Headers()): Response {
  headers.set('Location', location);
  return new Response(null, { status: 302, headers });
}

async function readSession(cookies: Bun.CookieMap): Promise<JWTPayload | undefined> {
  const verified = await jwtVerify(cookies.get('session') ?? '', key, { algorithms: ['HS256'] }).catch(() => undefined);
  return verified?.payload;
}

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(PORT),
  routes: {
    '/auth/metafy': (request) => signIn.start(request),

    '/auth/metafy/callback': async (request) => {
      const { profile, headers } = await signIn.finish(request);
      const token = await new SignJWT({ name: profile.displayName })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(profile.id)
        .setExpirationTime('8h')
        .sign(key);
      const secure = APP_URL.startsWith('https:');
      request.cookies.set('session', token, { httpOnly: true, sameSite: 'lax', secure, maxAge: 8 * 60 * 60 });
      return redirect('/', headers);
    },

    '/login': () =>
      new Response('<a href="/auth/metafy">Sign in with Metafy</a>', { headers: { 'Content-Type': 'text/html' } }),

    '/': async (request) => {
      const session = await readSession(request.cookies);
      return session ? new Response(`Hello, ${session.name}`) : redirect('/login');
    },
  },
  error(error) {
    // Nobody was signed in: they declined, took too long, or did not start here.
    if (error instanceof MetafySignInError) return redirect(`/login?reason=${error.code}`, error.headers);
    console.error(error);
    const status = error instanceof MetafyError ? error.status : 500;
    return new Response('Please try again later.', { status });
  },
});
