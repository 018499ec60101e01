import type { Emulation } from '../metafy';
import { type Html, html } from './html';

/** Whom a visitor may sign in as, and what they have to do with the community. */
export function renderPeople(people: Emulation['people']): Html {
  return html`<ul class="people">
${people.map(({ name, description }) => html`<li><strong>${name}:</strong> ${description}</li>\n`)}
</ul>`;
}
