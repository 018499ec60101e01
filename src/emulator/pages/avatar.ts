import { type EmulatorResponse, REVALIDATE } from '../http/response';
import { html, type Markup } from './html';

/** Enough of a user to draw and to name them. */
interface Person {
  readonly id: string;
  readonly name: string;
}

/** The path of a user's avatar. */
export function avatarPath({ id }: Pick<Person, 'id'>): string {
  return `/avatars/${encodeURIComponent(id)}.svg`;
}

/** The avatar at a path. */
export function findAvatar(path: string, users: readonly Person[]): EmulatorResponse | undefined {
  const user = users.find((candidate) => path === avatarPath(candidate));
  return (
    user && {
      status: 200,
      headers: {
        'Content-Type': 'image/svg+xml; charset=utf-8',
        'Cache-Control': REVALIDATE,
        'Content-Security-Policy': "default-src 'none'",
        'X-Content-Type-Options': 'nosniff',
      },
      body: renderAvatar(user).toString(),
    }
  );
}

/** The initials on a colour that is always the same for the same user. */
function renderAvatar({ id, name }: Person): Markup {
  const hue = [...id].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 360, 7);
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('');
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96" role="img" aria-label="${name}"><rect width="96" height="96" fill="hsl(${hue} 45% 30%)"/><text x="48" y="49" fill="#fff" font-family="system-ui, sans-serif" font-size="36" font-weight="600" text-anchor="middle" dominant-baseline="central">${initials}</text></svg>`;
}
