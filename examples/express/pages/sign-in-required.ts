import type { Link } from './layout';
import { renderMessage, START_PAGE } from './message';

/** @param returnPath where the sign-in leads */
export function renderSignInRequired(returnPath: string): string {
  return renderMessage({
    title: 'Please sign in',
    text: 'This page is for people who are signed in.',
    link: linkSignIn('Sign in with Metafy', returnPath),
    otherLink: START_PAGE,
  });
}

/** Metafy no longer takes the tokens: expired or revoked. */
export function renderSignInAgain(returnPath: string): string {
  return renderMessage({
    title: 'Please sign in again',
    text: 'This application no longer has access to your Metafy account: it has expired or was revoked.',
    link: linkSignIn('Sign in again', returnPath),
    otherLink: START_PAGE,
  });
}

/** The token lacks `purchases`. */
export function renderScopeRequired(returnPath: string): string {
  return renderMessage({
    title: 'One permission is missing',
    text: 'This application may not see what you support on Metafy. Sign in again and allow it to see your purchases.',
    link: linkSignIn('Sign in again', returnPath),
    otherLink: ['Back to your account', '/account'],
  });
}

function linkSignIn(label: string, returnPath: string): Link {
  return [label, `/auth/metafy?returnTo=${encodeURIComponent(returnPath)}`];
}
