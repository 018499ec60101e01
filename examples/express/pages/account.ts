import { createHash } from 'node:crypto';
import type { MetafyTokens } from 'passport-metafy';
import type { Emulation } from '../metafy';
import type { Notice } from '../notice';
import type { Person } from '../person';
import { type Html, html } from './html';
import { type Link, renderForm, renderPage } from './layout';
import { renderNotice } from './notice';
import { renderRequests } from './requests';

interface AccountPage {
  person: Person;
  tokens: MetafyTokens;
  /** The token of the application's owner; `undefined` when Metafy did not give one. */
  owner: MetafyTokens | undefined;
  notice: Notice | undefined;
  links: readonly Link[];
  emulation: Emulation | undefined;
}

export function renderAccount({ person, tokens, owner, notice, links, emulation }: AccountPage): string {
  return renderPage(
    person.name,
    html`${renderNotice(notice)}
<div class="columns">
<section class="card profile full">
${renderPicture(person)}
<div>
<h1>${person.name}</h1>
${person.slug !== undefined && html`<p class="slug">@${person.slug}</p>`}
${person.email !== undefined && html`<p class="slug">${person.email}</p>`}
</div>
<p class="hint">You signed in with Metafy. The code is in <a href="/source/app.ts">app.ts</a>.</p>
</section>
<section class="card">
<h2>Your access token</h2>
${renderTokens(tokens)}
<p class="hint">Refreshed automatically before it expires.</p>
<div class="actions">
${renderForm('/refresh', person, html`<button class="button primary">Refresh now</button>`)}
${renderForm('/revoke', person, html`<button class="button danger">Revoke and sign out</button>`)}
</div>
</section>
<section class="card">
<h2>The application’s token</h2>
${
  owner
    ? html`${renderTokens(owner)}
<p class="hint">Issued for client credentials, it acts for the application’s owner and never reaches a browser.</p>`
    : html`<p class="lead">Metafy did not issue one just now. The reason is in the server’s log.</p>`
}
</section>
${emulation && renderRequests(emulation)}
</div>`,
    { person, links, path: '/account' },
  );
}

function renderPicture({ name, picture }: Person): Html {
  const initials = name.split(/\s+/).slice(0, 2).map(takeFirstCharacter).join('');
  // The initials are behind the picture, for when there is none.
  return html`<p class="picture" aria-hidden="true">${initials}${
    picture !== undefined && html`<img src="${picture}" alt="" width="96" height="96">`
  }</p>`;
}

function takeFirstCharacter(word: string): string {
  return [...word][0]?.toUpperCase() ?? '';
}

/** What a person may know about tokens: everything but the tokens. */
function renderTokens({
  accessToken,
  scope,
  expiresAt,
  raw: { expires_in: lifetimeSeconds = 7200 },
}: MetafyTokens): Html {
  const seconds = Math.max(0, Math.round((expiresAt.getTime() - Date.now()) / 1000));
  const issuedAt = new Date(expiresAt.getTime() - lifetimeSeconds * 1000);
  return html`<dl>
<div><dt>Fingerprint</dt><dd><code>${fingerprint(accessToken)}</code></dd></div>
<div><dt>Scopes</dt><dd><ul class="scopes">${scope.map((name) => html`<li>${name}</li>`)}</ul></dd></div>
<div><dt>Issued</dt><dd>${renderTime(issuedAt)}</dd></div>
<div><dt>Expires</dt><dd>${renderTime(expiresAt)}</dd></div>
<div><dt>Remaining</dt><dd data-countdown="${seconds}">${formatDuration(seconds)}</dd></div>
</dl>
<progress max="${lifetimeSeconds}" value="${seconds}" aria-label="Remaining lifetime"></progress>`;
}

/** Tells one token from another, and says nothing about either. */
function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 8);
}

function renderTime(date: Date): Html {
  return html`<time data-local datetime="${date.toISOString()}">${date.toUTCString()}</time>`;
}

/** As countdown.js goes on to do in the browser. */
function formatDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return [hours > 0 && `${hours} h`, (hours > 0 || minutes > 0) && `${minutes} min`, `${seconds % 60} s`]
    .filter(Boolean)
    .join(' ');
}
