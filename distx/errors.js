"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MetafyAccessError = exports.MetafySignInError = exports.MetafyResponseError = exports.MetafyOAuthError = exports.MetafyError = void 0;
exports.ensureError = ensureError;
const statuses = new Map([
    ['malformed_response', 400],
    ['access_denied', 401],
    ['login_required', 401],
    ['unknown_state', 403],
    ['expired_state', 403],
    ['stale_code', 403],
    ['insufficient_scope', 403],
    ['no_access', 403],
    ['server_error', 502],
    ['temporarily_unavailable', 503],
    ['timeout', 504],
]);
function chooseStatus(code, upstreamStatus, unanswered) {
    const status = statuses.get(code);
    if (status !== undefined)
        return status;
    if (upstreamStatus === 429 || upstreamStatus === 503)
        return 503;
    if (upstreamStatus === 504)
        return 504;
    return upstreamStatus === undefined ? unanswered : 502;
}
class MetafyError extends Error {
    code;
    status;
    statusCode;
    upstreamStatus;
    retryAfterMs;
    constructor(message, details, unansweredStatus = 500) {
        super(message, details.cause === undefined ? undefined : { cause: details.cause });
        this.code = details.code;
        this.status = chooseStatus(details.code, details.upstreamStatus, unansweredStatus);
        this.statusCode = this.status;
        this.upstreamStatus = details.upstreamStatus;
        this.retryAfterMs = details.retryAfterMs;
    }
    get expose() {
        return this.status < 500;
    }
}
exports.MetafyError = MetafyError;
class MetafyOAuthError extends MetafyError {
    uri;
    constructor(message, details) {
        super(message, details);
        this.uri = details.uri;
    }
}
exports.MetafyOAuthError = MetafyOAuthError;
class MetafyResponseError extends MetafyError {
    constructor(message, details) {
        super(message, details, 502);
    }
}
exports.MetafyResponseError = MetafyResponseError;
class MetafySignInError extends MetafyError {
    oauthCode;
    constructor(message, details) {
        super(message, details);
        this.oauthCode = details.oauthCode;
    }
}
exports.MetafySignInError = MetafySignInError;
class MetafyAccessError extends MetafyError {
    communityId;
    tierIds;
    constructor(message, details) {
        super(message, { code: 'no_access' });
        this.communityId = details.communityId;
        this.tierIds = details.tierIds;
    }
}
exports.MetafyAccessError = MetafyAccessError;
for (const [name, type] of Object.entries({
    MetafyError,
    MetafyOAuthError,
    MetafyResponseError,
    MetafySignInError,
    MetafyAccessError,
})) {
    Object.defineProperty(type.prototype, 'name', { value: name, writable: true });
}
function ensureError(thrown) {
    if (typeof thrown === 'object' && thrown !== null)
        return thrown;
    return new Error(`The sign-in failed with what is not an error but ${typeof thrown}`, { cause: thrown });
}
