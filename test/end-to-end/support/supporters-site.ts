import express, { type ErrorRequestHandler, type Request } from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import {
  MetafyCommunityAccess,
  type MetafyCommunityAccessOptions,
  type MetafyError,
  MetafyStrategy,
  MetafyUserTokens,
} from '../../../src';
import { type MetafyEmulator, Visitor } from '../../../src/emulator';
import { WebServer } from '../../support/web-server';
import { toClient } from './tokens';

export const demoCommunityId = '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17';
export const demoTiers = {
  supporter: '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31',
  student: '2c8f5da3-7b6e-4941-8a2f-d3e9c1b86f42',
  innerCircle: '3d906eb4-8c7f-4a52-9b30-e4fad2c97053',
};

/** What a page answers: its status, and the error where there is one. */
export interface Answer {
  status: number;
  code?: string;
  message?: string;
  retryAfter?: string | null;
}

export interface SupportersSite extends AsyncDisposable {
  access: MetafyCommunityAccess;
  userTokens: MetafyUserTokens;
  /** Signs a person of the emulator in, in a browser of their own. */
  signIn(user: string, options?: { path?: string; visitor?: Visitor }): Promise<Visitor>;
  /** Opens the page for supporters. */
  open(visitor: Visitor): Promise<Answer>;
}

/**
 * An application with a page for supporters at `/supporters`, as a reader of docs/supporters.md writes it, and two ways to
 * sign in: `/auth/metafy` asks for `profile purchases`, `/auth/metafy/profile` for less.
 */
export async function startSupportersSite(
  emulator: MetafyEmulator,
  options: Partial<MetafyCommunityAccessOptions> = {},
): Promise<SupportersSite> {
  const server = await WebServer.start();
  const client = { ...toClient(emulator), timeoutMs: 300 };
  const userTokens = new MetafyUserTokens({ ...client, store: new Map() });
  const communityId = demoCommunityId;
  const access = new MetafyCommunityAccess({ ...client, tokens: userTokens, communityId, ...options });

  const passport = new Passport();
  passport.use(
    new MetafyStrategy(
      { ...client, callbackURL: `${server.url}/auth/metafy/callback` },
      async ({ profile, tokens }) => {
        await userTokens.set(profile.id, tokens);
        await access.forget(profile.id);
        return { id: profile.id };
      },
    ),
  );
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: object, done) => done(null, user));

  const app = express();
  app.use(session({ secret: 'only for tests', resave: false, saveUninitialized: false }));
  app.use(passport.session());
  app.get('/auth/metafy', passport.authenticate('metafy', { scope: ['profile', 'purchases'] }));
  app.get('/auth/metafy/profile', passport.authenticate('metafy', { scope: ['profile'] }));
  app.get('/auth/metafy/callback', passport.authenticate('metafy'), (_req, res) => res.json({}));
  const getUserId = (req: Request) => (req.user as { id: string } | undefined)?.id;
  app.get('/supporters', access.guard(getUserId), (_req, res) => res.json({}));
  const explain: ErrorRequestHandler = ({ status, code, message, retryAfterMs }: MetafyError, _req, res, _next) => {
    if (retryAfterMs) res.set('Retry-After', String(retryAfterMs / 1000));
    res.status(status ?? 500).json({ code, message });
  };
  app.use(explain);
  server.handle(app);

  return {
    access,
    userTokens,
    async signIn(user, { path = '/auth/metafy', visitor = new Visitor() } = {}) {
      const authorizationURL = await visitor.getLocation(server.url + path);
      const response = await visitor.get(await emulator.authorize(authorizationURL, { user }));
      if (!response.ok) throw new Error(`The sign-in ended with ${response.status}: ${await response.text()}`);
      return visitor;
    },
    async open(visitor) {
      const response = await visitor.get(`${server.url}/supporters`);
      const { code, message } = (await response.json()) as Answer;
      return { status: response.status, code, message, retryAfter: response.headers.get('retry-after') };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
