import passport from 'passport';
import { MetafyStrategy, MetafyUserTokens } from 'passport-metafy';
import { client } from './client';
import { app } from './sign-in';
import { users } from './users';

const userTokens = new MetafyUserTokens({
  ...client,
  store: new Map(),
  secret: process.env.TOKEN_SECRET ?? '',
});

passport.use(
  new MetafyStrategy(
    { ...client, callbackURL: 'https://example.com/auth/metafy/callback', scope: ['profile', 'purchases'] },
    async ({ profile, tokens }) => {
      await userTokens.set(profile.id, tokens);
      return users.upsert(profile);
    },
  ),
);

app.get('/purchases/:communityId', async (req, res) => {
  const { accessToken } = await userTokens.get((req.user as { id: string }).id);
  const answer = await fetch(
    `https://metafy.gg/irk/api/v1/me/purchases/communities/${encodeURIComponent(req.params.communityId)}`,
    { headers: { Authorization: `Bearer ${accessToken}` }, signal: AbortSignal.timeout(10_000) },
  );
  // 404 means "no subscription"; anything else that is not 200 is a failure, not a "no".
  if (answer.status !== 200 && answer.status !== 404) throw new Error(`Metafy answered ${answer.status}`);
  const body =
    answer.status === 200 ? ((await answer.json()) as { community: { has_access: boolean } }) : undefined;
  res.json({ hasAccess: body?.community.has_access === true });
});

app.post('/disconnect', async (req, res) => {
  await userTokens.revoke((req.user as { id: string }).id);
  res.redirect('/');
});
