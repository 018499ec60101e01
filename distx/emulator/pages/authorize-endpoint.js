"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.AuthorizeEndpoint = exports.SIGN_OUT_PATH = exports.SIGN_IN_PATH = exports.AUTHORIZE_PATH = void 0;
const response_1 = require("../http/response");
const authorization_request_1 = require("../oauth/authorization-request");
const authorization_response_1 = require("../oauth/authorization-response");
const consent_1 = require("./consent");
const error_1 = require("./error");
const html_1 = require("./html");
const page_response_1 = require("./page-response");
const sessions_1 = require("./sessions");
const sign_in_1 = require("./sign-in");
exports.AUTHORIZE_PATH = '/auth/authorize';
exports.SIGN_IN_PATH = '/auth/sign-in';
exports.SIGN_OUT_PATH = '/auth/sign-out';
class AuthorizeEndpoint {
    #configuration;
    #store;
    #sessions = new sessions_1.SessionStore();
    constructor(configuration, store) {
        this.#configuration = configuration;
        this.#store = store;
    }
    show(request) {
        return this.#validate(request, (authorization) => {
            const session = this.#sessions.find(request.headers.cookie) ?? this.#sessions.create();
            return this.#showPage(request, authorization, session);
        });
    }
    decide(request) {
        return this.#protect(request, (session) => this.#validate(request, (authorization) => {
            const user = this.#findUser(session.userID);
            if (!user)
                return this.#showPage(request, authorization, session);
            const isDenied = request.parameters.get('_method') === 'delete';
            return redirect(isDenied ? (0, authorization_response_1.deny)(authorization) : (0, authorization_response_1.allow)(authorization, this.#store, user.id, authorization.scope));
        }));
    }
    signIn(request) {
        return this.#changeUser(request, this.#findUser(request.parameters.get('user'))?.id);
    }
    signOut(request) {
        return this.#changeUser(request, undefined);
    }
    #changeUser(request, userID) {
        return this.#protect(request, (session) => {
            this.#sessions.delete(session);
            const { headers, ...response } = redirect(`${exports.AUTHORIZE_PATH}?${request.search}`);
            const cookie = (0, sessions_1.serializeSession)(this.#sessions.create(userID));
            return { ...response, status: 303, headers: { ...headers, 'Set-Cookie': cookie } };
        });
    }
    #showPage({ parameters }, { application, redirectURI, scope }, session) {
        const query = new URLSearchParams();
        for (const name of authorization_request_1.AUTHORIZATION_PARAMETERS) {
            const value = parameters.get(name);
            if (value !== undefined)
                query.set(name, value);
        }
        const page = { application: application.name, csrfToken: session.csrfToken };
        const user = this.#findUser(session.userID);
        const { headers, ...response } = user
            ? (0, page_response_1.pageResponse)((0, consent_1.renderConsentPage)({
                ...page,
                scope,
                redirectURI,
                user,
                fields: [...query],
                action: exports.AUTHORIZE_PATH,
                signOutAction: `${exports.SIGN_OUT_PATH}?${query}`,
            }), listFormTargets(redirectURI))
            : (0, page_response_1.pageResponse)((0, sign_in_1.renderSignInPage)({
                ...page,
                users: this.#configuration.users,
                action: `${exports.SIGN_IN_PATH}?${query}`,
            }), "'self'");
        return { ...response, headers: { ...headers, 'Set-Cookie': (0, sessions_1.serializeSession)(session) } };
    }
    #findUser(userID) {
        return this.#configuration.users.find(({ id }) => id === userID);
    }
    #protect({ headers, parameters }, respond) {
        const session = this.#sessions.find(headers.cookie);
        if (session && session.csrfToken === parameters.get('authenticity_token'))
            return respond(session);
        const isBrowser = headers.accept?.includes('text/html');
        return isBrowser ? (0, page_response_1.pageResponse)((0, error_1.renderStaleFormPage)(), "'none'", 422) : (0, response_1.errorResponse)(422, headers.accept);
    }
    #validate({ parameters, headers }, respond) {
        try {
            return respond((0, authorization_request_1.readAuthorizationRequest)(parameters, this.#configuration.applications));
        }
        catch (error) {
            if (!(error instanceof authorization_request_1.AuthorizationRequestError))
                throw error;
            if ((0, response_1.prefersJSON)(headers.accept))
                return (0, response_1.errorResponse)(500, headers.accept);
            return (0, page_response_1.pageResponse)((0, error_1.renderErrorPage)(error.code, error.message), "'none'");
        }
    }
}
exports.AuthorizeEndpoint = AuthorizeEndpoint;
function redirect(location) {
    return {
        status: 302,
        headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache', Location: location },
        body: (0, html_1.html) `<html><body>You are being <a href="${location}">redirected</a>.</body></html>`.toString(),
    };
}
function listFormTargets(redirectURI) {
    return [...new Set(["'self'", 'http:', 'https:', new URL(redirectURI).protocol])].join(' ');
}
