import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { type MetafyProfile, MetafyStrategy } from 'passport-metafy';

/** Your own: what `req.user` is. */
export interface User {
  id: string;
  name?: string;
}

@Injectable()
export class SignInWithMetafy extends PassportStrategy(MetafyStrategy) {
  constructor() {
    super({
      clientID: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      callbackURL: '/auth/metafy/callback',
      baseURL: process.env.METAFY_URL, // unset in production: metafy.gg
    });
  }

  // Find or create your user here.
  validate(_accessToken: string, _refreshToken: string, profile: MetafyProfile): User {
    return { id: profile.id, name: profile.displayName };
  }
}
