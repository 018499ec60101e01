import { redirect } from '@sveltejs/kit';
import { readSession } from '$lib/server/session';

export const load = async ({ cookies }) => {
  const user = await readSession(cookies);
  if (!user) redirect(302, '/login');
  return { user };
};
