"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.authenticate = authenticate;
exports.insufficientScope = insufficientScope;
exports.forbidden = forbidden;
const response_1 = require("../http/response");
const grant_store_1 = require("../oauth/grant-store");
function authenticate({ parameters, headers }, { apiKeys }, store) {
    const bearer = /^bearer\s+(.*)$/is.exec(headers.authorization ?? '')?.[1];
    const apiKey = apiKeys.find(({ key }) => key === bearer);
    if (apiKey)
        return { userID: apiKey.ownerID, scope: apiKey.scopes };
    const token = bearer ?? parameters.get('access_token') ?? parameters.get('bearer_token') ?? '';
    const pair = store.findByAccessToken(token);
    if (!pair)
        return unauthorized('The access token is invalid');
    if (pair.previous)
        pair.previous.isRevoked = true;
    pair.previous = undefined;
    if ((0, grant_store_1.isRevoked)(pair))
        return unauthorized('The access token was revoked');
    if (pair.accessTokenExpiresAt <= Date.now())
        return unauthorized('The access token expired');
    return { userID: pair.authorization.userID, scope: pair.scope };
}
function insufficientScope(scope, { insufficientScopeHeader }) {
    const description = `Access to this resource requires scope ${scope}.`;
    const challenge = { 'WWW-Authenticate': (0, response_1.bearerChallenge)('insufficient_scope', description) };
    return emptyResponse(403, { ...response_1.NO_STORE, ...(insufficientScopeHeader && challenge) });
}
function forbidden() {
    return emptyResponse(403, { 'Cache-Control': 'no-cache' });
}
function unauthorized(description) {
    const challenge = (0, response_1.bearerChallenge)('invalid_token', description);
    return emptyResponse(401, { ...response_1.NO_STORE, 'WWW-Authenticate': challenge });
}
function emptyResponse(status, headers) {
    return { status, headers: { 'Content-Type': 'text/html', ...headers }, body: '' };
}
