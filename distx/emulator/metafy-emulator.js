"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MetafyEmulator = void 0;
const communities_1 = require("./api/communities");
const faults_1 = require("./http/faults");
const request_log_1 = require("./http/request-log");
const server_1 = require("./http/server");
const authorize_in_process_1 = require("./oauth/authorize-in-process");
const grant_store_1 = require("./oauth/grant-store");
const options_1 = require("./options");
const authorize_endpoint_1 = require("./pages/authorize-endpoint");
const router_1 = require("./router");
let hasWarned = false;
class MetafyEmulator {
    #configuration;
    #store;
    #router;
    #faults = new faults_1.FaultQueue();
    #log = new request_log_1.RequestLog();
    #opening;
    #server;
    constructor(options) {
        this.#configuration = (0, options_1.readOptions)(options);
        this.#store = new grant_store_1.GrantStore(this.#configuration);
        this.#router = new router_1.Router(this.#configuration, this.#store, () => this.users);
    }
    async start() {
        this.#opening ??= this.#open();
        const opening = this.#opening;
        try {
            const server = await opening;
            if (this.#opening === opening)
                this.#server = server;
        }
        catch (error) {
            this.#opening = undefined;
            throw error;
        }
        return this;
    }
    async stop() {
        const opening = this.#opening;
        this.#opening = undefined;
        this.#server = undefined;
        const server = await opening?.catch(() => undefined);
        await server?.close();
    }
    async [Symbol.asyncDispose]() {
        await this.stop();
    }
    get url() {
        if (this.#server)
            return this.#server.url;
        throw new Error('There is no url before start() has resolved, nor after stop().');
    }
    get applications() {
        return this.#configuration.applications;
    }
    get users() {
        const base = this.#server?.url ?? '';
        return this.#configuration.users.map((user) => user.avatar_url?.startsWith('/') ? { ...user, avatar_url: base + user.avatar_url } : user);
    }
    get communities() {
        return this.#configuration.communities;
    }
    get apiKeys() {
        return this.#configuration.apiKeys;
    }
    get requests() {
        return this.#log.entries;
    }
    clearRequests() {
        this.#log.clear();
    }
    async authorize(authorizationURL, options = {}) {
        const pageURL = this.url + authorize_endpoint_1.AUTHORIZE_PATH;
        const url = new URL(authorizationURL);
        return (0, authorize_in_process_1.authorizeInProcess)(url, options, pageURL, this.#configuration, this.#store);
    }
    expire(token) {
        this.#store.expire(token);
    }
    setRefreshMode(mode) {
        (0, options_1.checkRefreshMode)(mode);
        this.#configuration.refreshMode = mode;
    }
    fail(endpoint, fault, times = 1) {
        this.#faults.add(endpoint, fault, times);
    }
    clearFaults() {
        this.#faults.clear();
    }
    subscribe(user, communityID, tierID) {
        (0, communities_1.subscribe)(this.#configuration, user, communityID, tierID);
    }
    cancel(user, communityID) {
        (0, communities_1.cancel)(this.#configuration, user, communityID);
    }
    follow(user, communityID) {
        (0, communities_1.setFollowing)(this.#configuration, user, communityID, true);
    }
    unfollow(user, communityID) {
        (0, communities_1.setFollowing)(this.#configuration, user, communityID, false);
    }
    answer(method, path, answer) {
        this.#router.addAnswer(method, path, answer);
    }
    async #open() {
        warnInProduction();
        const server = new server_1.Server({
            log: this.#log,
            faults: this.#faults,
            findEndpoint: router_1.findEndpoint,
            respond: (request) => this.#router.respond(request),
        });
        await server.open(this.#configuration.hostname, this.#configuration.port);
        return server;
    }
}
exports.MetafyEmulator = MetafyEmulator;
function warnInProduction() {
    if (process.env.NODE_ENV !== 'production' || hasWarned)
        return;
    hasWarned = true;
    process.emitWarning('A Metafy emulator runs although NODE_ENV is production: anybody can sign in as anybody.');
}
