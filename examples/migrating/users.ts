/** Stands for the table `users` of an application that signed people in with code of its own. */
export interface User {
  id: string;
  metafyId?: string;
  name: string;
}

const rows = new Map<string, User>();

export const users = {
  find: (id: string): User | false => rows.get(id) ?? false,

  findByMetafyId: (metafyId: string): User | undefined => [...rows.values()].find((user) => user.metafyId === metafyId),

  /** By the same id as before, so that everybody keeps their account. */
  findOrCreate(metafyId: string, name = 'Somebody'): User {
    return users.findByMetafyId(metafyId) ?? users.save({ id: `user-${rows.size + 1}`, metafyId, name });
  },

  save(user: User): User {
    rows.set(user.id, user);
    return user;
  },
};
