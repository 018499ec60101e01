import { html } from './html';
import { type Link, renderPage } from './layout';

export interface Message {
  title: string;
  text: string;
  /** Small print. */
  detail?: string | false | undefined;
  link: Link;
  otherLink?: Link | undefined;
}

export function renderMessage({ title, text, detail, link, otherLink }: Message): string {
  return renderPage(
    title,
    html`<section class="card narrow">
<h1>${title}</h1>
<p class="lead">${text}</p>
${detail && html`<p class="detail">${detail}</p>`}
<div class="actions">
<a class="button primary" href="${link[1]}">${link[0]}</a>
${otherLink && html`<a class="button" href="${otherLink[1]}">${otherLink[0]}</a>`}
</div>
</section>`,
  );
}

export const TRY_AGAIN: Link = ['Try again', '/auth/metafy'];
export const HOME: Link = ['Home', '/'];
