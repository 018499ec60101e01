import type { Community, Configuration, MetafyEmulatorApplication, MetafyEmulatorUser } from '../configuration';
import type { EmulatorResponse } from '../http/response';
import { html, type Markup } from './html';
import { renderLayout } from './layout';
import { pageResponse } from './page-response';
import { renderIdentity } from './sign-in';

/** `GET /`: what this is, how to use it, and who supports what. */
export function showHomePage({ applications, users, communities }: Configuration, baseURL: string): EmulatorResponse {
  const page = renderLayout(
    'Overview',
    html`<h1>Metafy emulator</h1>
<p class="lead">For tests and development. It asks for no password and forgets everything when it stops.</p>
<dl><dt>baseURL</dt><dd><code>${baseURL}</code></dd></dl>
<h2>${applications.length > 1 ? 'Applications' : 'Application'}</h2>
${applications.map(renderApplication)}
${communities.length > 0 && html`<h2>${communities.length > 1 ? 'Communities' : 'Community'}</h2>`}
${communities.map(renderCommunity)}
<h2>People</h2>
<ul>
${users.map((user) => renderPerson(user, communities))}
</ul>`,
    'wide',
  );
  return pageResponse(page, "'none'");
}

function renderApplication({ name, clientID, redirectURIs }: MetafyEmulatorApplication): Markup {
  return html`<dl>
<dt>Name</dt><dd>${name}</dd>
<dt>Client ID</dt><dd><code>${clientID}</code></dd>
<dt>Redirect URIs</dt><dd>${redirectURIs.map((uri) => html`<code>${uri}</code>`)}</dd>
</dl>
`;
}

function renderCommunity({ id, title, tiers }: Community): Markup {
  return html`<dl>
<dt>Title</dt><dd>${title}</dd>
<dt>ID</dt><dd><code>${id}</code></dd>
${tiers.map((tier) => html`<dt>Tier “${tier.name}”</dt><dd><code>${tier.id}</code></dd>`)}
</dl>
`;
}

function renderPerson(user: MetafyEmulatorUser, communities: readonly Community[]): Markup {
  const states = communities.map((community) => describeState(user, community));
  return html`<li class="account">${renderIdentity(user)}<span>${states.map((state) => html`<small>${state}</small>`)}</span></li>
`;
}

function describeState({ id }: MetafyEmulatorUser, community: Community): string {
  const { title, ownerID, tiers, subscriptions, followerIDs } = community;
  const subscription = subscriptions.find(({ userID }) => userID === id);
  const tier = tiers.find((candidate) => candidate.id === subscription?.tierID)?.name ?? 'no tier';
  const support =
    subscription && (subscription.isLapsed ? `no longer supports ${title}` : `supports ${title} (${tier})`);
  const states = [
    id === ownerID && `owns ${title}`,
    support,
    followerIDs.includes(id) && (support ? 'follows it' : `follows ${title}`),
  ];
  return states.filter(Boolean).join(', ') || `neither supports nor follows ${title}`;
}
