import { type Html, html } from './html';

const NOTICES = new Map([
  ['signed-out', 'You are signed out.'],
  ['revoked', 'Access is revoked at Metafy, and you are signed out.'],
  ['refreshed', 'Refreshed: Metafy has issued new tokens.'],
  ['kept', 'Metafy is not available at the moment. Your token works until it expires: try again later.'],
  ['checked', 'Metafy has just been asked again.'],
  ['unanswered', 'Metafy was asked again and gave no answer. Its last one stays as it was.'],
  ['changed', 'Nothing was done: somebody else had signed in here since that page was shown.'],
]);

/** @param name from the query, so anything */
export function renderNotice(name: unknown): Html | undefined {
  const text = NOTICES.get(String(name));
  return text === undefined ? undefined : html`<p class="notice" role="status">${text}</p>`;
}
