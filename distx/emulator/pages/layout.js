"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.renderLayout = renderLayout;
const html_1 = require("./html");
const style_1 = require("./style");
const STYLE_ELEMENT = new html_1.Markup(`<style>${style_1.STYLE}</style>`);
function renderLayout(title, content, width = 'narrow') {
    return (0, html_1.html) `<!DOCTYPE html>
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
