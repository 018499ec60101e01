"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MetafySignIn = void 0;
const login_cookie_1 = require("../authorization/login-cookie");
const request_1 = require("../authorization/request");
const response_1 = require("../authorization/response");
const errors_1 = require("../errors");
const client_1 = require("../metafy/client");
const profile_1 = require("../metafy/profile");
const token_endpoint_1 = require("../metafy/token-endpoint");
const token_response_1 = require("../metafy/token-response");
const assert_1 = require("../util/assert");
class MetafySignIn {
    #client;
    #callbackURL;
    #scope;
    #cookies;
    constructor(options) {
        this.#client = (0, client_1.resolveClient)(options);
        this.#callbackURL = (0, request_1.requireCallbackURL)(options.callbackURL);
        this.#scope = (0, assert_1.requireStrings)('scope', options.scope ?? 'profile');
        const secrets = 'secret' in options ? (0, assert_1.requireSecrets)('secret', options.secret) : [this.#client.clientSecret];
        this.#cookies = new login_cookie_1.LoginCookies(secrets, (0, assert_1.requireDuration)('maxAgeMs', options.maxAgeMs ?? login_cookie_1.defaultMaxAgeMs));
    }
    async start(request, { state, scope = this.#scope, callbackURL } = {}) {
        const context = this.#toContext(request, callbackURL);
        const codeVerifier = (0, request_1.createCodeVerifier)();
        const { handle, setCookies } = this.#cookies.start(toCookieRequest(request), { codeVerifier, state }, context);
        const scopes = (0, token_response_1.splitScope)((0, assert_1.requireStrings)('scope', scope)).join(' ');
        const location = (0, request_1.buildAuthorizationURL)(context.authorizationURL, {
            client_id: context.clientID,
            redirect_uri: context.callbackURL,
            response_type: 'code',
            scope: scopes || undefined,
            state: handle,
            code_challenge: (0, request_1.createCodeChallenge)(codeVerifier),
            code_challenge_method: 'S256',
        });
        const headers = toHeaders(setCookies);
        headers.set('Location', location);
        return new Response(null, { status: 302, headers });
    }
    async finish(request, { scope = this.#scope, callbackURL } = {}) {
        const context = this.#toContext(request, callbackURL);
        const headers = toHeaders([]);
        try {
            const response = (0, response_1.parseAuthorizationResponse)((0, response_1.parseQuery)(request.url));
            if (!response)
                throw new errors_1.MetafySignInError('There is no `code`.', { code: 'malformed_response' });
            (0, response_1.rejectPrefetch)((name) => request.headers.get(name));
            const pending = this.#cookies.finish(toCookieRequest(request), response.state, context);
            headers.append('Set-Cookie', pending.clearCookie);
            (0, response_1.throwAuthorizationError)(response);
            const answer = await (0, token_endpoint_1.requestToken)(this.#client, {
                grant_type: 'authorization_code',
                code: response.code,
                redirect_uri: context.callbackURL,
                code_verifier: pending.codeVerifier,
            }).catch((error) => {
                throw (0, response_1.classifyExchangeError)(error);
            });
            const tokens = (0, token_response_1.toMetafyTokens)(answer, Date.now(), (0, token_response_1.splitScope)((0, assert_1.requireStrings)('scope', scope)));
            const profile = await (0, profile_1.fetchProfile)(this.#client, tokens.accessToken);
            return { profile, tokens, state: pending.state, headers };
        }
        catch (error) {
            if (error instanceof errors_1.MetafySignInError)
                error.headers = headers;
            throw error;
        }
    }
    #toContext(request, callbackURL) {
        if (typeof request?.headers?.get !== 'function' || !URL.canParse(request.url)) {
            throw new TypeError('`request` must be a Request, as in the Fetch standard');
        }
        const { authorizationURL, clientID } = this.#client;
        const url = new URL((0, request_1.requireCallbackURL)(callbackURL ?? this.#callbackURL), request.url);
        return { authorizationURL: authorizationURL.href, clientID, callbackURL: url.href };
    }
}
exports.MetafySignIn = MetafySignIn;
function toCookieRequest({ headers, url }) {
    return { cookie: headers.get('cookie') ?? undefined, isSecure: url.startsWith('https:') };
}
function toHeaders(setCookies) {
    const headers = new Headers({ 'Cache-Control': 'no-store' });
    for (const line of setCookies)
        headers.append('Set-Cookie', line);
    return headers;
}
