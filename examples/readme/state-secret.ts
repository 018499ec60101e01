import { CookieStateStore, MetafyStrategy } from 'passport-metafy';
import { client } from './client';
import { users } from './users';

export const strategy = new MetafyStrategy(
  {
    ...client,
    callbackURL: '/auth/metafy/callback',
    store: new CookieStateStore({ secret: [process.env.NEW_SECRET ?? '', process.env.OLD_SECRET ?? ''] }),
  },
  ({ profile }) => users.upsert(profile),
);
