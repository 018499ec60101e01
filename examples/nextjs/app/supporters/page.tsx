import { redirect } from 'next/navigation';
import { MetafyError } from 'passport-metafy';
import { getMetafy } from '@/lib/metafy';
import { readSession } from '@/lib/session';

const signIn = '/auth/metafy?returnTo=/supporters';

export default async function Supporters() {
  const user = await readSession();
  if (!user) redirect(signIn);
  try {
    const { hasAccess } = await getMetafy().supporters.check(user.id);
    return <p>{hasAccess ? 'Thank you for your support!' : 'This page is for supporters.'}</p>;
  } catch (error) {
    if (!(error instanceof MetafyError)) throw error;
    // A link, not a redirect: somebody who allows less again would go round in circles.
    if (error.status < 500) return <a href={signIn}>Sign in with Metafy to open this page</a>;
    console.error(error);
    return <p>Metafy is not available at the moment. Please try again.</p>;
  }
}
