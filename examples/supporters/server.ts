/*
 * A page for those who support a community on Metafy.
 *
 *   npm install passport-metafy passport express express-session
 */
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Request } from 'express';
import session from 'express-session';
import passport from 'passport';
import {
  type CheckedCommunityAccess,
  MetafyCommunityAccess,
  MetafyError,
  MetafyStrategy,
  MetafyUserTokens,
} from 'passport-metafy';

const { SESSION_SECRET, PORT = '3000' } = process.env;
if (!SESSION_SECRET) throw new Error('SESSION_SECRET is missing.');

const client = {
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  baseURL: process.env.METAFY_URL, // unset in production: metafy.gg
};
const userTokens = new MetafyUserTokens({ ...client, store: new Map(), secret: process.env.TOKEN_SECRET });

const { METAFY_COMMUNITY_ID: communityId = '' } = process.env;
const answers = new Map(); // in production a store that outlives the process
const access = new MetafyCommunityAccess({ ...client, tokens: userTokens, communityId, store: answers });

const { METAFY_TIER_IDS = '' } = process.env; // separated by commas
const innerCircle = new MetafyCommunityAccess({
  ...client,
  tokens: userTokens,
  communityId,
  store: answers, // the same, so that Metafy is asked once for both
  tierIds: METAFY_TIER_IDS.split(','),
});

passport.use(
  new MetafyStrategy(
    { ...client, callbackURL: '/auth/metafy/callback', scope: ['profile', 'purchases'] },
    async ({ profile, tokens }) => {
      const user = { id: profile.id, name: profile.displayName };
      await userTokens.set(user.id, tokens);
      await access.forget(user.id); // somebody may have subscribed a minute ago
      return user;
    },
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user: Express.User, done) => done(null, user));

const app = express();
app.use(
  session({
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'lax', secure: 'auto' },
  }),
);
app.use(passport.session());
app.get('/auth/metafy', passport.authenticate('metafy'));
app.get(
  '/auth/metafy/callback',
  passport.authenticate('metafy', { successRedirect: '/supporters', failureRedirect: '/' }),
);

const getUserId = (req: Request) => (req.user as { id: string } | undefined)?.id;

app.get('/supporters', access.guard(getUserId), (req, res) => {
  res.send('Thank you for your support.');
});

app.get('/inner-circle', innerCircle.guard(getUserId), (req, res) => {
  res.send('Welcome to the inner circle.');
});

app.post('/disconnect', async (req, res) => {
  const userId = getUserId(req);
  if (userId) {
    await userTokens.revoke(userId);
    await access.forget(userId);
  }
  res.redirect('/');
});

app.get('/', async (req, res) => {
  const userId = getUserId(req);
  res.send(userId ? explainAccess(await access.check(userId)) : '<a href="/auth/metafy">Sign in with Metafy</a>');
});

function explainAccess({ hasAccess, checkedAt, isStale }: CheckedCommunityAccess): string {
  const answer = `${hasAccess ? 'a supporter' : 'no supporter'}, at ${checkedAt.toISOString()}`;
  return isStale ? `Metafy gives no answer at the moment; the last one was: ${answer}.` : `Metafy says: ${answer}.`;
}

const explain: ErrorRequestHandler = (error, _req, res, next) => {
  if (!(error instanceof MetafyError)) {
    next(error);
    return;
  }
  res.status(error.status);
  if (error.code === 'no_access') {
    res.send('This page is for supporters.');
  } else if (error.code === 'login_required' || error.code === 'insufficient_scope') {
    // A link, not a redirect: somebody who allows less again would go round in circles.
    res.send('<a href="/auth/metafy">Sign in with Metafy</a> to open this page.');
  } else {
    console.error(error);
    if (error.retryAfterMs) res.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
    res.send('Metafy gives no answer at the moment. Please try again later.');
  }
};
app.use(explain); // after all routes

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
