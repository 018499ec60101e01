"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.renderConsentPage = renderConsentPage;
const html_1 = require("./html");
const layout_1 = require("./layout");
const sign_in_1 = require("./sign-in");
const SCOPES = {
    profile: 'See your profile: your name, picture and email address',
    community: 'See your communities, their members and your memberships',
    purchases: 'See what you have bought and subscribed to',
    products: 'See the products you offer',
};
const CHECK_MARK = (0, html_1.html) `<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m3 8.5 3.5 3.5L13 4.5"/></svg>`;
function renderConsentPage(page) {
    const { application, scope, redirectURI, user, csrfToken, fields } = page;
    const { origin, protocol } = new URL(redirectURI);
    return (0, layout_1.renderLayout)(`Allow ${application}?`, (0, html_1.html) `<h1>${application} wants to access your Metafy account</h1>
<form class="account" method="post" action="${page.signOutAction}">
${renderHiddenInput('authenticity_token', csrfToken)}
${(0, sign_in_1.renderIdentity)(user)}
<button class="link">Not you?</button>
</form>
<h2>It will be able to</h2>
<ul class="scopes">
${scope.map(renderScope)}
</ul>
<form method="post" action="${page.action}">
${renderHiddenInput('authenticity_token', csrfToken)}
${fields.map(([name, value]) => renderHiddenInput(name, value))}
<div class="actions">
<button class="button" name="_method" value="delete">Deny</button>
<button class="button primary">Allow</button>
</div>
</form>
<p class="note">Either way you go back to ${origin === 'null' ? protocol : origin}.</p>`);
}
function renderHiddenInput(name, value) {
    return (0, html_1.html) `<input type="hidden" name="${name}" value="${value}">
`;
}
function renderScope(name) {
    return (0, html_1.html) `<li>${CHECK_MARK}<span>${Object.hasOwn(SCOPES, name) ? SCOPES[name] : name}</span></li>
`;
}
