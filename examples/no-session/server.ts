/*
 * Express without a session: the sign-in ends in a JWT in a cookie, and the server keeps nothing.
 *
 *   npm install passport-metafy passport express cookie jose
 */
import type { AddressInfo } from 'node:net';
import { parse } from 'cookie';
import express from 'express';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import passport from 'passport';
import { MetafyStrategy } from 'passport-metafy';

const { METAFY_URL, SESSION_SECRET, PORT = '3000' } = process.env;
if (!SESSION_SECRET) throw new Error('SESSION_SECRET is missing.');
const key = new TextEncoder().encode(SESSION_SECRET);

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

const app = express();
app.get('/auth/metafy', passport.authenticate('metafy', { session: false }));
app.get(
  '/auth/metafy/callback',
  passport.authenticate('metafy', { session: false, failureRedirect: '/login' }),
  async (req, res) => {
    const { id, name } = req.user as { id: string; name?: string };
    const token = await new SignJWT({ name })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(id)
      .setExpirationTime('8h')
      .sign(key);
    res.cookie('user', token, { httpOnly: true, sameSite: 'lax', secure: req.secure });
    res.redirect('/');
  },
);

app.get('/login', (_req, res) => {
  res.send('<a href="/auth/metafy">Sign in with Metafy</a>');
});
app.get('/', async (req, res) => {
  const user = await readUser(req.headers.cookie);
  if (user) res.type('text').send(`Hello, ${user.name}`);
  else res.redirect('/login');
});

async function readUser(cookies = ''): Promise<JWTPayload | undefined> {
  const token = parse(cookies).user ?? '';
  const verified = await jwtVerify(token, key, { algorithms: ['HS256'] }).catch(() => undefined);
  return verified?.payload;
}

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
