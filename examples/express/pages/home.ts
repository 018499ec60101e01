import type { Emulation } from '../metafy';
import { html } from './html';
import { renderPage } from './layout';
import { renderNotice } from './notice';
import { renderPeople } from './people';

interface HomePage {
  emulation: Emulation | undefined;
  notice: unknown;
}

export function renderHome({ emulation, notice }: HomePage): string {
  return renderPage(
    'Sign in',
    html`<section class="card narrow">
${renderNotice(notice)}
<h1>Welcome</h1>
<p class="lead">Sign in with your Metafy account to see what this application gets to know about you.</p>
<ol class="steps">
<li>You choose your account at Metafy.</li>
<li>You allow what this application asks for, or you do not.</li>
<li>You come back here, signed in.</li>
</ol>
<p><a class="button primary wide" href="/auth/metafy">Sign in with Metafy</a></p>
<p class="hint">${
      emulation
        ? 'This demo talks to an emulator of Metafy that runs on this machine. You need no account.'
        : 'No password reaches this application, and you can revoke its access at any time.'
    }</p>
</section>
${
  emulation &&
  html`<section class="card narrow">
<h2>People to sign in as</h2>
${renderPeople(emulation.people)}
</section>`
}`,
  );
}
