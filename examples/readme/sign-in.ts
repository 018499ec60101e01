import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { MetafyStrategy } from 'passport-metafy';
import { users } from './users';

export const app = express();
app.use(session({ secret: process.env.SESSION_SECRET ?? '', resave: false, saveUninitialized: false }));
app.use(passport.session());
passport.serializeUser((user, done) => done(null, (user as { id: string }).id));
passport.deserializeUser((id: string, done) => done(null, users.find(id)));

passport.use(
  new MetafyStrategy(
    {
      clientID: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      callbackURL: '/auth/metafy/callback',
      baseURL: process.env.METAFY_URL, // an emulator's; unset in production
    },
    ({ profile }) => users.upsert(profile),
  ),
);

app.get('/auth/metafy', passport.authenticate('metafy'));
app.get('/auth/metafy/callback', passport.authenticate('metafy', { successRedirect: '/', failureRedirect: '/login' }));
