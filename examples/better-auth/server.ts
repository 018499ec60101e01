/*
 * Better Auth with Metafy as a provider, in Hono.
 *
 *   npm install better-auth hono @hono/node-server
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { auth } from './auth.js';

const app = new Hono();

app.all('/api/auth/*', (c) => auth.handler(c.req.raw));

// What `authClient.signIn.social({ provider: 'metafy' })` does in a browser.
app.get('/auth/metafy', async (c) => {
  const body = { provider: 'metafy', callbackURL: '/', errorCallbackURL: '/login' };
  const { headers, response } = await auth.api.signInSocial({ body, returnHeaders: true });
  for (const line of headers.getSetCookie()) c.header('Set-Cookie', line, { append: true });
  return c.redirect(response.url ?? '/login');
});

app.get('/login', (c) => c.html('<a href="/auth/metafy">Sign in with Metafy</a>'));

app.get('/', async (c) => {
  const session = await auth.api.getSession({ headers: c.req.raw.headers });
  return session ? c.text(`Hello, ${session.user.name}`) : c.redirect('/login');
});

const port = Number(process.env.PORT ?? 3000);
serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () => console.log(process.env.APP_URL));
