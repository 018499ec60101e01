import { type MetafyClientOptions, MetafyStrategy } from 'passport-metafy';
import { type User, users } from './users';

export function createLinkingStrategy(client: MetafyClientOptions, callbackURL: string): MetafyStrategy {
  return new MetafyStrategy({ ...client, callbackURL }, ({ req, profile }) => {
    const known = users.findByMetafyId(profile.id);
    const user = req.user as User | undefined;
    // Signed in with the old provider: from now on Metafy leads to the same account.
    if (!known && user && user.metafyId === undefined) return users.save({ ...user, metafyId: profile.id });
    return known ?? users.findOrCreate(profile.id, profile.displayName);
  });
}
