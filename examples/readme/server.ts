/*
 * The whole of a first application. It is JavaScript as well, in a file named server.mjs.
 *
 *   npm install passport-metafy passport express express-session
 */
import { randomUUID } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { MetafyStrategy } from 'passport-metafy';

const { METAFY_CLIENT_ID: clientID, METAFY_CLIENT_SECRET: clientSecret } = process.env;
const { METAFY_URL: baseURL } = process.env; // an emulator's; unset in production
const { SESSION_SECRET: secret = randomUUID(), PORT = 3000 } = process.env;

passport.use(
  new MetafyStrategy(
    { clientID, clientSecret, baseURL, callbackURL: '/auth/metafy/callback' },
    // Find or create your user here. What you return becomes `req.user`.
    ({ profile }) => ({ id: profile.id, name: profile.displayName }),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user || false));

const app = express();
app.use(
  // Sessions in memory: a restart signs everybody out. In production add a `store`, such as connect-redis.
  session({ secret, resave: false, saveUninitialized: false, cookie: { sameSite: 'lax', secure: 'auto' } }),
  passport.session(),
);

app.get('/auth/metafy', passport.authenticate('metafy'));
app.get('/auth/metafy/callback', passport.authenticate('metafy', { successRedirect: '/', failureRedirect: '/failed' }));
app.post('/sign-out', (req, res, next) => {
  req.logout((error) => (error ? next(error) : res.redirect('/')));
});

const signIn = '<a href="/auth/metafy">Sign in with Metafy</a>';
const signOut = '<form method="post" action="/sign-out"><button>Sign out</button></form>';
const failed = 'You were not signed in: you declined, took too long, or your browser blocks cookies.';
app.get('/failed', (req, res) => res.send(`${failed} ${signIn}`));
app.get('/', (req, res) => res.send(req.user ? `<a href="/me">You</a> are signed in. ${signOut}` : signIn));
app.get('/me', (req, res) => res.json(req.user ?? null));

app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`http://127.0.0.1:${PORT}`);
});
