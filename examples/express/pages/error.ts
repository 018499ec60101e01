import { HOME, renderMessage, TRY_AGAIN } from './message';

export function renderNotFound(): string {
  return renderMessage({
    title: 'Page not found',
    text: 'There is no page at this address.',
    link: HOME,
  });
}

interface Failure {
  status: number;
  /** The reason, when it was Metafy's. */
  code: string | undefined;
  /** Metafy understood the application, and refused. */
  isRefusal: boolean;
  isSignedIn: boolean;
}

export function renderError({ status, code, isRefusal, isSignedIn }: Failure): string {
  const [title, text] = describeFailure(status, isRefusal);
  return renderMessage({
    title,
    text,
    detail: code !== undefined && `Reason: ${code}`,
    link: isSignedIn ? ['Back to your account', '/account'] : TRY_AGAIN,
    otherLink: isSignedIn ? undefined : HOME,
  });
}

function describeFailure(status: number, isRefusal: boolean): [title: string, text: string] {
  if (status < 500) return ['That did not work', 'This request did not come from a page of this application.'];
  if (status === 500) return ['Something went wrong', 'The problem is on our side. Please try again in a minute.'];
  if (!isRefusal) return ['Metafy is not available', 'Nothing has been lost. Please try again in a minute.'];
  const advice = 'Please try again. If it keeps happening, the application’s settings at Metafy need to be checked.';
  return ['Metafy refused this application', advice];
}
