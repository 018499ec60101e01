"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MetafyStrategy = void 0;
const node_util_1 = require("node:util");
const passport_oauth2_1 = require("passport-oauth2");
const request_1 = require("../authorization/request");
const response_1 = require("../authorization/response");
const errors_1 = require("../errors");
const profile_1 = require("../metafy/profile");
const token_response_1 = require("../metafy/token-response");
const assert_1 = require("../util/assert");
const from_callback_1 = require("../util/from-callback");
const json_1 = require("../util/json");
const callback_url_1 = require("./callback-url");
const http_response_1 = require("./http-response");
const node_oauth_1 = require("./node-oauth");
const options_1 = require("./options");
const verify_1 = require("./verify");
class MetafyStrategy extends passport_oauth2_1.Strategy {
    name = 'metafy';
    _userProfileURL;
    _storesStringState;
    _verifyUser;
    constructor(options, verify) {
        const settings = (0, options_1.resolveStrategyOptions)(options);
        (0, assert_1.requireFunction)('verify', verify);
        super(...[settings.inherited, verify]);
        const { client, authorizationURL, tokenURL } = settings;
        const { clientID, clientSecret, timeoutMs, agent, headers } = client;
        const OAuth2 = (0, node_oauth_1.bindOAuth2)({ timeoutMs, agent, headers });
        this._oauth2 = new OAuth2(clientID, clientSecret, '', authorizationURL, tokenURL, options.customHeaders);
        this._userProfileURL = settings.userProfileURL;
        this._storesStringState = settings.storesStringState;
        this._verifyUser = (0, verify_1.adaptVerify)(verify, Boolean(options.passReqToCallback), timeoutMs);
    }
    authenticate(req, options) {
        const { success, fail, redirect, error } = this;
        const action = Object.hasOwn(this, '_oauth2') ? Object.create(this) : this;
        if (action !== this)
            Object.assign(action, { success, fail, redirect, error });
        action._answer(req, options ?? {});
    }
    _answer(req, options) {
        try {
            const response = readAuthorizationResponse(req);
            if (response)
                (0, response_1.rejectPrefetch)((name) => req.headers?.[name]);
            const callbackURL = (0, callback_url_1.resolveCallbackURL)(options.callbackURL || this._callbackURL, req, this._trustProxy);
            if (callbackURL === undefined) {
                throw new errors_1.MetafySignInError('The request names no usable host.', { code: 'malformed_response' });
            }
            const meta = { ...this._oauth2.stateMetadata, callbackURL };
            if (!response)
                this._startSignIn(req, options, meta);
            else
                this._finishSignIn(req, response, options, meta)
                    .then((end) => end())
                    .catch((error) => this._end(req, error));
        }
        catch (error) {
            this._end(req, error);
        }
    }
    _end(req, error) {
        if (!(error instanceof errors_1.MetafySignInError)) {
            this.error((0, errors_1.ensureError)(error));
            return;
        }
        (0, http_response_1.preventCaching)(req);
        const { message, code, oauthCode, status } = error;
        try {
            this.fail({ message, code: oauthCode ?? code }, status);
        }
        catch (thrown) {
            this.error((0, errors_1.ensureError)(thrown));
        }
    }
    userProfile(accessToken, done) {
        const answer = this._oauth2.fetchText(this._userProfileURL, accessToken);
        const profile = answer.then(({ text, status }) => (0, profile_1.parseProfile)(text, status));
        (0, from_callback_1.deliverToCallback)(profile, done, (value) => done(null, value));
    }
    _startSignIn(req, options, meta) {
        const { clientID, callbackURL, authorizationURL } = meta;
        const scope = (0, token_response_1.splitScope)(options.scope || this._scope).join(' ');
        const parameters = {
            ...this.authorizationParams(options),
            client_id: clientID,
            redirect_uri: callbackURL,
            response_type: 'code',
        };
        if (scope)
            parameters.scope = scope;
        if (typeof options.state === 'string' && options.state !== '' && !this._storesStringState) {
            parameters.state = options.state;
            this.redirect((0, request_1.buildAuthorizationURL)(authorizationURL, parameters));
            return;
        }
        const codeVerifier = this._pkceMethod && (0, request_1.createCodeVerifier)();
        if (codeVerifier) {
            parameters.code_challenge = (0, request_1.createCodeChallenge)(codeVerifier);
            parameters.code_challenge_method = 'S256';
        }
        const done = (error, state) => {
            try {
                if (error)
                    throw error;
                if (state)
                    parameters.state = state;
                this.redirect((0, request_1.buildAuthorizationURL)(authorizationURL, parameters));
            }
            catch (thrown) {
                this.error((0, errors_1.ensureError)(thrown));
            }
        };
        const { store } = this._stateStore;
        const known = [codeVerifier, options.state, meta].slice(5 - store.length);
        const returned = this._stateStore.store(req, ...known, done);
        if (node_util_1.types.isPromise(returned))
            returned.catch(done);
    }
    async _finishSignIn(req, response, options, meta) {
        const store = this._stateStore;
        const [ok, state] = await (0, from_callback_1.fromCallback)((done) => store.verify.length === 4
            ? store.verify(req, response.state, meta, done)
            : store.verify(req, response.state, done));
        if (!ok) {
            (0, http_response_1.preventCaching)(req);
            return () => this.fail(state, 403);
        }
        (0, response_1.throwAuthorizationError)(response);
        const exchange = await this._exchangeCode(response.code, ok, options, meta);
        const { accessToken, refreshToken, params, receivedAtMs } = exchange;
        const [profile] = await (0, from_callback_1.fromCallback)((done) => this._loadUserProfile(accessToken, done));
        const toTokens = () => {
            const refresh = refreshToken && { refresh_token: refreshToken };
            const answer = { ...params, access_token: accessToken, ...refresh };
            return (0, token_response_1.toMetafyTokens)(answer, receivedAtMs, (0, token_response_1.splitScope)(options.scope || this._scope));
        };
        const input = { strategy: this, req, accessToken, refreshToken, params, profile, toTokens };
        const { user, info } = await this._verifyUser(input);
        if (!user)
            return () => this.fail(info);
        return () => this.success(user, (0, verify_1.addState)(info, state));
    }
    async _exchangeCode(code, ok, options, { callbackURL }) {
        const request = {
            ...this.tokenParams(options),
            grant_type: 'authorization_code',
            redirect_uri: callbackURL,
            ...(typeof ok === 'string' && { code_verifier: ok }),
        };
        try {
            return await this._oauth2.exchangeCode(code, request);
        }
        catch (error) {
            throw (0, response_1.classifyExchangeError)(error);
        }
    }
    async _loadUserProfile(accessToken, done) {
        const skip = this._skipUserProfile;
        const isSkipped = typeof skip !== 'function'
            ? skip
            : skip.length < 2
                ? await skip.call(this)
                : (await (0, from_callback_1.fromCallback)((answer) => skip.call(this, accessToken, answer)))[0];
        if (isSkipped)
            done(null);
        else
            await this.userProfile(accessToken, done);
    }
}
exports.MetafyStrategy = MetafyStrategy;
function readAuthorizationResponse({ query, body, url }) {
    const isParsed = (0, json_1.isJSONObject)(query) && Object.keys(query).length > 0;
    const response = (0, response_1.parseAuthorizationResponse)(isParsed ? query : (0, response_1.parseQuery)(url));
    if (response || !(0, json_1.isJSONObject)(body) || ArrayBuffer.isView(body))
        return response;
    return (0, response_1.parseAuthorizationResponse)(body);
}
