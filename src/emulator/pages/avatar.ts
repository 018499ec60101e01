import { html, type Markup } from './html';

/** Enough of a user to draw and to name them. */
export interface Person {
  id: string;
  name: string;
}

/** The path the emulator serves a user's avatar at. */
export function avatarPath({ id }: Pick<Person, 'id'>): string {
  return `/avatars/${encodeURIComponent(id)}.svg`;
}

/** A user's picture: the initials on a colour that is always the same for the same user. */
export function renderAvatar({ id, name }: Person): Markup {
  const hue = [...id].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 360, 7);
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('');
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96" role="img" aria-label="${name}"><rect width="96" height="96" fill="hsl(${hue} 45% 30%)"/><text x="48" y="49" fill="#fff" font-family="system-ui, sans-serif" font-size="36" font-weight="600" text-anchor="middle" dominant-baseline="central">${initials}</text></svg>`;
}
