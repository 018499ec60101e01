"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.resolveStrategyOptions = resolveStrategyOptions;
const login_cookie_1 = require("../authorization/login-cookie");
const request_1 = require("../authorization/request");
const client_1 = require("../metafy/client");
const assert_1 = require("../util/assert");
const cookie_state_store_1 = require("./cookie-state-store");
const session_state_store_1 = require("./session-state-store");
function resolveStrategyOptions(options) {
    const client = (0, client_1.resolveClient)(options);
    const resolve = (option, url) => (0, client_1.requireServerURL)(option, options[option] ?? url).href;
    const authorizationURL = resolve('authorizationURL', client.authorizationURL.href);
    const tokenURL = resolve('tokenURL', client.tokenURL.href);
    const userProfileURL = resolve('userProfileURL', `${client.apiURL}/v1/me`);
    requireOneOf('pkce', options.pkce, [true, false, 'S256']);
    const store = chooseStore(options, client, new URL(authorizationURL).hostname);
    const supportsPKCE = store?.store.length === 5;
    if (options.pkce && !supportsPKCE) {
        throw new TypeError('option `pkce` needs a `store` that keeps a verifier: store(req, verifier, state, meta, callback)');
    }
    return {
        client,
        authorizationURL,
        tokenURL,
        userProfileURL,
        storesStringState: store instanceof session_state_store_1.SessionStateStore || store instanceof cookie_state_store_1.CookieStateStore,
        inherited: {
            ...options,
            authorizationURL,
            tokenURL,
            callbackURL: (0, request_1.requireCallbackURL)(options.callbackURL),
            scope: (0, assert_1.requireStrings)('scope', options.scope ?? 'profile'),
            store,
            state: undefined,
            pkce: (supportsPKCE && options.pkce !== false) || undefined,
        },
    };
}
function chooseStore({ store, state, pkce, sessionKey }, { clientSecret }, hostname) {
    if (typeof store === 'object' && store !== null) {
        (0, assert_1.requireMethods)('store', store, ['store', 'verify']);
        return store;
    }
    requireOneOf('store', store, [false]);
    requireOneOf('state', state, [true, false]);
    if (store === false || state === false)
        return undefined;
    if (state)
        return new session_state_store_1.SessionStateStore(sessionKey || `oauth2:${hostname}`, pkce !== false);
    return new cookie_state_store_1.CookieStateStore(new login_cookie_1.LoginCookies([clientSecret], login_cookie_1.defaultMaxAgeMs));
}
function requireOneOf(option, value, allowed) {
    if (value === undefined || value === null || allowed.includes(value))
        return;
    const object = option === 'store' ? 'a state store or ' : '';
    throw new TypeError(`option \`${option}\` must be ${object}${allowed.join(' or ')}`);
}
