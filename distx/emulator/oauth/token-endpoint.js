"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.TokenEndpoint = void 0;
const node_crypto_1 = require("node:crypto");
const response_1 = require("../http/response");
const client_authentication_1 = require("./client-authentication");
const grant_store_1 = require("./grant-store");
const DESCRIPTIONS = {
    invalid_client: 'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
    invalid_grant: 'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
    invalid_scope: 'The requested scope is invalid, unknown, or malformed.',
    unsupported_grant_type: 'The authorization grant type is not supported by the authorization server.',
};
class OAuthError extends Error {
    code;
    constructor(code, description) {
        super(description ?? DESCRIPTIONS[code]);
        this.code = code;
    }
}
class TokenEndpoint {
    #configuration;
    #store;
    constructor(configuration, store) {
        this.#configuration = configuration;
        this.#store = store;
    }
    respond(request) {
        const headers = { 'Content-Type': response_1.JSON_TYPE, ...response_1.NO_STORE };
        try {
            const pair = this.#grant(request);
            const body = JSON.stringify({
                access_token: pair.accessToken,
                token_type: 'Bearer',
                expires_in: this.#configuration.accessTokenLifetimeSeconds,
                refresh_token: pair.refreshToken,
                scope: pair.scope.join(' '),
                created_at: Math.floor(pair.createdAt / 1000),
            });
            return { status: 200, headers, body };
        }
        catch (error) {
            if (!(error instanceof OAuthError))
                throw error;
            const { code, message } = error;
            return {
                status: code === 'invalid_client' ? 401 : 400,
                headers: { ...headers, 'WWW-Authenticate': (0, response_1.bearerChallenge)(code, message) },
                body: JSON.stringify({ error: code, error_description: message }),
            };
        }
    }
    #grant(request) {
        const grantType = requireParameter(request, 'grant_type');
        if (grantType === 'authorization_code')
            return this.#redeemCode(request);
        if (grantType === 'refresh_token')
            return this.#refresh(request);
        if (grantType === 'client_credentials')
            return this.#issueToClient(request);
        throw new OAuthError('unsupported_grant_type');
    }
    #redeemCode(request) {
        const code = this.#store.findCode(requireParameter(request, 'code'));
        const codeVerifier = code?.codeChallenge === undefined
            ? request.parameters.get('code_verifier')
            : requireParameter(request, 'code_verifier');
        const redirectURI = requireParameter(request, 'redirect_uri');
        const { clientID } = this.#authenticate((0, client_authentication_1.readClientCredentials)(request));
        const isValid = code?.authorization.clientID === clientID &&
            code.redirectURI === redirectURI &&
            code.expiresAt > Date.now() &&
            !code.isUsed &&
            isVerified(code, codeVerifier);
        if (!isValid)
            throw new OAuthError('invalid_grant');
        code.isUsed = true;
        return this.#store.issueTokens(code.authorization, code.scope);
    }
    #refresh(request) {
        const old = this.#store.findByRefreshToken(requireParameter(request, 'refresh_token'));
        const credentials = (0, client_authentication_1.readClientCredentials)(request);
        if (!credentials)
            throw new OAuthError('invalid_grant');
        const { clientID } = this.#authenticate(credentials);
        const isValid = old?.authorization.clientID === clientID && !(0, grant_store_1.isRevoked)(old) && old.refreshTokenExpiresAt > Date.now();
        if (!isValid)
            throw new OAuthError('invalid_grant');
        const scope = readScope(request, old.scope, old.scope);
        const isImmediate = this.#configuration.refreshMode === 'immediate';
        if (isImmediate)
            old.isRevoked = true;
        return this.#store.issueTokens(old.authorization, scope, { previous: isImmediate ? undefined : old });
    }
    #issueToClient(request) {
        const { clientID, ownerID, scopes } = this.#authenticate((0, client_authentication_1.readClientCredentials)(request));
        const scope = readScope(request, scopes, ['profile']);
        const authorization = { clientID, userID: ownerID, isRevoked: false };
        return this.#store.issueTokens(authorization, scope, { hasRefreshToken: false });
    }
    #authenticate(credentials) {
        const application = (0, client_authentication_1.authenticateClient)(credentials, this.#configuration.applications);
        if (!application)
            throw new OAuthError('invalid_client');
        return application;
    }
}
exports.TokenEndpoint = TokenEndpoint;
function requireParameter({ parameters }, name) {
    const value = parameters.get(name);
    if (value !== undefined)
        return value;
    throw new OAuthError('invalid_request', `Missing required parameter: ${name}.`);
}
function readScope({ parameters }, allowed, fallback) {
    const names = parameters.get('scope')?.trim().split(/ +/) ?? fallback;
    if (!names.every((name) => allowed.includes(name)))
        throw new OAuthError('invalid_scope');
    return [...new Set(names)];
}
function isVerified({ codeChallenge, codeChallengeMethod }, codeVerifier) {
    if (codeChallenge === undefined || codeVerifier === undefined)
        return codeChallenge === codeVerifier;
    if (!/^[\w.~-]{43,128}$/.test(codeVerifier))
        return false;
    if (codeChallengeMethod === 'plain')
        return codeVerifier === codeChallenge;
    return (0, node_crypto_1.createHash)('sha256').update(codeVerifier).digest('base64url') === codeChallenge;
}
