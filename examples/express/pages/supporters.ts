import type { CheckedCommunityAccess } from 'passport-metafy';
import type { Community } from '../config';
import type { Emulation } from '../metafy';
import type { Notice } from '../notice';
import type { Person } from '../person';
import { type Html, html } from './html';
import { type Link, renderForm, renderPage } from './layout';
import { renderNotice } from './notice';
import { renderPeople } from './people';
import { renderRequests } from './requests';

/** A page for supporters, and whom it is for. */
export interface Area {
  label: string;
  path: string;
  /** `undefined` for every tier. */
  tierIds: readonly string[] | undefined;
}

/** What the pages for supporters have in common. */
export interface SupportersSite {
  community: Community;
  links: readonly Link[];
  emulation: Emulation | undefined;
}

interface NoAnswerPage extends SupportersSite {
  area: Area;
  person: Person;
}

interface SupportersPage extends NoAnswerPage {
  answer: CheckedCommunityAccess;
  isOpen: boolean;
  notice: Notice | undefined;
}

export function renderSupporters(page: SupportersPage): string {
  const { community, area, person, answer, isOpen, notice } = page;
  const { tierId, checkedAt, isStale } = answer;
  const [title, text] = isOpen ? welcome(page) : explainLock(page);
  return renderColumns(
    page,
    isOpen ? 'open' : 'locked',
    isStale
      ? html`<p class="notice warning" role="status"><strong>Metafy is not answering at the moment.</strong>
Its last answer (${formatAge(checkedAt)}) still counts.</p>`
      : renderNotice(notice),
    html`<h2>${title}</h2>
<p class="lead">${text}</p>
<dl>
<div><dt>Your tier</dt><dd>${tierId === undefined ? 'none' : nameTier(community, tierId)}</dd></div>
<div><dt>Unlocked by</dt><dd>${nameTiers(page)}</dd></div>
<div><dt>Checked</dt><dd><time datetime="${checkedAt.toISOString()}">${formatAge(checkedAt)}</time>${
      isStale && html` <span class="tag">last known</span>`
    }</dd></div>
</dl>
<div class="actions">
${renderForm(`${area.path}/check`, person, html`<button class="button">Check again</button>`)}
</div>`,
  );
}

/** Metafy has not said whether the person supports the community, and has not before either. */
export function renderNoAnswer(page: NoAnswerPage): string {
  const { community, area } = page;
  return renderColumns(
    page,
    'unknown',
    undefined,
    html`<h2>Metafy is not answering</h2>
<p class="lead">We cannot check at the moment whether you support ${community.title}. Nothing has been lost. Please try
again in a minute.</p>
<div class="actions"><a class="button primary" href="${area.path}">Try again</a></div>`,
  );
}

function welcome({ community, area, person }: SupportersPage): [title: string, text: string] {
  if (area.tierIds) return [`Welcome, ${person.name}`, `Your ${community.title} tier unlocks this page.`];
  return [`Thank you, ${person.name}`, `You support ${community.title} on Metafy, which unlocks this page.`];
}

function explainLock(page: SupportersPage): [title: string, text: string] {
  const { community, area, answer } = page;
  const advice = 'If this has just changed, check again.';
  if (!area.tierIds) {
    return ['This page is for supporters', `Metafy says that you do not support ${community.title}. ${advice}`];
  }
  if (answer.tierId === undefined) {
    const text = `Metafy does not list you as a supporter of ${community.title} in a tier that unlocks this page. ${advice}`;
    return ['This page is for supporters', text];
  }
  const tier = nameTier(community, answer.tierId);
  const text = `Thank you for your support of ${community.title}. Your tier, ${tier}, does not unlock this page. ${advice}`;
  return ['This page is for another tier', text];
}

function nameTiers({ community, area }: NoAnswerPage): string {
  return area.tierIds?.map((tierId) => nameTier(community, tierId)).join(', ') ?? 'any tier';
}

function nameTier({ tiers }: Community, tierId: string): string {
  return tiers.find(({ id }) => id === tierId)?.name ?? tierId;
}

const STATES = {
  open: ['Unlocked', html`<path d="M5 11h14v9H5zM8 11V7a4 4 0 0 1 7.5-2"/>`],
  locked: ['Locked', html`<path d="M5 11h14v9H5zM8 11V7a4 4 0 0 1 8 0v4"/>`],
  unknown: ['Unknown', html`<path d="M8.5 8.5a3.5 3.5 0 1 1 5.5 3c-1.3.9-2 1.6-2 3m0 4.5v.01"/>`],
} as const;

function renderColumns(
  { community, area, links, emulation, person }: NoAnswerPage,
  state: keyof typeof STATES,
  notice: Html | undefined,
  content: Html,
): string {
  const [label, drawing] = STATES[state];
  return renderPage(
    area.label,
    html`${notice}
<div class="columns">
<section class="card profile full">
<p class="picture"><svg viewBox="0 0 24 24" width="48" height="48" aria-hidden="true">${drawing}</svg></p>
<div>
<h1>${area.label}</h1>
<p class="slug">${community.title}</p>
<p class="state ${state}">${label}</p>
</div>
<p class="hint">The code is in <a href="/source/supporters.ts">supporters.ts</a>.</p>
</section>
<section class="card">
${content}
</section>
${emulation && renderEmulation(emulation, area, person)}
${emulation && renderRequests(emulation)}
</div>`,
    { person, links, path: area.path },
  );
}

function renderEmulation({ outage, people }: Emulation, { path }: Area, person: Person): Html {
  const [text, button] = outage.isOn
    ? (['Metafy answers every question about supporters with an error.', 'End the outage'] as const)
    : (['Metafy is answering normally.', 'Start an outage'] as const);
  const form = html`<button class="button" name="outage" value="${outage.isOn ? 'off' : 'on'}">${button}</button>`;
  return html`<section class="card">
<h2>Try it out</h2>
<p class="lead">${text}</p>
<div class="actions">${renderForm(`${path}/outage`, person, form)}</div>
<p class="hint">During an outage, everyone keeps what Metafy said last. Signing in discards it, so sign in during an outage to
see what happens when there is no earlier answer.</p>
</section>
<section class="card full">
<h2>People you can sign in as</h2>
${renderPeople(people)}
<p class="hint">Sign out here first, then choose “Not you?” at Metafy.</p>
</section>`;
}

function formatAge(date: Date): string {
  const seconds = Math.max(0, Math.round((Date.now() - date.getTime()) / 1000));
  const format = new Intl.RelativeTimeFormat('en');
  if (seconds < 5) return 'just now';
  if (seconds < 60) return format.format(-seconds, 'second');
  if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute');
  return format.format(-Math.floor(seconds / 3600), 'hour');
}
