import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import passport from 'passport';
import { MetafyStrategy, MetafyUserTokens } from 'passport-metafy';
import { readClient } from './metafy-client.js';

@Injectable()
export class SignInWithTokens extends MetafyStrategy {
  constructor(config: ConfigService, userTokens: MetafyUserTokens) {
    super({ ...readClient(config), callbackURL: '/auth/metafy/callback' }, async ({ profile, tokens }) => {
      await userTokens.set(profile.id, tokens);
      return { id: profile.id, name: profile.displayName };
    });
    passport.use(this);
  }
}
