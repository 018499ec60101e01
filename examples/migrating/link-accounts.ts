import type { Express, Request } from 'express';
import passport from 'passport';
import { type MetafyClientOptions, MetafyStrategy } from 'passport-metafy';
import { type User, users } from './users';

/** `callbackURL` leads to `/connect/metafy/callback`, and is registered at Metafy beside that of the sign-in. */
export function addAccountLinking(app: Express, client: MetafyClientOptions, callbackURL: string): void {
  passport.use(
    'metafy-connect',
    new MetafyStrategy({ ...client, callbackURL }, ({ profile }) => ({ metafyId: profile.id })),
  );

  app.get('/connect/metafy', (req, res, next) => {
    const user = req.user as User | undefined;
    if (!user) return res.redirect('/login');
    passport.authorize('metafy-connect', { state: { userId: user.id } })(req, res, next);
  });

  const finish = passport.authorize('metafy-connect', { failureRedirect: '/account' });
  app.get('/connect/metafy/callback', finish, (req, res) => {
    const { metafyId } = (req as Request & { account: { metafyId: string } }).account;
    const { userId } = (req.authInfo as { state: { userId: string } }).state;
    const user = req.user as User | undefined;
    // Whoever started this may have signed out since, and somebody else signed in.
    if (user?.id !== userId || users.findByMetafyId(metafyId)) return res.redirect('/account?error=not-connected');
    users.save({ ...user, metafyId });
    res.redirect('/account');
  });
}
