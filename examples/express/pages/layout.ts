import type { Person } from '../person';
import { type Html, html } from './html';

export type Link = readonly [label: string, href: string];

/** What is at the top of a page for somebody who is signed in. */
export interface Header {
  person: Person;
  /** Where else they can go, beside their account. */
  links: readonly Link[];
  /** The address of this page. */
  path: string;
}

/** A whole page; with the person's sign-out when somebody is signed in. */
export function renderPage(title: string, content: Html, header?: Header): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · passport-metafy demo</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/base.css">
<link rel="stylesheet" href="/layout.css">
<link rel="stylesheet" href="/parts.css">
<link rel="stylesheet" href="/account.css">
<link rel="stylesheet" href="/supporters.css">
<script src="/countdown.js" defer></script>
</head>
<body>
<header class="top">
<a class="brand" href="/"><img src="/icon.svg" alt="" width="24" height="24"> passport-metafy</a>
${header && renderNavigation(header)}
${header && renderForm('/sign-out', header.person, html`<button class="button quiet">Sign out</button>`)}
</header>
<main>
${content}
</main>
</body>
</html>
`.text;
}

function renderNavigation({ links, path }: Header): Html | undefined {
  if (links.length === 0) return undefined;
  return html`<nav aria-label="Pages"><ul>
${[['Account', '/account'] as const, ...links].map(
  ([label, href]) => html`<li><a href="${href}"${href === path && html` aria-current="page"`}>${label}</a></li>`,
)}
</ul></nav>`;
}

/** A button that does something for the person it was shown to, and for nobody else. */
export function renderForm(action: string, { id }: Person, button: Html): Html {
  return html`<form method="post" action="${action}"><input type="hidden" name="person" value="${id}">${button}</form>`;
}
