/*
 * One of any number of servers. Whatever a request may need on the next machine is in Redis: sessions, tokens and
 * the lock. A sign-in that is under way needs nothing there, it is in a sealed cookie.
 *
 *   npm install passport-metafy passport express express-session \
 *     connect-redis@9 redis@5 keyv@5 @keyv/redis@5 redis-semaphore@5 ioredis@6
 */
import type { AddressInfo } from 'node:net';
import { createKeyv } from '@keyv/redis';
import { RedisStore } from 'connect-redis';
import express, { type ErrorRequestHandler } from 'express';
import session from 'express-session';
import { Redis } from 'ioredis';
import passport from 'passport';
import { MetafyOAuthError, MetafyStrategy, MetafyUserTokens } from 'passport-metafy';
import { createClient } from 'redis';
import { createRedisLock } from './redis-lock';

interface SignedInUser {
  id: string;
  name: string;
}

const { METAFY_URL = 'https://metafy.gg', PUBLIC_URL = '' } = process.env;
const { SESSION_SECRET = '', SERVER_NAME = '', PORT = '0' } = process.env;

const client = {
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  baseURL: METAFY_URL,
};

const { REDIS_URL = '', TOKEN_SECRET } = process.env;
const userTokens = new MetafyUserTokens({
  ...client,
  // Without `throwOnErrors` a Redis that fails looks like one that is empty.
  store: createKeyv(REDIS_URL, { throwOnErrors: true }).on('error', logError),
  // It is better to know at once that there is no lock: a token that is still valid stays in use.
  lock: createRedisLock(new Redis(REDIS_URL, { maxRetriesPerRequest: 1 }).on('error', logError)),
  secret: TOKEN_SECRET,
});

passport.use(
  new MetafyStrategy(
    { ...client, callbackURL: `${PUBLIC_URL}/auth/metafy/callback` },
    async ({ profile, tokens }): Promise<SignedInUser> => {
      await userTokens.set(profile.id, tokens);
      return { id: profile.id, name: profile.displayName ?? profile.id };
    },
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user: Express.User, done) => done(null, user));

const app = express();
app.set('trust proxy', 'loopback');
app.use((_req, res, next) => {
  res.set('X-Server', SERVER_NAME);
  next();
});

const sessionClient = createClient({ url: REDIS_URL }).on('error', logError);
app.use(
  session({
    store: new RedisStore({ client: sessionClient }),
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'lax', secure: 'auto' },
  }),
);
app.use(passport.session());

app.get('/auth/metafy', passport.authenticate('metafy'));
app.get('/auth/metafy/callback', passport.authenticate('metafy', { successRedirect: '/', failureRedirect: '/' }));

app.get('/', (req, res) => {
  const { name } = (req.user ?? {}) as Partial<SignedInUser>;
  res.type('text').send(name ? `Signed in as ${name}. See /me.` : 'Not signed in. Go to /auth/metafy.');
});

app.get('/me', async (req, res) => {
  if (!req.user) return res.redirect('/auth/metafy');
  const { accessToken } = await userTokens.get((req.user as SignedInUser).id);
  const answer = await fetch(`${METAFY_URL}/irk/api/v1/me`, {
    headers: { Authorization: `Bearer ${accessToken}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`Metafy answered ${answer.status}`);
  res.json(await answer.json());
});

app.post('/sign-out', async (req, res, next) => {
  if (req.user) await userTokens.revoke((req.user as SignedInUser).id);
  req.logout((error) => (error ? next(error) : res.redirect('/')));
});

const sendToSignIn: ErrorRequestHandler = (error, _req, res, next) => {
  const isSignInDue = error instanceof MetafyOAuthError && error.code === 'login_required';
  if (isSignInDue) res.redirect('/auth/metafy');
  else next(error);
};
app.use(sendToSignIn);

function logError({ message }: Error): void {
  console.error(`${SERVER_NAME}: ${message}`);
}

sessionClient.connect().then(() => {
  const server = app.listen(Number(PORT), '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
}, logError);

process.once('disconnect', () => process.exit());
