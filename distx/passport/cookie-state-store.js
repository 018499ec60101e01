"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.CookieStateStore = void 0;
const login_cookie_1 = require("../authorization/login-cookie");
const errors_1 = require("../errors");
const assert_1 = require("../util/assert");
const http_response_1 = require("./http-response");
class CookieStateStore {
    #cookies;
    constructor(options) {
        (0, assert_1.requireObject)('options', options);
        this.#cookies =
            options instanceof login_cookie_1.LoginCookies
                ? options
                : new login_cookie_1.LoginCookies((0, assert_1.requireSecrets)('secret', options.secret), (0, assert_1.requireDuration)('maxAgeMs', options.maxAgeMs ?? login_cookie_1.defaultMaxAgeMs));
    }
    store(req, verifier, state, meta, callback) {
        let handle;
        try {
            const login = this.#cookies.start(toCookieRequest(req), { codeVerifier: verifier, state }, meta);
            (0, http_response_1.setCookies)(req, login.setCookies);
            handle = login.handle;
        }
        catch (error) {
            callback(error);
            return;
        }
        callback(null, handle);
    }
    verify(req, providedState, meta, callback) {
        let login;
        try {
            login = this.#cookies.finish(toCookieRequest(req), providedState, meta);
            (0, http_response_1.setCookies)(req, [login.clearCookie]);
        }
        catch (error) {
            if (!(error instanceof errors_1.MetafySignInError))
                callback(error);
            else
                callback(null, false, { message: error.message, code: error.code });
            return;
        }
        callback(null, login.codeVerifier ?? true, login.state);
    }
}
exports.CookieStateStore = CookieStateStore;
function toCookieRequest(req) {
    const isEncrypted = req.socket?.encrypted === true;
    return { cookie: req.headers?.cookie, isSecure: req.secure === true || isEncrypted };
}
