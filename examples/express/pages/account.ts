import type { MetafyTokens } from 'passport-metafy';
import type { Person } from '../person';
import { type Html, html } from './html';
import { type Link, renderForm, renderPage } from './layout';
import { renderNotice } from './notice';

interface AccountPage {
  person: Person;
  tokens: MetafyTokens;
  /** The token of the application's owner; `undefined` when Metafy did not give one. */
  owner: MetafyTokens | undefined;
  notice: unknown;
  links: readonly Link[];
}

export function renderAccount({ person, tokens, owner, notice, links }: AccountPage): string {
  return renderPage(
    person.name,
    html`${renderNotice(notice)}
<div class="columns">
<section class="card profile">
${renderPicture(person)}
<h1>${person.name}</h1>
${person.slug !== undefined && html`<p class="slug">@${person.slug}</p>`}
<p class="hint">Signed in with Metafy</p>
</section>
<section class="card">
<h2>Your access token</h2>
${renderTokens(tokens)}
<p class="hint">It is refreshed by itself when it is needed and about to expire.</p>
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
<p class="hint">From client credentials, it acts for the application’s owner. No browser sees it.</p>`
    : html`<p class="lead">Metafy gave none just now. The reason is in the server’s log.</p>`
}
</section>
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
function renderTokens({ scope, expiresAt, raw }: MetafyTokens): Html {
  const seconds = Math.max(0, Math.round((expiresAt.getTime() - Date.now()) / 1000));
  return html`<dl>
<div><dt>Token</dt><dd><span aria-hidden="true">••••••••</span><span class="unseen">hidden</span></dd></div>
<div><dt>Scopes</dt><dd><ul class="scopes">${scope.map((name) => html`<li>${name}</li>`)}</ul></dd></div>
<div><dt>Expires</dt><dd><time data-local datetime="${expiresAt.toISOString()}">${expiresAt.toUTCString()}</time></dd></div>
<div><dt>Remaining</dt><dd data-countdown="${seconds}">${formatDuration(seconds)}</dd></div>
</dl>
<progress max="${raw.expires_in ?? 7200}" value="${seconds}" aria-label="Remaining life"></progress>`;
}

/** As countdown.js goes on to do in the browser. */
function formatDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return [hours > 0 && `${hours} h`, (hours > 0 || minutes > 0) && `${minutes} min`, `${seconds % 60} s`]
    .filter(Boolean)
    .join(' ');
}
