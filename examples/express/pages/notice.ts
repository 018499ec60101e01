import type { Notice } from '../notice';
import { type Html, html } from './html';

export function renderNotice(notice: Notice | undefined): Html | undefined {
  return notice && html`<p class="notice${!notice.isDone && ' warning'}" role="status">${notice.text}</p>`;
}
