import passport from 'passport';
import { MetafyAPI, MetafyStrategy, MetafyUserTokens } from 'passport-metafy';
import { client } from './client';
import { app } from './sign-in';
import { users } from './users';

export const userTokens = new MetafyUserTokens({
  ...client,
  store: new Map(),
  secret: process.env.TOKEN_SECRET,
});

passport.use(
  new MetafyStrategy(
    { ...client, callbackURL: '/auth/metafy/callback', scope: ['profile', 'community'] },
    async ({ profile, tokens }) => {
      const user = await users.upsert(profile);
      await userTokens.set(user.id, tokens);
      return user;
    },
  ),
);

app.get('/memberships', async (req, res) => {
  const { id } = req.user as { id: string };
  const api = new MetafyAPI({ ...client, token: userTokens.of(id) });
  const memberships = await api.listMemberships().toArray();
  res.json(memberships.map(({ title }) => title));
});
