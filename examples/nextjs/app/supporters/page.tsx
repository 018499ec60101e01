import { redirect } from 'next/navigation';
import { MetafyError } from 'passport-metafy';
import { getMetafy } from '@/lib/metafy';
import { readSession } from '@/lib/session';

const signIn = '/auth/metafy?returnTo=/supporters';

/** Whether the user supports the community; `undefined` when Metafy cannot be asked. */
async function findAccess(userId: string): Promise<boolean | undefined> {
  try {
    return (await getMetafy().supporters.check(userId)).hasAccess;
  } catch (error) {
    if (!(error instanceof MetafyError)) throw error;
    if (error.code === 'login_required' || error.code === 'insufficient_scope') redirect(signIn);
    console.error(error);
    return undefined;
  }
}

export default async function Supporters() {
  const user = await readSession();
  if (!user) redirect(signIn);
  const hasAccess = await findAccess(user.id);
  if (hasAccess === undefined) return <p>Metafy is not available at the moment. Please try again.</p>;
  if (!hasAccess) return <p>This page is for supporters.</p>;
  return <p>Thank you for your support!</p>;
}
