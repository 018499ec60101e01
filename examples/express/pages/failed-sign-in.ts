import type { Person } from '../person';
import { HOME, renderMessage, TRY_AGAIN } from './message';

/** A sign-in that ended in Passport's `fail`: 401 refused, 403 not started here or too late, 400 not from Metafy. */
export function renderFailedSignIn(failure: {
  status: number;
  message: string | undefined;
  /** Who is signed in all the same, from before. */
  person: Person | undefined;
}): string {
  const { status, message, person } = failure;
  if (person) {
    return renderMessage({
      title: 'You are already signed in',
      text: `This sign-in failed, but an earlier one succeeded: you are signed in as ${person.name}.`,
      detail: message && `Reason: ${message}`,
      link: ['Go to your account', '/account'],
      otherLink: TRY_AGAIN,
    });
  }
  if (status === 401) {
    return renderMessage({
      title: 'You did not allow access',
      text: 'Nothing was shared with this application. You can change your mind at any time.',
      link: TRY_AGAIN,
      otherLink: HOME,
    });
  }
  const isDamaged = status === 400;
  return renderMessage({
    title: 'Sign-in failed',
    text: (!isDamaged && message) || 'The link that brought you here is damaged.',
    detail: isDamaged && `Reason: ${message}`,
    link: TRY_AGAIN,
    otherLink: HOME,
  });
}
