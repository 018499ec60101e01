import express, { type Express } from 'express';
import session from 'express-session';
import passport from 'passport';
import { type MetafyClientOptions, MetafyStrategy, type MetafyUserTokens } from 'passport-metafy';
import { keepSignedIn } from './keep-signed-in';
import { type User, users } from './users';

export function createApp(client: MetafyClientOptions, userTokens: MetafyUserTokens): Express {
  passport.use(
    new MetafyStrategy(
      { ...client, callbackURL: 'https://example.com/oauth/callback', scope: ['profile', 'purchases'] },
      async ({ profile, tokens }) => {
        const user = users.findOrCreate(profile.id, profile.displayName);
        await userTokens.set(user.id, tokens);
        return user;
      },
    ),
  );
  passport.serializeUser((user, done) => done(null, (user as User).id));
  passport.deserializeUser((id: string, done) => done(null, users.find(id)));

  const app = express();
  app.use(session({ secret: process.env.SESSION_SECRET ?? '', resave: false, saveUninitialized: false }));
  app.use(keepSignedIn);
  app.use(passport.session());

  app.get('/oauth/login', passport.authenticate('metafy'));
  app.get('/oauth/callback', passport.authenticate('metafy', { failureRedirect: '/login' }), (_req, res) =>
    res.redirect('/'),
  );
  app.post('/disconnect', async (req, res) => {
    await userTokens.revoke((req.user as User).id);
    res.redirect('/');
  });
  return app;
}
