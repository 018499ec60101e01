import type { MetafyEmulatorUser } from '../configuration';
import { html, type Markup } from './html';
import { renderLayout } from './layout';
import { renderIdentity } from './sign-in';

/** What the consent page shows. */
export interface ConsentPage {
  /** The name of the application that asks. */
  application: string;
  scope: readonly string[];
  redirectURI: string;
  user: MetafyEmulatorUser;
  csrfToken: string;
  /** The authorization request, to be posted with the decision. */
  fields: readonly (readonly [name: string, value: string])[];
  /** Where the decision is posted to. */
  action: string;
  /** Where “Not you?” is posted to. */
  signOutAction: string;
}

const SCOPES: Readonly<Record<string, string>> = {
  profile: 'See your profile: your name, picture and email address',
  community: 'See your communities, their members and your memberships',
  purchases: 'See what you have bought and subscribed to',
  products: 'See the products you offer',
};

const CHECK_MARK = html`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m3 8.5 3.5 3.5L13 4.5"/></svg>`;

/** The page on which the signed-in user allows or denies. */
export function renderConsentPage(page: ConsentPage): Markup {
  const { application, scope, redirectURI, user, csrfToken, fields } = page;
  const { origin, protocol } = new URL(redirectURI);
  return renderLayout(
    `Allow ${application}?`,
    html`<h1>${application} wants to access your Metafy account</h1>
<form class="account" method="post" action="${page.signOutAction}">
${renderHiddenInput('authenticity_token', csrfToken)}
${renderIdentity(user)}
<button class="link">Not you?</button>
</form>
<h2>This application will be able to</h2>
<ul class="scopes">
${scope.map(renderScope)}
</ul>
<form method="post" action="${page.action}">
${renderHiddenInput('authenticity_token', csrfToken)}
${fields.map(([name, value]) => renderHiddenInput(name, value))}
<div class="actions">
<button class="button" name="_method" value="delete">Deny</button>
<button class="button primary">Allow</button>
</div>
</form>
<p class="note">You will return to ${origin === 'null' ? protocol : origin} either way.</p>`,
  );
}

function renderHiddenInput(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">
`;
}

function renderScope(name: string): Markup {
  return html`<li>${CHECK_MARK}<span>${Object.hasOwn(SCOPES, name) ? SCOPES[name] : name}</span></li>
`;
}
