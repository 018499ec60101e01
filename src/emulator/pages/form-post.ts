import type { AuthorizationOutcome } from '../authorization-outcome';
import { renderHiddenInput } from './consent';
import { html, type Markup } from './html';
import { renderLayout } from './layout';

/** What the page of `response_mode=form_post` shows. */
export interface FormPostPage {
  /** The name of the application that asked. */
  application: string;
  redirectURI: string;
  /** What is posted to the application. */
  outcome: AuthorizationOutcome;
}

/** The page that hands the outcome over as a form post, on a click instead of by script. */
export function renderFormPostPage({ application, redirectURI, outcome }: FormPostPage): Markup {
  const inputs = Object.entries(outcome).map(([name, value]) =>
    value === undefined ? html`` : renderHiddenInput(name, value),
  );
  return renderLayout(
    'One more step',
    html`<h1>Back to ${application}</h1>
<p class="lead">${application} asked to get the answer as a form.</p>
<form method="post" action="${redirectURI}">
${inputs}
<div class="actions"><button class="button primary">Continue</button></div>
</form>`,
  );
}
