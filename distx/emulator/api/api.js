"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.API = exports.API_PATH = void 0;
exports.findCall = findCall;
const faults_1 = require("../http/faults");
const http_error_1 = require("../http/http-error");
const response_1 = require("../http/response");
const authenticate_1 = require("./authenticate");
const pagination_1 = require("./pagination");
exports.API_PATH = '/irk/api';
const CALLS = [
    { endpoint: 'me', path: /^\/v1\/me$/, scope: 'profile' },
    { endpoint: 'purchases', path: /^\/v1\/me\/purchases\/communities\/([^/]+)$/, scope: 'purchases' },
    { endpoint: 'community', path: /^\/v1\/me\/community$/, scope: 'community' },
    { endpoint: 'memberships', path: /^\/v1\/me\/community\/memberships$/, scope: 'community' },
    { endpoint: 'subscribers', path: /^\/v1\/me\/community\/subscribers$/, scope: 'community' },
];
function findCall(path) {
    return CALLS.find((call) => call.path.test(path));
}
class API {
    #configuration;
    #store;
    #listUsers;
    #answers = new Map();
    constructor(configuration, store, listUsers) {
        this.#configuration = configuration;
        this.#store = store;
        this.#listUsers = listUsers;
    }
    addAnswer(method, path, answer) {
        if (!/^\/[^?#]*$/.test(path)) {
            throw new TypeError("path must be one below the API's without a query, such as /v1/me/guides.");
        }
        if (method === 'GET' && findCall(path)) {
            throw new TypeError(`path must be one that is not emulated; use fail() for ${path}.`);
        }
        this.#answers.set(`${method} ${path}`, (0, faults_1.toResponse)(answer));
    }
    respond(method, path, request) {
        const call = method === 'GET' ? findCall(path) : undefined;
        const answer = this.#answers.get(`${method} ${path}`);
        if (!call && !answer)
            return notEmulated(method, path);
        const access = (0, authenticate_1.authenticate)(request, this.#configuration, this.#store);
        if ('status' in access)
            return access;
        if (!call)
            return answer;
        if (!access.scope.includes(call.scope))
            return (0, authenticate_1.insufficientScope)(call.scope, this.#configuration);
        const user = this.#listUsers().find(({ id }) => id === access.userID);
        if (!user)
            return (0, authenticate_1.forbidden)();
        switch (call.endpoint) {
            case 'purchases':
                return this.#showPurchase(request, user, decode(call.path.exec(path)?.[1] ?? ''));
            case 'community':
                return this.#showCommunity(request, user);
            case 'memberships':
                return this.#listMemberships(request, user);
            case 'subscribers':
                return this.#listSubscribers(request, user);
            default:
                return (0, response_1.jsonResponse)({ user });
        }
    }
    #showPurchase({ headers }, user, communityID) {
        const { communities, noAccessForm } = this.#configuration;
        const community = communities.find(({ id }) => id === communityID);
        const subscription = community?.subscriptions.find(({ userID }) => userID === user.id);
        if (subscription && !subscription.isLapsed) {
            return (0, response_1.jsonResponse)({ community: { has_access: true, tier_id: subscription.tierID } });
        }
        const isFound = noAccessForm === 'by_history' ? subscription : noAccessForm === 'has_access_false';
        if (!community || !isFound)
            return (0, response_1.errorResponse)(404, headers.accept);
        return (0, response_1.jsonResponse)({ community: { has_access: false, tier_id: null } });
    }
    #showCommunity({ headers }, user) {
        const community = this.#findOwnCommunity(user);
        return community ? (0, response_1.jsonResponse)({ community: toJSON(community) }) : (0, response_1.errorResponse)(404, headers.accept);
    }
    #listMemberships(request, user) {
        const { communities, pageSize } = this.#configuration;
        const followed = communities.filter(({ followerIDs }) => followerIDs.includes(user.id));
        const { items, meta } = (0, pagination_1.paginate)(followed, request, pageSize);
        return (0, response_1.jsonResponse)({ communities: items.map(toJSON), meta });
    }
    #listSubscribers(request, user) {
        const community = this.#findOwnCommunity(user);
        if (!community)
            return (0, authenticate_1.forbidden)();
        const active = community.subscriptions.filter(({ userID, isLapsed }) => userID !== user.id && !isLapsed);
        const { items, meta } = (0, pagination_1.paginate)(active, request, this.#configuration.pageSize);
        const emails = new Map(this.#configuration.users.map(({ id, email }) => [id, email ?? undefined]));
        const subscribers = items.map(({ userID, tierID }) => ({
            user_id: userID,
            tier_id: tierID,
            email: emails.get(userID),
        }));
        return (0, response_1.jsonResponse)({ subscribers, meta });
    }
    #findOwnCommunity({ id }) {
        return this.#configuration.communities.find(({ ownerID }) => ownerID === id);
    }
}
exports.API = API;
function toJSON({ ownerID, subscriptions, followerIDs, ...community }) {
    return community;
}
function notEmulated(method, path) {
    const error_description = `The emulator does not know ${method} ${path}; a test can add a response with answer().`;
    return {
        status: 501,
        headers: { 'Content-Type': response_1.JSON_TYPE },
        body: JSON.stringify({ error: 'not emulated', error_description }),
    };
}
function decode(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        throw new http_error_1.HTTPError(400, 'The percent-encoding of the path is malformed.');
    }
}
