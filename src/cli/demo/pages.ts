import type { CheckedCommunityAccess } from '../../api/community-access';
import type { MetafyProfile } from '../../metafy/profile';

/** Text that is a page's markup already. */
class Markup {
  constructor(readonly text: string) {}
}

/** Markup from a template, in which every value is escaped that is not markup itself. */
function html(strings: TemplateStringsArray, ...values: (string | Markup)[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...values.map(escapeValue)));
}

function escapeValue(value: string | Markup): string {
  return value instanceof Markup
    ? value.text
    : value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Who is signed in, and what Metafy says about them. */
export interface AccountPage {
  profile: MetafyProfile;
  access: CheckedCommunityAccess;
  community: { title: string; tiers: readonly { id: string; name: string }[] };
}

export function renderStartPage(): string {
  return renderPage(
    'You are not signed in',
    html`<p>This demo uses an emulator in place of metafy.gg. You choose an account there, and need no password.</p>
<p><a class="button" href="/auth/metafy">Sign in with Metafy</a></p>`,
  );
}

export function renderAccountPage({ profile, access, community }: AccountPage): string {
  const tier = community.tiers.find(({ id }) => id === access.tierId)?.name;
  const [photo] = profile.photos ?? [];
  const [email] = profile.emails ?? [];
  return renderPage(
    profile.displayName ?? profile.id,
    html`${photo ? html`<img src="${photo.value}" alt="" width="64" height="64">` : ''}
<dl>
<dt>Username</dt><dd>${profile.username ?? profile.id}</dd>
<dt>Email</dt><dd>${email?.value ?? 'Not given'}</dd>
<dt>Community</dt><dd>${community.title}</dd>
<dt>Supporter</dt><dd>${access.hasAccess ? 'Yes' : 'No'}</dd>
<dt>Tier</dt><dd>${tier ?? 'None'}</dd>
</dl>
<form method="post" action="/sign-out"><button class="button">Sign out</button></form>
<p class="note">Signing out also revokes this application’s access to your account.</p>`,
  );
}

/** A page that says what happened, and where to go from there. */
export function renderMessagePage(title: string, text: string, link = { href: '/', label: 'Home' }): string {
  return renderPage(title, html`<p>${text}</p>\n<p><a class="button" href="${link.href}">${link.label}</a></p>`);
}

function renderPage(title: string, content: Markup): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · passport-metafy demo</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>passport-metafy demo</header>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.text;
}

export const styleSheet = `:root {
  --page: #f4f3f8; --card: #ffffff; --line: #dddae6; --text: #1d1a29; --muted: #5b5670;
  --accent: #5b3fd6; --accent-hover: #4a31b8; --on-accent: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131119; --card: #1d1a27; --line: #363145; --text: #f0eef6; --muted: #aca6bf;
    --accent: #b4a2ff; --accent-hover: #c8bbff; --on-accent: #1b1430;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh; display: flex; flex-direction: column; align-items: center; padding: 0 1rem 3rem;
  background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
header { padding: .75rem; margin-bottom: auto; color: var(--muted); font-size: .8125rem; }
main {
  width: 100%; max-width: 27rem; margin-bottom: auto; padding: 2rem; display: grid; gap: 1rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
}
h1 { font-size: 1.375rem; line-height: 1.3; }
img { border-radius: 50%; }
dl { display: grid; grid-template-columns: 2fr 3fr; gap: .5rem 1rem; }
dt, .note { color: var(--muted); }
.note { font-size: .875rem; }
.button {
  display: block; width: 100%; padding: .625rem 1rem; border: 0; border-radius: .625rem;
  background: var(--accent); color: var(--on-accent);
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
}
.button:hover { background: var(--accent-hover); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (max-width: 26rem) { main { padding: 1.5rem 1.25rem; } }
`;
