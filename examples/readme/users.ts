import { randomUUID } from 'node:crypto';
import type { MetafyProfile } from 'passport-metafy';

/** Stands for an application's own users: each has an id of the application's, beside Metafy's. */
interface User {
  id: string;
  metafyId: string;
  name: string;
}

const rows: User[] = [];

export const users = {
  async upsert(profile: MetafyProfile): Promise<User> {
    let user = rows.find(({ metafyId }) => metafyId === profile.id);
    if (!user) {
      user = { id: randomUUID(), metafyId: profile.id, name: '' };
      rows.push(user);
    }
    user.name = profile.displayName ?? profile.username ?? 'Somebody';
    return user;
  },
  find: (id: string): User | false => rows.find((user) => user.id === id) ?? false,
};
