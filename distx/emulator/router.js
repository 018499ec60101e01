"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Router = void 0;
exports.findEndpoint = findEndpoint;
const api_1 = require("./api/api");
const response_1 = require("./http/response");
const revoke_endpoint_1 = require("./oauth/revoke-endpoint");
const token_endpoint_1 = require("./oauth/token-endpoint");
const authorize_endpoint_1 = require("./pages/authorize-endpoint");
const avatar_1 = require("./pages/avatar");
const home_1 = require("./pages/home");
const ENDPOINTS = {
    [authorize_endpoint_1.AUTHORIZE_PATH]: 'authorize',
    '/irk/oauth/token': 'token',
    '/irk/oauth/revoke': 'revoke',
};
function findEndpoint(path) {
    if (Object.hasOwn(ENDPOINTS, path))
        return ENDPOINTS[path];
    return path.startsWith(`${api_1.API_PATH}/`) ? (0, api_1.findCall)(path.slice(api_1.API_PATH.length))?.endpoint : undefined;
}
class Router {
    #configuration;
    #api;
    #handlers;
    constructor(configuration, store, listUsers) {
        const authorize = new authorize_endpoint_1.AuthorizeEndpoint(configuration, store);
        const token = new token_endpoint_1.TokenEndpoint(configuration, store);
        this.#configuration = configuration;
        this.#api = new api_1.API(configuration, store, listUsers);
        this.#handlers = {
            [`GET ${authorize_endpoint_1.AUTHORIZE_PATH}`]: (request) => authorize.show(request),
            [`POST ${authorize_endpoint_1.AUTHORIZE_PATH}`]: (request) => authorize.decide(request),
            [`POST ${authorize_endpoint_1.SIGN_IN_PATH}`]: (request) => authorize.signIn(request),
            [`POST ${authorize_endpoint_1.SIGN_OUT_PATH}`]: (request) => authorize.signOut(request),
            'POST /irk/oauth/token': (request) => token.respond(request),
            'POST /irk/oauth/revoke': (request) => (0, revoke_endpoint_1.respondToRevocation)(request, configuration, store),
            'GET /': ({ headers }) => (0, home_1.showHomePage)(configuration, `http://${headers.host}`),
        };
    }
    addAnswer(method, path, answer) {
        this.#api.addAnswer(method, path, answer);
    }
    respond(request) {
        const method = request.method === 'HEAD' ? 'GET' : request.method;
        const handle = this.#handlers[`${method} ${request.path}`];
        if (handle)
            return handle(request);
        if (request.path.startsWith(`${api_1.API_PATH}/`)) {
            return this.#api.respond(method, request.path.slice(api_1.API_PATH.length), request);
        }
        const avatar = method === 'GET' ? (0, avatar_1.findAvatar)(request.path, this.#configuration.users) : undefined;
        return avatar ?? (0, response_1.errorResponse)(404, request.headers.accept);
    }
}
exports.Router = Router;
