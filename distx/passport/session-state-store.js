"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.SessionStateStore = void 0;
const login_cookie_1 = require("../authorization/login-cookie");
const random_1 = require("../util/random");
class SessionStateStore {
    #key;
    #needsVerifier;
    constructor(key, needsVerifier) {
        this.#key = key;
        this.#needsVerifier = needsVerifier;
    }
    store(req, verifier, state, meta, callback) {
        if (!req.session) {
            callback(new Error(missingSession));
            return;
        }
        const handle = (0, random_1.drawRandomBytes)(16).toString('base64url');
        req.session[this.#key] = {
            ...this.#find(req.session),
            state: {
                handle,
                code_verifier: verifier,
                state,
                binding: toBinding(meta),
                expiresAtMs: Date.now() + login_cookie_1.defaultMaxAgeMs,
            },
        };
        callback(null, handle);
    }
    verify(req, providedState, meta, callback) {
        if (!req.session) {
            callback(new Error(missingSession));
            return;
        }
        const { state: login, ...others } = this.#find(req.session);
        const isOurs = login?.binding === toBinding(meta) && Boolean(login.code_verifier || !this.#needsVerifier);
        if (!login?.handle || login.handle !== providedState || !isOurs) {
            callback(null, false, { message: login_cookie_1.unknownSignIn, code: 'unknown_state' });
            return;
        }
        if (!(Number(login.expiresAtMs) > Date.now())) {
            callback(null, false, { message: login_cookie_1.expiredSignIn, code: 'expired_state' });
            return;
        }
        req.session[this.#key] = others;
        if (Object.keys(others).length === 0)
            delete req.session[this.#key];
        callback(null, login.code_verifier ?? true, login.state);
    }
    #find(session) {
        const found = session[this.#key];
        return typeof found === 'object' && found !== null ? found : {};
    }
}
exports.SessionStateStore = SessionStateStore;
function toBinding({ authorizationURL, clientID, callbackURL }) {
    return JSON.stringify([authorizationURL, clientID, callbackURL]);
}
const missingSession = 'The option `state: true` requires session support: set up a session, such as express-session, in front of Passport.';
