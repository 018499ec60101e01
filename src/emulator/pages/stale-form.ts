import { html, type Markup } from './html';
import { renderLayout } from './layout';

/** The page for a form whose page is out of date, such as after somebody signed in in another tab. */
export function renderStaleFormPage(): Markup {
  return renderLayout(
    'This page is out of date',
    html`<h1>This page is out of date</h1>
<p class="lead">Somebody has signed in or out in another tab since it was opened, or cookies are blocked.</p>
<p class="note">Nothing was shared. Go back to the application, and sign in from there once more.</p>`,
  );
}
