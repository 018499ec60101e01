import type { Emulation } from '../metafy';
import type { Notice } from '../notice';
import { html } from './html';
import { renderPage } from './layout';
import { renderNotice } from './notice';
import { renderPeople } from './people';

interface HomePage {
  emulation: Emulation | undefined;
  notice: Notice | undefined;
}

export function renderHome({ emulation, notice }: HomePage): string {
  return renderPage(
    'Sign in',
    html`<section class="card narrow">
${renderNotice(notice)}
<h1>Welcome</h1>
<p class="lead">Sign in with your Metafy account to find out what this application can see.</p>
<ol class="steps">
<li>You sign in at Metafy.</li>
<li>You allow or deny access.</li>
<li>You come back here, signed in.</li>
</ol>
<p><a class="button primary wide" href="/auth/metafy">Sign in with Metafy</a></p>
<p class="hint">${
      emulation
        ? 'This demo talks to an emulator of Metafy on this machine. You do not need an account.'
        : 'This application never sees your password, and you can revoke its access at any time.'
    }</p>
</section>
${
  emulation &&
  html`<section class="card narrow">
<h2>People you can sign in as</h2>
${renderPeople(emulation.people)}
</section>`
}`,
  );
}
