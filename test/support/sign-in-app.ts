import type { IncomingMessage } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { type MetafyAuthenticateOptions, MetafyStrategy, type MetafyStrategyOptions } from '../../src';
import { MetafyEmulator } from '../../src/emulator';
import type { CookieBrowser, Page } from './cookie-browser';
import { WebServer, type WebServerOptions } from './web-server';

export const shop = { clientID: 'shop', clientSecret: 'the secret of the shop' };
export const callbackPath = '/auth/metafy/callback';

/** An emulator that knows the shop, on any port of 127.0.0.1 and at https://shop.example. */
export function startEmulator(): Promise<MetafyEmulator> {
  const origins = ['http://127.0.0.1', 'https://127.0.0.1', 'https://shop.example'];
  const redirectURIs = origins.flatMap((origin) => [origin + callbackPath, `${origin}/other/callback`]);
  return new MetafyEmulator({ applications: [{ ...shop, name: 'The Shop', redirectURIs }] }).start();
}

// Each test has a shape of its own, and some a wrong one.
type AnyVerify = (...parameters: never[]) => unknown;

export interface SignInAppOptions {
  /** Beside the client of the shop and a callback URL on the app's own port. */
  strategy: Partial<MetafyStrategyOptions>;
  /** @default takes the profile as the user */
  verify?: AnyVerify;
  /** For the route that starts a login. */
  start?: MetafyAuthenticateOptions;
  /** For the callback. */
  finish?: MetafyAuthenticateOptions;
  /** With express-session. @default true */
  hasSession?: boolean;
  /** @default Passport 0.7 */
  passport?: InstanceType<typeof Passport>;
  /** Whether every visitor has a session, before a login as well. @default false */
  saveUninitialized?: boolean;
  /** @default Express 5 */
  framework?: typeof express;
  server?: WebServerOptions;
  /** Express's settings. */
  settings?: Record<string, unknown>;
  /** Sees every request before anything else. */
  onRequest?: (req: IncomingMessage) => void;
  /** Answers errors in JSON; `false` leaves them to Express. */
  handlesErrors?: boolean;
}

export interface SignInApp extends AsyncDisposable {
  url: string;
  startURL: string;
  callbackURL: string;
  strategy: MetafyStrategy;
  passport: InstanceType<typeof Passport>;
  app: express.Express;
}

/**
 * An application as a reader of the README writes it: `/auth/metafy`, its callback, which answers
 * `{ user, authInfo }`, and `/me`, which answers `{ user }`.
 */
export async function startSignInApp(options: SignInAppOptions): Promise<SignInApp> {
  const { start = {}, finish = {}, hasSession = true, framework = express, settings = {} } = options;
  const { passport = new Passport(), saveUninitialized = false } = options;
  const server = await WebServer.start(options.server);
  const startURL = `${server.url}/auth/metafy`;
  const callbackURL = server.url + callbackPath;

  const strategy = new MetafyStrategy(
    { ...shop, callbackURL, ...options.strategy },
    (options.verify ?? (({ profile }: { profile: object }) => profile)) as never,
  );
  passport.use(strategy);
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: Express.User, done) => done(null, user));

  const app = framework();
  app.set('env', 'test');
  for (const [name, value] of Object.entries(settings)) app.set(name, value);
  app.use((req, _res, next) => {
    options.onRequest?.(req);
    next();
  });
  if (hasSession) {
    app.use(session({ secret: 'of the session', resave: false, saveUninitialized }));
    app.use(passport.initialize(), passport.session());
  }
  app.get('/auth/metafy', passport.authenticate('metafy', start));
  app.get(callbackPath, passport.authenticate('metafy', finish), (req, res) => {
    res.json({ user: req.user, authInfo: req.authInfo });
  });
  app.get('/me', (req, res) => {
    res.json({ user: req.user ?? null });
  });
  if (options.handlesErrors !== false) app.use(answerError);
  server.handle(app);

  const stop = () => server[Symbol.asyncDispose]();
  return { url: server.url, startURL, callbackURL, strategy, passport, app, [Symbol.asyncDispose]: stop };
}

const answerError: ErrorRequestHandler = (error, _req, res, _next) => {
  const { name, message, code, status = 500, upstreamStatus, retryAfterMs } = error;
  res.status(status).json({ error: { name, message, code, upstreamStatus, retryAfterMs } });
};

/** Starts a login and has the person decide: the URL Metafy sends the browser back to. */
export async function startLogin(
  browser: CookieBrowser,
  app: Pick<SignInApp, 'startURL'>,
  emulator: MetafyEmulator,
  decision: Parameters<MetafyEmulator['authorize']>[1] = {},
): Promise<string> {
  const { location } = await browser.get(app.startURL);
  return emulator.authorize(location, decision);
}

/** The whole round trip: the page at its end. */
export async function signIn(
  browser: CookieBrowser,
  app: Pick<SignInApp, 'startURL'>,
  emulator: MetafyEmulator,
  decision: Parameters<MetafyEmulator['authorize']>[1] = {},
): Promise<Page> {
  return browser.get(await startLogin(browser, app, emulator, decision));
}

/** Who the application takes the browser for; `undefined` when nobody is signed in. */
export async function readUserName(browser: CookieBrowser, app: Pick<SignInApp, 'url'>): Promise<string | undefined> {
  const { body } = await browser.get(`${app.url}/me`);
  return (JSON.parse(body) as { user: { username?: string } | null }).user?.username;
}
