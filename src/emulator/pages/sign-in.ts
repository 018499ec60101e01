import type { MetafyEmulatorUser } from '../configuration';
import { avatarPath } from './avatar';
import { html, type Markup } from './html';
import { renderLayout } from './layout';

/** What the sign-in page shows. */
export interface SignInPage {
  /** The name of the application that asks. */
  application: string;
  users: readonly MetafyEmulatorUser[];
  csrfToken: string;
  /** Where the choice is posted to. */
  action: string;
}

/** The page on which a browser becomes one of the users: no password, just a choice. */
export function renderSignInPage({ application, users, csrfToken, action }: SignInPage): Markup {
  return renderLayout(
    'Sign in',
    html`<h1>Who is signing in?</h1>
<p class="lead">Choose an account to continue to ${application}.</p>
<form method="post" action="${action}">
<input type="hidden" name="authenticity_token" value="${csrfToken}">
<ul class="people">
${users.map(renderPerson)}
</ul>
</form>`,
  );
}

function renderPerson(user: MetafyEmulatorUser): Markup {
  return html`<li><button class="person" name="user" value="${user.id}">${renderIdentity(user)}</button></li>
`;
}

/** Picture, name, and what else tells users apart. */
export function renderIdentity(user: MetafyEmulatorUser): Markup {
  return html`<img src="${avatarPath(user)}" alt="" width="40" height="40">
<span>${user.name} <small>${user.slug}${user.partner === true && ' · partner'}</small>
<small>${user.email ?? 'no email address'}</small></span>`;
}
