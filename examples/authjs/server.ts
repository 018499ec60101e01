/*
 * Auth.js with Metafy as a provider, in Hono.
 *
 *   npm install @auth/core hono @hono/node-server
 */
import { Auth } from '@auth/core';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { authConfig } from './auth.js';

const app = new Hono();

// Its own pages: `/auth/signin` has the button, and `/auth/callback/metafy` is what to register at Metafy.
app.all('/auth/*', (c) => Auth(c.req.raw, authConfig));

app.get('/', async (c) => {
  const request = new Request(new URL('/auth/session', c.req.url), { headers: c.req.raw.headers });
  const session = (await (await Auth(request, authConfig)).json()) as { user?: { name?: string } } | null;
  return session?.user ? c.text(`Hello, ${session.user.name}`) : c.redirect('/auth/signin');
});

const port = Number(process.env.PORT ?? 3000);
serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () => console.log(process.env.APP_URL));
