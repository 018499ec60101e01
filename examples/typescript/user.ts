/*
 * What your user is, said once. It holds for a whole program, so it has a program of its own here.
 */
import express from 'express';
import passport from 'passport';
import { MetafyStrategy } from 'passport-metafy';

declare global {
  namespace Express {
    interface User {
      id: string;
      name?: string | undefined;
    }
  }
}

const client = {
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  callbackURL: '/auth/metafy/callback',
};

passport.use(new MetafyStrategy(client, ({ profile }) => ({ id: profile.id, name: profile.displayName })));
passport.use(new MetafyStrategy(client, async ({ profile }) => (profile.username ? { id: profile.id } : false)));
// @ts-expect-error an id is text here
passport.use(new MetafyStrategy(client, ({ profile }) => ({ id: profile.id.length })));
// @ts-expect-error a promise of nothing is no user
passport.use(new MetafyStrategy(client, async ({ profile }) => console.log(profile)));
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user: Express.User, done) => done(null, user));

const app = express();
app.get('/', (req, res) => res.send(req.user?.name ?? 'Nobody'));
