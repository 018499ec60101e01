"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.renderErrorPage = renderErrorPage;
exports.renderStaleFormPage = renderStaleFormPage;
const html_1 = require("./html");
const layout_1 = require("./layout");
function renderErrorPage(code, message) {
    return (0, layout_1.renderLayout)('This link does not work', (0, html_1.html) `<h1>This sign-in link does not work</h1>
<p class="lead">The application that sent you here made a mistake in it.</p>
<div class="problem"><code>${code}</code><p>${message}</p></div>
<p class="note">Nothing was shared, and the application was not called back.</p>`);
}
function renderStaleFormPage() {
    return (0, layout_1.renderLayout)('This page is out of date', (0, html_1.html) `<h1>This page is out of date</h1>
<p class="lead">Somebody has signed in or out in another tab since it was opened, or cookies are blocked.</p>
<p class="note">Nothing was shared. Go back to the application, and sign in from there once more.</p>`);
}
