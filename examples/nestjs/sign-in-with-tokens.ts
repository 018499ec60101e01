import passport from 'passport';
import { MetafyStrategy, type MetafyStrategyOptions, type MetafyUserTokens } from 'passport-metafy';

/** A provider for applications that call Metafy's API later on; `AuthGuard('metafy')` finds it. */
export class SignInWithTokens extends MetafyStrategy {
  constructor(options: MetafyStrategyOptions, userTokens: MetafyUserTokens) {
    super(options, async ({ profile, tokens }) => {
      await userTokens.set(profile.id, tokens);
      return { id: profile.id, name: profile.displayName };
    });
    passport.use(this);
  }
}
