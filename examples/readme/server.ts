/*
 * The whole of a first application. It is JavaScript as well, in a file named server.mjs.
 *
 *   npm install passport-metafy passport express express-session
 */
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { MetafyStrategy } from 'passport-metafy';

const { METAFY_CLIENT_ID, METAFY_CLIENT_SECRET, METAFY_URL, SESSION_SECRET = '', PORT = 3000 } = process.env;

passport.use(
  new MetafyStrategy(
    {
      clientID: METAFY_CLIENT_ID,
      clientSecret: METAFY_CLIENT_SECRET,
      callbackURL: '/auth/metafy/callback',
      baseURL: METAFY_URL, // unset in production: metafy.gg
    },
    // Find or create your user here. What you return becomes `req.user`.
    ({ profile }) => ({ id: profile.id, name: profile.displayName }),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user || false));

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
  passport.authenticate('metafy', { successRedirect: '/', failureRedirect: '/' }),
);
app.get('/', (req, res) => {
  if (req.user) res.json(req.user);
  else res.send('<a href="/auth/metafy">Sign in with Metafy</a>');
});

app.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}`));
