import { html, type Markup } from './html';
import { renderLayout } from './layout';

/** The page for a link the application got wrong: it says what to correct, and nobody is called back. */
export function renderErrorPage(code: string, message: string): Markup {
  return renderLayout(
    'This link does not work',
    html`<h1>This sign-in link does not work</h1>
<p class="lead">The application that sent you here made an invalid request.</p>
<div class="problem"><code>${code}</code><p>${message}</p></div>
<p class="note">Nothing was shared, and you were not sent back to the application.</p>`,
  );
}

/** The page for a form that is out of date, such as after somebody has signed in in another tab. */
export function renderStaleFormPage(): Markup {
  return renderLayout(
    'This page is out of date',
    html`<h1>This page is out of date</h1>
<p class="lead">Someone has signed in or out in another tab since you opened it, or your browser blocks cookies.</p>
<p class="note">Nothing was shared. Go back to the application and sign in again.</p>`,
  );
}
