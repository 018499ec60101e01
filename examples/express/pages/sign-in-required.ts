import type { Link } from './layout';
import { HOME, renderMessage } from './message';

/** @param returnPath where the sign-in leads */
export function renderSignInRequired(returnPath: string): string {
  return renderMessage({
    title: 'Please sign in',
    text: 'You have to sign in to see this page.',
    link: linkSignIn('Sign in with Metafy', returnPath),
    otherLink: HOME,
  });
}

/** Metafy no longer takes the tokens: expired or revoked. */
export function renderSignInAgain(returnPath: string): string {
  return renderMessage({
    title: 'Please sign in again',
    text: 'This application’s access to your Metafy account has expired or been revoked.',
    link: linkSignIn('Sign in again', returnPath),
    otherLink: HOME,
  });
}

/** The token lacks `purchases`. */
export function renderScopeRequired(returnPath: string): string {
  return renderMessage({
    title: 'A permission is missing',
    text: 'This application cannot see which communities you support. Sign in again and allow it to see your purchases.',
    link: linkSignIn('Sign in again', returnPath),
    otherLink: ['Back to your account', '/account'],
  });
}

function linkSignIn(label: string, returnPath: string): Link {
  return [label, `/auth/metafy?returnTo=${encodeURIComponent(returnPath)}`];
}
