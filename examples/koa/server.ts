/*
 * Koa, with koa-passport and koa-session.
 *
 *   npm install passport-metafy koa koa-passport koa-session @koa/router
 */
import type { AddressInfo } from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import passport from 'koa-passport';
import session from 'koa-session';
import { MetafyStrategy } from 'passport-metafy';

const { METAFY_URL, SESSION_SECRET, PORT = '3000' } = process.env;
if (!SESSION_SECRET) throw new Error('SESSION_SECRET is missing.');

passport.use(
  new MetafyStrategy(
    {
      clientID: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      callbackURL: '/auth/metafy/callback',
      baseURL: METAFY_URL,
    },
    ({ profile }) => ({ id: profile.id, name: profile.displayName }),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user: Express.User, done) => done(null, user));

const router = new Router();
router.get('/auth/metafy', passport.authenticate('metafy'));
router.get(
  '/auth/metafy/callback',
  passport.authenticate('metafy', { successRedirect: '/', failureRedirect: '/login' }),
);
router.get('/login', (context) => {
  context.type = 'html';
  context.body = '<a href="/auth/metafy">Sign in with Metafy</a>';
});
router.get('/', (context) => {
  const { user } = context.state as { user?: { name?: string } };
  if (user) context.body = `Hello, ${user.name}`;
  else context.redirect('/login');
});

const app = new Koa();
app.keys = [SESSION_SECRET];
app.use(session({ sameSite: 'lax' }, app));
app.use(passport.initialize());
app.use(passport.session());
app.use(router.routes());

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
