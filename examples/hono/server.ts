/*
 * Hono on Node.js, with the session in a signed cookie.
 *
 *   npm install passport-metafy hono @hono/node-server
 */
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { sign, verify } from 'hono/jwt';
import { MetafyError, MetafySignIn, MetafySignInError } from 'passport-metafy/web';

const { APP_URL = 'http://localhost:3000', PORT = '3000', SESSION_SECRET = '' } = process.env;
if (SESSION_SECRET.length < 32) throw new Error('SESSION_SECRET must have at least 32 characters.');
const lifetimeSeconds = 8 * 60 * 60;

const signIn = new MetafySignIn({
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  callbackURL: `${APP_URL}/auth/metafy/callback`,
  baseURL: process.env.METAFY_URL, // unset in production: metafy.gg
});

const app = new Hono();

app.get('/auth/metafy', (c) => signIn.start(c.req.raw));

app.get('/auth/metafy/callback', async (c) => {
  const { profile, headers } = await signIn.finish(c.req.raw);
  addHeaders(c, headers);
  const claims = { sub: profile.id, name: profile.displayName, exp: Math.floor(Date.now() / 1000) + lifetimeSeconds };
  setCookie(c, 'session', await sign(claims, SESSION_SECRET), {
    httpOnly: true,
    sameSite: 'Lax',
    secure: APP_URL.startsWith('https:'),
    maxAge: lifetimeSeconds,
  });
  return c.redirect('/');
});

app.onError((error, c) => {
  if (error instanceof MetafySignInError) {
    // Nobody was signed in: they declined, took too long, or did not start here.
    if (error.headers) addHeaders(c, error.headers);
    return c.redirect(`/login?reason=${error.code}`);
  }
  console.error(error);
  const status = error instanceof MetafyError ? error.status : 500;
  return new Response('Please try again later.', { status });
});

// A Response made with them would lack the cookie that `setCookie` has set.
function addHeaders(c: Context, headers: Headers): void {
  for (const [name, value] of headers) c.header(name, value, { append: true });
}

app.get('/login', (c) => c.html('<a href="/auth/metafy">Sign in with Metafy</a>'));

app.get('/', async (c) => {
  const session = await verify(getCookie(c, 'session') ?? '', SESSION_SECRET, 'HS256').catch(() => undefined);
  if (!session) return c.redirect('/login');
  return c.text(`Hello, ${session.name}`);
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT) }, () => console.log(APP_URL));
