import passport from 'passport';
import { type MetafyClassicVerify, MetafyStrategy } from 'passport-metafy';
import { client } from './tokens';
import { users } from './users';

const verify: MetafyClassicVerify = (accessToken, refreshToken, profile, done) => {
  done(null, users.findOrCreate(profile.id, profile.displayName));
};

// The name that the application's routes use.
passport.use('oauth2', new MetafyStrategy({ ...client, callbackURL: '/auth/callback' }, verify));
