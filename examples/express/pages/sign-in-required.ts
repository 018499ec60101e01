import { renderMessage, SIGN_IN, START_PAGE } from './message';

export function renderSignInRequired(): string {
  return renderMessage({
    title: 'Please sign in',
    text: 'This page is for people who are signed in.',
    link: SIGN_IN,
    otherLink: START_PAGE,
  });
}

/** Metafy no longer takes the tokens: expired or revoked. */
export function renderSignInAgain(): string {
  return renderMessage({
    title: 'Please sign in again',
    text: 'This application no longer has access to your Metafy account: it has expired or was revoked.',
    link: ['Sign in again', '/auth/metafy'],
    otherLink: START_PAGE,
  });
}
