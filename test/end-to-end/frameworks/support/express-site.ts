import type { Express, RequestHandler } from 'express';
import session from 'express-session';
import type { Passport } from 'passport';
import { MetafyStrategy } from '../../../../src';
import type { MetafyEmulator } from '../../../../src/emulator';
import { WebServer } from '../../../support/web-server';
import type { Site } from '../../support/site-behaviour';

export interface ExpressSiteParts {
  framework: () => Express;
  Authenticator: typeof Passport;
  /** @default express-session */
  sessions?: RequestHandler;
}

/** The site of `itSignsIn` with any Express and any Passport, in this process. */
export async function startExpressSite(emulator: MetafyEmulator, parts: ExpressSiteParts): Promise<Site> {
  const server = await WebServer.start();
  const passport = new parts.Authenticator();
  const client = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret', baseURL: emulator.url };
  const callbackURL = '/auth/metafy/callback';
  passport.use(new MetafyStrategy({ ...client, callbackURL }, ({ profile }) => ({ name: profile.displayName })));
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: Express.User, done) => done(null, user));

  const app = parts.framework();
  app.set('env', 'test');
  app.use(parts.sessions ?? session({ secret: 'only for tests', resave: false, saveUninitialized: false }));
  // Passport 0.5 cannot do without; for later ones it is a habit.
  app.use(passport.initialize());
  app.use(passport.session());
  app.get('/auth/metafy', passport.authenticate('metafy'));
  app.get(callbackURL, passport.authenticate('metafy', { successRedirect: '/', failureRedirect: '/login' }));
  app.get('/login', (_req, res) => {
    res.send('<a href="/auth/metafy">Sign in with Metafy</a>');
  });
  app.get('/', (req, res) => {
    const user = req.user as { name?: string } | undefined;
    if (user) res.type('text').send(`Hello, ${user.name}`);
    else res.redirect('/login');
  });
  server.handle(app);
  return server;
}
