import { join } from 'node:path';
import express, { type Express } from 'express';
import session from 'express-session';
import { type AuthenticateCallback, Passport } from 'passport';
import { MetafyClientCredentials, MetafyResponseError, MetafyStrategy, MetafyUserTokens } from 'passport-metafy';
import { CALLBACK_PATH } from './config';
import { explainError } from './explain-error';
import type { Metafy } from './metafy';
import { takeNotice } from './notice';
import * as pages from './pages';
import { getPerson, type Person, toPerson } from './person';
import { createSecret, forbidCaching, refuseForeignForms, setSecurityHeaders, toLocalPath } from './safety';
import { createSignOut } from './sign-out';
import { readPersonalForm, requirePerson } from './signed-in';
import { createSupporters } from './supporters';

/** The pages link to the files that do what they show. */
const SOURCE_FILES = ['app.ts', 'supporters.ts'];

/*
 * What matters, if you copy from here:
 * - The strategy keeps the state of a sign-in in a cookie of its own. The session is only for who is signed in.
 * - The verify callback stores the tokens first. Everything later asks `userTokens.get`, which refreshes in time.
 * - `returnTo` is checked to be a path of this site: a link must not lead your user to somebody else's.
 * - A sign-in ends in one of three ways: an error of Metafy's, nobody signed in and the reason, or a user. Show each.
 * - Supporters are in supporters.ts: "no" is only what Metafy said, and an outage takes nothing from anybody.
 * - Signing out is in sign-out.ts: it works whether or not Metafy answers, and access is revoked later where it did not.
 * - Whatever changes something is a POST, and refused when it comes from another site (CSRF).
 * - Errors of passport-metafy hold no secret and no token and may be logged as they are.
 * - Here secrets are new at each start and everything is in memory; examples/fleet does it for several servers.
 */
export function createApp(metafy: Metafy): Express {
  const { client, callbackURL, community, emulation, pictureSource } = metafy;
  const people = new Map<string, Person>();
  const userTokens = new MetafyUserTokens({ ...client, store: new Map(), secret: createSecret() });
  // Less than the default of 10 s: no page waits long for what it can do without.
  const ownerTokens = new MetafyClientCredentials({ ...client, timeoutMs: 3000 });

  const supporters = community && createSupporters(metafy, community, userTokens);
  const signOut = createSignOut(userTokens, supporters);
  // No more than is needed: what a person has bought is nobody's business without pages for supporters.
  const scope = supporters ? ['profile', 'purchases'] : ['profile'];

  const passport = new Passport();
  passport.use(
    new MetafyStrategy({ ...client, callbackURL, scope }, async ({ profile, tokens }) => {
      signOut.keepAccess(profile.id);
      await userTokens.set(profile.id, tokens);
      await supporters?.forget(profile.id);
      const person = toPerson(profile);
      people.set(person.id, person);
      return person;
    }),
  );
  passport.serializeUser((user, done) => done(null, (user as Person).id));
  passport.deserializeUser((id: string, done) => done(null, people.get(id) ?? false));

  const app = express();
  app.disable('x-powered-by');
  // A TLS-terminating proxy on this machine may say that the browser came by https; `secure: 'auto'` needs it.
  app.set('trust proxy', 'loopback');
  app.use(setSecurityHeaders(pictureSource));
  app.use(express.static(join(__dirname, 'public')));
  app.use(forbidCaching, refuseForeignForms);
  app.use(
    session({
      name: 'demo.session',
      secret: createSecret(),
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto' },
    }),
  );
  app.use(passport.session());

  app.get('/', (req, res) => {
    if (req.user) res.redirect('/account');
    else res.send(pages.renderHome({ emulation, notice: takeNotice(req) }));
  });

  app.get('/auth/metafy', (req, res, next) => {
    const state = { returnTo: toLocalPath(req.query.returnTo) };
    passport.authenticate('metafy', { state })(req, res, next);
  });

  app.get(CALLBACK_PATH, (req, res, next) => {
    const finish: AuthenticateCallback = (error, user, info, status) => {
      if (error) return next(error);
      if (!user) {
        const { message } = (info ?? {}) as { message?: string };
        const failure = { status: Number(status ?? 401), message, person: getPerson(req) };
        return res.status(failure.status).send(pages.renderFailedSignIn(failure));
      }
      const { state } = info as { state?: { returnTo: string } };
      req.logIn(user, (problem) => (problem ? next(problem) : res.redirect(state?.returnTo ?? '/account')));
    };
    passport.authenticate('metafy', finish)(req, res, next);
  });

  const links = supporters?.links ?? [];
  app.get('/account', requirePerson, async (req, res) => {
    const person = req.user as Person;
    const tokens = await userTokens.get(person.id);
    // The page is not about the owner's token: without it there is less to see.
    const owner = await ownerTokens.getToken().catch((error: unknown) => {
      console.error(error);
      return undefined;
    });
    res.send(pages.renderAccount({ person, tokens, owner, notice: takeNotice(req), links, emulation }));
  });

  app.post('/refresh', readPersonalForm, async (req, res) => {
    try {
      const { id } = req.user as Person;
      const { accessToken } = await userTokens.get(id);
      // As after a 401: the token that is rejected is replaced, once for all who reject it at the same time.
      await userTokens.get(id, { rejectedToken: accessToken });
      req.session.notice = { text: 'Refreshed: Metafy has issued new tokens, with a new fingerprint.', isDone: true };
    } catch (error) {
      if (!(error instanceof MetafyResponseError)) throw error;
      // Metafy is out of reach, and the token as good as before.
      console.error(error);
      req.session.notice = {
        text: 'Not refreshed: Metafy is not available. Your token works until it expires, so try again later.',
        isDone: false,
      };
    }
    res.redirect(303, '/account');
  });

  app.use(signOut.router);
  if (supporters) app.use(supporters.router);

  app.get('/source/:file', (req, res, next) => {
    if (!SOURCE_FILES.includes(req.params.file)) return next();
    res.type('text/plain').sendFile(join(__dirname, req.params.file));
  });

  app.use((_req, res) => {
    res.status(404).send(pages.renderNotFound());
  });
  app.use(explainError);
  return app;
}
