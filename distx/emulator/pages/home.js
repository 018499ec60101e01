"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.showHomePage = showHomePage;
const html_1 = require("./html");
const layout_1 = require("./layout");
const page_response_1 = require("./page-response");
const sign_in_1 = require("./sign-in");
function showHomePage({ applications, users, communities }, baseURL) {
    const page = (0, layout_1.renderLayout)('Overview', (0, html_1.html) `<h1>Metafy emulator</h1>
<p class="lead">For tests and development: it asks for no password, and forgets everything when it stops.</p>
<dl><dt>baseURL</dt><dd><code>${baseURL}</code></dd></dl>
<h2>${applications.length > 1 ? 'Applications' : 'Application'}</h2>
${applications.map(renderApplication)}
${communities.length > 0 && (0, html_1.html) `<h2>${communities.length > 1 ? 'Communities' : 'Community'}</h2>`}
${communities.map(renderCommunity)}
<h2>People</h2>
<ul>
${users.map((user) => renderPerson(user, communities))}
</ul>`, 'wide');
    return (0, page_response_1.pageResponse)(page, "'none'");
}
function renderApplication({ name, clientID, redirectURIs }) {
    return (0, html_1.html) `<dl>
<dt>Name</dt><dd>${name}</dd>
<dt>Client id</dt><dd><code>${clientID}</code></dd>
<dt>Redirect URIs</dt><dd>${redirectURIs.map((uri) => (0, html_1.html) `<code>${uri}</code>`)}</dd>
</dl>
`;
}
function renderCommunity({ id, title, tiers }) {
    return (0, html_1.html) `<dl>
<dt>Title</dt><dd>${title}</dd>
<dt>Id</dt><dd><code>${id}</code></dd>
${tiers.map((tier) => (0, html_1.html) `<dt>Tier “${tier.name}”</dt><dd><code>${tier.id}</code></dd>`)}
</dl>
`;
}
function renderPerson(user, communities) {
    const states = communities.map((community) => describeState(user, community));
    return (0, html_1.html) `<li class="account">${(0, sign_in_1.renderIdentity)(user)}<span>${states.map((state) => (0, html_1.html) `<small>${state}</small>`)}</span></li>
`;
}
function describeState({ id }, community) {
    const { title, ownerID, tiers, subscriptions, followerIDs } = community;
    const subscription = subscriptions.find(({ userID }) => userID === id);
    const tier = tiers.find((candidate) => candidate.id === subscription?.tierID)?.name ?? 'no tier';
    const support = subscription && (subscription.isLapsed ? `no longer supports ${title}` : `supports ${title}: ${tier}`);
    const states = [
        id === ownerID && `owns ${title}`,
        support,
        followerIDs.includes(id) && (support ? 'follows it' : `follows ${title}`),
    ];
    return states.filter(Boolean).join(', ') || `nothing to do with ${title}`;
}
