"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.allow = allow;
exports.deny = deny;
function allow({ application, redirectURI, state, codeChallenge, codeChallengeMethod }, store, userID, scope) {
    const authorization = { clientID: application.clientID, userID, isRevoked: false };
    const code = store.issueCode({ authorization, redirectURI, scope, codeChallenge, codeChallengeMethod });
    return addToQuery(redirectURI, { code, state });
}
function deny({ redirectURI, state }) {
    return addToQuery(redirectURI, {
        error: 'access_denied',
        error_description: 'The resource owner or authorization server denied the request.',
        state,
    });
}
function addToQuery(redirectURI, parameters) {
    const url = new URL(redirectURI);
    for (const [name, value] of Object.entries(parameters)) {
        if (value !== undefined)
            url.searchParams.append(name, value);
    }
    return url.href;
}
