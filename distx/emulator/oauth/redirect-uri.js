"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.matchesRedirectURI = matchesRedirectURI;
const loopback_1 = require("../http/loopback");
function matchesRedirectURI(requested, registered) {
    if (!URL.canParse(requested) || requested.includes('#'))
        return false;
    const wanted = new URL(requested);
    const known = new URL(registered);
    if (known.search !== '' && sortedQuery(known) !== sortedQuery(wanted))
        return false;
    for (const url of [wanted, known])
        url.search = '';
    if ((0, loopback_1.isLoopbackAddress)(wanted.hostname) && (0, loopback_1.isLoopbackAddress)(known.hostname)) {
        for (const url of [wanted, known])
            url.port = '';
    }
    return wanted.href === known.href;
}
function sortedQuery(url) {
    return url.search.slice(1).split('&').sort().join('&');
}
