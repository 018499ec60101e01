import passport from 'passport';
import { type MetafyClassicVerify, Strategy as MetafyStrategy } from 'passport-metafy';
import { users } from './users';

const options = {
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  callbackURL: '/auth/metafy/callback',
};

const verify: MetafyClassicVerify = (accessToken, refreshToken, profile, done) => {
  users.upsert(profile).then((user) => done(null, user), done);
};

passport.use(new MetafyStrategy(options, verify));
