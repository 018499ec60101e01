import { CookieStateStore, MetafyStrategy } from 'passport-metafy';
import { users } from './users';

export const strategy = new MetafyStrategy(
  {
    clientID: process.env.METAFY_CLIENT_ID,
    clientSecret: process.env.METAFY_CLIENT_SECRET,
    callbackURL: 'https://example.com/auth/metafy/callback',
    store: new CookieStateStore({ secret: [process.env.NEW_SECRET ?? '', process.env.OLD_SECRET ?? ''] }),
  },
  ({ profile }) => users.upsert(profile),
);
