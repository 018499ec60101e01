"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.parseAuthorizationResponse = parseAuthorizationResponse;
exports.parseQuery = parseQuery;
exports.rejectPrefetch = rejectPrefetch;
exports.throwAuthorizationError = throwAuthorizationError;
exports.classifyExchangeError = classifyExchangeError;
const node_querystring_1 = require("node:querystring");
const errors_1 = require("../errors");
const request_1 = require("./request");
const maxLengths = new Map([
    ['code', 2048],
    ['state', 4096],
    ['error', 200],
    ['error_description', 2000],
    ['error_uri', 2000],
]);
function parseAuthorizationResponse(source) {
    const response = {};
    for (const key of Object.keys(source)) {
        const name = key.split('[', 1)[0];
        const maxLength = maxLengths.get(name);
        if (maxLength === undefined)
            continue;
        const value = source[key];
        if (key !== name || typeof value !== 'string')
            throw malformed(`\`${name}\` must be given once.`);
        if (value.length > maxLength)
            throw malformed(`\`${name}\` is too long.`);
        if (/\p{Cc}/u.test(value))
            throw malformed(`\`${name}\` has characters it cannot have.`);
        response[name] = value;
    }
    if (Object.keys(response).length === 0)
        return undefined;
    if (!response.code && !response.error)
        throw malformed('There is neither `code` nor `error`.');
    return response;
}
function parseQuery(url) {
    const start = url?.indexOf('?') ?? -1;
    return start < 0 ? {} : (0, node_querystring_1.parse)(url.slice(start + 1));
}
function rejectPrefetch(readHeader) {
    const purposes = ['sec-purpose', 'purpose', 'x-moz'].map(readHeader);
    if (/\bprefetch\b/i.test(purposes.join()))
        throw malformed('The end of a sign-in cannot be prefetched.');
}
const serverErrors = new Set([
    'invalid_request',
    'unauthorized_client',
    'unsupported_response_type',
    'invalid_scope',
    'server_error',
    'temporarily_unavailable',
]);
function throwAuthorizationError({ error, error_description, error_uri }) {
    if (!error)
        return;
    const message = error_description || `Metafy refused the sign-in: ${error}.`;
    if (serverErrors.has(error)) {
        const uri = (0, request_1.isAbsoluteURL)(error_uri ?? '') ? error_uri : undefined;
        throw new errors_1.MetafyOAuthError(message, { code: error, uri });
    }
    const code = error === 'access_denied' ? error : 'malformed_response';
    throw new errors_1.MetafySignInError(message, { code, oauthCode: error });
}
function classifyExchangeError(error) {
    if (!(error instanceof errors_1.MetafyOAuthError && error.code === 'invalid_grant'))
        return error;
    const { upstreamStatus } = error;
    const message = 'This sign-in has already been finished, or took too long. Please sign in again.';
    return new errors_1.MetafySignInError(message, {
        code: 'stale_code',
        oauthCode: error.code,
        upstreamStatus,
        cause: error,
    });
}
function malformed(message) {
    return new errors_1.MetafySignInError(message, { code: 'malformed_response' });
}
