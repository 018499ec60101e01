import passport from 'passport';
import { MetafyStrategy } from 'passport-metafy';
import { client } from './client';
import { app } from './sign-in';
import { userTokens } from './user-tokens';
import { users } from './users';

/** Users whose authorization is still to be ended. Keep them in your database, where a restart does not lose them. */
const unrevoked = new Set<string>();

app.post('/sign-out', async (req, res, next) => {
  const user = req.user as { id: string } | undefined;
  let isRevoked = true;
  try {
    if (user) await userTokens.revoke(user.id);
  } catch (error) {
    // The tokens are kept, to try again. The person is signed out of your site all the same.
    console.error(error);
    if (user) unrevoked.add(user.id);
    isRevoked = false;
  }
  req.logout((error) => (error ? next(error) : res.redirect(isRevoked ? '/' : '/signed-out')));
});

app.get('/signed-out', (req, res) => {
  res.send('You are signed out. Metafy did not answer, so we will withdraw our access there as soon as it does.');
});

/** To be called every few minutes. */
export async function retryRevocations(): Promise<void> {
  for (const userId of unrevoked) {
    try {
      await userTokens.revoke(userId);
      unrevoked.delete(userId);
    } catch (error) {
      console.error(error);
    }
  }
}

passport.use(
  new MetafyStrategy({ ...client, callbackURL: '/auth/metafy/callback' }, async ({ profile, tokens }) => {
    const user = await users.upsert(profile);
    unrevoked.delete(user.id); // They are back: keep what they have just allowed.
    await userTokens.set(user.id, tokens);
    return user;
  }),
);
