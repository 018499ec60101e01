import type { MetafyProfile, MetafyTokens } from 'passport-metafy';

/** Stands for an application's own users. */
interface User {
  id: string;
  name: string;
}

const rows = new Map<string, User>();

export const users = {
  async upsert(profile: MetafyProfile, _tokens?: MetafyTokens): Promise<User> {
    const user = { id: profile.id, name: profile.displayName ?? profile.username ?? 'Somebody' };
    rows.set(user.id, user);
    return user;
  },
  find: (id: string): User | false => rows.get(id) ?? false,
};
