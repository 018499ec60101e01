import { html, Markup } from './html';
import { STYLE } from './style';

// The style is ours and its hash stands in the page's CSP: escaping it would break both.
const STYLE_ELEMENT = new Markup(`<style>${STYLE}</style>`);

/** A whole page: the emulator's banner, and a card with a heading and whatever belongs below it. */
export function renderLayout(title: string, content: Markup, width: 'narrow' | 'wide' = 'narrow'): Markup {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Metafy emulator</title>
${STYLE_ELEMENT}
</head>
<body>
<header class="banner"><p><strong>Emulator</strong> – not metafy.gg</p></header>
<main class="card ${width}">
${content}
</main>
</body>
</html>
`;
}
