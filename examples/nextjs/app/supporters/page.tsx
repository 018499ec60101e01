import { MetafyError } from 'passport-metafy';
import { getMetafy } from '@/lib/metafy';
import { readSession } from '@/lib/session';

// May block: it reads the session's cookie.
export const instant = false;

export default async function Supporters() {
  const user = await readSession();
  const answer = user ? await checkSupport(user.id) : 'sign in';
  if (answer === 'yes') return <p>Thank you for your support!</p>;
  if (answer === 'no') return <p>This page is for supporters.</p>;
  if (answer === 'unavailable') return <p>Metafy is not available at the moment. Please try again.</p>;
  // A link, not a redirect: somebody who allows less again would go round in circles.
  return <a href="/auth/metafy?returnTo=/supporters">Sign in with Metafy to open this page</a>;
}

async function checkSupport(userId: string): Promise<'yes' | 'no' | 'sign in' | 'unavailable'> {
  try {
    const { hasAccess } = await getMetafy().supporters.check(userId);
    return hasAccess ? 'yes' : 'no';
  } catch (error) {
    if (!(error instanceof MetafyError)) throw error;
    // They have to sign in again, or to allow more.
    if (error.status < 500) return 'sign in';
    console.error(error);
    return 'unavailable';
  }
}
