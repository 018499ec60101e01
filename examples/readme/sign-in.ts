import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { MetafyStrategy } from 'passport-metafy';
import { users } from './users';

passport.use(
  new MetafyStrategy(
    {
      clientID: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      callbackURL: 'https://example.com/auth/metafy/callback',
    },
    async ({ profile }) => users.upsert(profile),
  ),
);

export const app = express();
app.use(session({ secret: process.env.SESSION_SECRET ?? '', resave: false, saveUninitialized: false }));
app.use(passport.session());
passport.serializeUser((user, done) => done(null, (user as { id: string }).id));
passport.deserializeUser((id: string, done) => done(null, users.find(id)));

app.get('/auth/metafy', passport.authenticate('metafy'));
app.get('/auth/metafy/callback', passport.authenticate('metafy', { failureRedirect: '/login' }), (req, res) =>
  res.redirect('/'),
);
