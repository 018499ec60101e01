import { html, type Markup } from './html';
import { renderLayout } from './layout';

/** The page for a link the application got wrong: it says what to mend, and nobody is called back. */
export function renderErrorPage(code: string, message: string): Markup {
  return renderLayout(
    'This link does not work',
    html`<h1>This sign-in link does not work</h1>
<p class="lead">The application that sent you here made a mistake in it.</p>
<div class="problem"><code>${code}</code><p>${message}</p></div>
<p class="note">Nothing was shared, and the application was not called back.</p>`,
  );
}
