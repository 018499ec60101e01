"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.renderSignInPage = renderSignInPage;
exports.renderIdentity = renderIdentity;
const avatar_1 = require("./avatar");
const html_1 = require("./html");
const layout_1 = require("./layout");
function renderSignInPage({ application, users, csrfToken, action }) {
    return (0, layout_1.renderLayout)('Sign in', (0, html_1.html) `<h1>Who is signing in?</h1>
<p class="lead">Choose an account to continue to ${application}.</p>
<form method="post" action="${action}">
<input type="hidden" name="authenticity_token" value="${csrfToken}">
<ul class="people">
${users.map(renderPerson)}
</ul>
</form>`);
}
function renderPerson(user) {
    return (0, html_1.html) `<li><button class="person" name="user" value="${user.id}">${renderIdentity(user)}</button></li>
`;
}
function renderIdentity(user) {
    return (0, html_1.html) `<img src="${(0, avatar_1.avatarPath)(user)}" alt="" width="40" height="40">
<span>${user.name} <small>${user.slug}${user.partner === true && ' · partner'}</small>
<small>${user.email ?? 'no email'}</small></span>`;
}
