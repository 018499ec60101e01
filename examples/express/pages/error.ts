import { renderMessage, START_PAGE, TRY_AGAIN } from './message';

export function renderNotFound(): string {
  return renderMessage({
    title: 'Nothing here',
    text: 'There is no page at this address.',
    link: START_PAGE,
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
    otherLink: isSignedIn ? undefined : START_PAGE,
  });
}

function describeFailure(status: number, isRefusal: boolean): [title: string, text: string] {
  if (status < 500) return ['That did not work', 'No page of this application makes such a request.'];
  if (status === 500) return ['Something went wrong', 'It is not your fault. Please try again in a minute.'];
  if (!isRefusal) return ['Metafy is not available', 'Nothing is lost. Please try again in a minute.'];
  const advice = 'Please try again. If it stays like this, the application’s settings at Metafy need a look.';
  return ['Metafy refused this application', advice];
}
