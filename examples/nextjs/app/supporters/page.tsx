import { MetafyError } from 'passport-metafy';
import { getMetafy } from '@/lib/metafy';
import { readSession } from '@/lib/session';

// It waits for the session.
export const instant = false;

export default async function Supporters() {
  const user = await readSession();
  // A link, not a redirect: somebody who allows less again would go round in circles.
  const signIn = <a href="/auth/metafy?returnTo=/supporters">Sign in with Metafy to open this page</a>;
  if (!user) return signIn;
  try {
    const { hasAccess } = await getMetafy().supporters.check(user.id);
    return <p>{hasAccess ? 'Thank you for your support!' : 'This page is for supporters.'}</p>;
  } catch (error) {
    if (!(error instanceof MetafyError)) throw error;
    if (error.status < 500) return signIn;
    console.error(error);
    return <p>Metafy is not available at the moment. Please try again.</p>;
  }
}
