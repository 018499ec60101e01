"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MetafyOAuth2 = void 0;
exports.bindOAuth2 = bindOAuth2;
const node_util_1 = require("node:util");
const oauth_1 = require("oauth");
const api_endpoint_1 = require("../metafy/api-endpoint");
const client_1 = require("../metafy/client");
const token_endpoint_1 = require("../metafy/token-endpoint");
const from_callback_1 = require("../util/from-callback");
const noError = null;
class MetafyOAuth2 extends oauth_1.OAuth2 {
    #toTokenURL = rememberURL('tokenURL');
    #toResourceURL = rememberURL('url', { query: true });
    constructor(...parameters) {
        super(...parameters);
        Object.defineProperty(this, '_clientSecret', { enumerable: false });
    }
    setAgent(agent) {
        this.transport.agent = (0, client_1.requireAgent)(agent, this.#tokenURL);
    }
    getOAuthAccessToken(code, parameters, callback) {
        const done = callback ?? parameters;
        const { grant_type = 'authorization_code', ...rest } = (callback ? parameters : {});
        const credential = grant_type === 'refresh_token' ? { refresh_token: code } : { code };
        const response = async () => this.#requestToken({ grant_type, ...rest, ...credential });
        (0, from_callback_1.deliverToCallback)(response(), done, ({ refresh_token, ...results }) => done(noError, results.access_token, refresh_token, results));
    }
    _request(method, url, headers, body, accessToken, callback) {
        const authorization = accessToken && { Authorization: this.buildAuthHeader(accessToken) };
        const response = async () => this.#requestAPI(method, url, { ...authorization, ...headers }, body);
        (0, from_callback_1.deliverToCallback)(response(), callback, ({ status, headers: received, body: text }) => callback(noError, text, { statusCode: status, headers: received }));
    }
    async exchangeCode(code, request) {
        if (this.getOAuthAccessToken === MetafyOAuth2.prototype.getOAuthAccessToken) {
            const { refresh_token: refreshToken, ...params } = await this.#requestToken({ ...request, code });
            return { accessToken: params.access_token, refreshToken, params, receivedAtMs: Date.now() };
        }
        const [accessToken, refreshToken, params = {}] = await (0, from_callback_1.fromCallback)((done) => this.getOAuthAccessToken(code, request, done));
        if (!accessToken)
            throw new Error('Failed to obtain access token');
        return { accessToken, refreshToken, params, receivedAtMs: Date.now() };
    }
    async fetchText(url, accessToken) {
        if (this.get === oauth_1.OAuth2.prototype.get && this._request === MetafyOAuth2.prototype._request) {
            const headers = { Authorization: this.buildAuthHeader(accessToken) };
            const { body: text, status } = await this.#requestAPI('GET', url, headers, undefined);
            return { text, status };
        }
        const [body, response] = await (0, from_callback_1.fromCallback)((done) => this.get(url, accessToken, done));
        return { text: String(body), status: response?.statusCode };
    }
    get stateMetadata() {
        return { authorizationURL: this._authorizeUrl, tokenURL: this._accessTokenUrl, clientID: this._clientId };
    }
    [node_util_1.inspect.custom]() {
        return `MetafyOAuth2 ${(0, node_util_1.inspect)(this.toJSON())}`;
    }
    toJSON() {
        return { clientID: this._clientId, tokenURL: this._accessTokenUrl };
    }
    get #tokenURL() {
        return this.#toTokenURL(this._getAccessTokenUrl());
    }
    get #transport() {
        const { timeoutMs, agent, headers } = this.transport;
        return { timeoutMs, agent: this._agent ?? agent, headers: { ...headers, ...this._customHeaders } };
    }
    #requestToken(request) {
        const { _clientId: clientID, _clientSecret: clientSecret } = this;
        return (0, token_endpoint_1.requestToken)({ ...this.#transport, clientID, clientSecret, tokenURL: this.#tokenURL }, request);
    }
    #requestAPI(method, url, headers, body) {
        const transport = this.#transport;
        const length = body && { 'Content-Length': Buffer.byteLength(body) };
        return (0, api_endpoint_1.requestAPI)(transport, {
            method,
            url: this.#toResourceURL(url),
            headers: { ...transport.headers, ...length, ...headers },
            body: body || undefined,
        });
    }
}
exports.MetafyOAuth2 = MetafyOAuth2;
function rememberURL(option, allow) {
    let last;
    return (text) => {
        if (last?.text !== text)
            last = { text, url: (0, client_1.requireServerURL)(option, text, allow) };
        return last.url;
    };
}
function bindOAuth2(transport) {
    return class extends MetafyOAuth2 {
        get transport() {
            return transport;
        }
    };
}
