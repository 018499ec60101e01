import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { type MetafyClientOptions, MetafyError, MetafyStrategy, MetafyUserTokens } from 'passport-metafy';

interface User {
  id: string;
  name?: string;
}

export interface RunningApp {
  url: string;
  stop(): Promise<void>;
}

/** Stands for your application: `metafy` is the client, and in tests the emulator's URL as `baseURL`. */
export async function startApp(metafy: MetafyClientOptions): Promise<RunningApp> {
  const userTokens = new MetafyUserTokens({ ...metafy, store: new Map() });
  const passport = new Passport();
  passport.use(
    new MetafyStrategy({ ...metafy, callbackURL: '/auth/metafy/callback' }, async ({ profile, tokens }) => {
      await userTokens.set(profile.id, tokens);
      return { id: profile.id, name: profile.displayName };
    }),
  );
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: User, done) => done(null, user));

  const app = express();
  app.use(session({ secret: 'only for tests', resave: false, saveUninitialized: false }));
  app.use(passport.session());
  app.get('/auth/metafy', passport.authenticate('metafy'));
  app.get(
    '/auth/metafy/callback',
    passport.authenticate('metafy', { successRedirect: '/', failureRedirect: '/login' }),
  );
  app.get('/login', (_req, res) => {
    res.send('<a href="/auth/metafy">Sign in with Metafy</a>');
  });
  app.get('/', (req, res) => {
    if (req.user) res.type('text').send(`Hello, ${(req.user as User).name}`);
    else res.redirect('/login');
  });
  app.get('/profile', async (req, res) => {
    const { accessToken } = await userTokens.get((req.user as User).id);
    const headers = { Authorization: `Bearer ${accessToken}` };
    const answer = await fetch(`${metafy.baseURL}/irk/api/v1/me`, { headers });
    res.status(answer.status).json(await answer.json());
  });
  app.use(answerError);

  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const answerError: ErrorRequestHandler = (error, _req, res, next) => {
  if (error instanceof MetafyError) res.status(error.status).send('Metafy is not available at the moment.');
  else next(error);
};
