"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.resolveServer = resolveServer;
exports.resolveClient = resolveClient;
exports.requireServerURL = requireServerURL;
exports.requireAgent = requireAgent;
const assert_1 = require("../util/assert");
const { version } = require('../../package.json');
const commonHeaders = { Accept: 'application/json', 'User-Agent': `passport-metafy/${version}` };
function resolveServer(options) {
    const base = requireServerURL('baseURL', options.baseURL ?? 'https://metafy.gg').href.replace(/\/$/, '');
    return {
        authorizationURL: new URL(`${base}/auth/authorize`),
        tokenURL: new URL(`${base}/irk/oauth/token`),
        revocationURL: new URL(`${base}/irk/oauth/revoke`),
        apiURL: `${base}/irk/api`,
        timeoutMs: (0, assert_1.requireDuration)('timeoutMs', options.timeoutMs ?? 10_000),
        agent: requireAgent(options.agent, new URL(base)),
        headers: commonHeaders,
    };
}
function resolveClient(options) {
    (0, assert_1.requireObject)('options', options);
    return {
        ...resolveServer(options),
        clientID: (0, assert_1.requireString)('clientID', options.clientID),
        clientSecret: (0, assert_1.requireString)('clientSecret', options.clientSecret),
    };
}
function requireServerURL(option, url, allow = {}) {
    const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
    if (!parsed || !/^https?:$/.test(parsed.protocol)) {
        throw new TypeError(`option \`${option}\` must be an absolute https URL, such as https://metafy.gg`);
    }
    if (parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) {
        throw new TypeError(`option \`${option}\` must be an https URL, since secrets travel to it (http is for loopback hosts only)`);
    }
    const hasTail = parsed.href.includes('#') || (parsed.href.includes('?') && !allow.query);
    if (parsed.username || parsed.password || hasTail) {
        throw new TypeError(`option \`${option}\` must be a URL without credentials, query and fragment`);
    }
    return parsed;
}
function requireAgent(agent, url) {
    if (agent === undefined || agent === null)
        return undefined;
    if (agent === false)
        return agent;
    if (typeof agent.addRequest !== 'function') {
        throw new TypeError('option `agent` must be an agent of node:http or node:https');
    }
    const protocol = Object.getOwnPropertyDescriptor(agent, 'protocol')?.value ?? url.protocol;
    if (protocol === url.protocol)
        return agent;
    throw new TypeError(`option \`agent\` must be an agent for ${url.protocol}//, as in ${url.origin}`);
}
function isLoopback(hostname) {
    return /^(?:(?:[^.]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
