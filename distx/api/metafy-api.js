"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MetafyAPI = void 0;
exports.requireID = requireID;
const errors_1 = require("../errors");
const api_endpoint_1 = require("../metafy/api-endpoint");
const client_1 = require("../metafy/client");
const profile_1 = require("../metafy/profile");
const assert_1 = require("../util/assert");
const json_1 = require("../util/json");
const itemsPerPage = 100;
class MetafyAPI {
    #server;
    #source;
    constructor(options) {
        (0, assert_1.requireObject)('options', options);
        this.#server = (0, client_1.resolveServer)(options);
        this.#source = requireTokenSource(options.token);
    }
    getProfile() {
        return this.#authorize('profile', (accessToken) => (0, profile_1.fetchProfile)(this.#server, accessToken));
    }
    async getCommunityAccess(communityId) {
        const path = `/v1/me/purchases/communities/${encodeURIComponent(requireID('communityId', communityId))}`;
        const response = await this.#find('purchases', path);
        if (!response)
            return { hasAccess: false };
        const { community } = parseBody(response, `GET ${path}`);
        const tierId = (0, json_1.isJSONObject)(community) ? toOptionalID(community.tier_id) : undefined;
        if (!(0, json_1.isJSONObject)(community) || typeof community.has_access !== 'boolean' || tierId === null) {
            throw unusableBody(`GET ${path}`, 'without a usable `has_access` or `tier_id`', response);
        }
        return { hasAccess: community.has_access, ...(tierId && { tierId }) };
    }
    async getOwnCommunity() {
        const path = '/v1/me/community';
        const response = await this.#find('community', path);
        if (!response)
            return undefined;
        const community = parseCommunity(parseBody(response, `GET ${path}`).community);
        if (community)
            return community;
        throw unusableBody(`GET ${path}`, 'without a usable `community`', response);
    }
    listMemberships() {
        return this.#list('/v1/me/community/memberships', 'communities', parseCommunity);
    }
    listSubscribers() {
        return this.#list('/v1/me/community/subscribers', 'subscribers', parseSubscriber);
    }
    async get(path, query = {}) {
        const response = await this.#authorize(undefined, this.#createRequest(requirePath(path), query));
        return parseBody(response, `GET ${path}`);
    }
    #list(path, name, parse) {
        const readPages = () => this.#readPages(path, name, parse);
        return {
            [Symbol.asyncIterator]: readPages,
            async toArray() {
                const items = [];
                for await (const item of readPages())
                    items.push(item);
                return items;
            },
        };
    }
    async *#readPages(path, name, parse) {
        let totalPages;
        let page = 0;
        do {
            page += 1;
            const request = this.#createRequest(path, { page, per_page: itemsPerPage });
            const response = await this.#authorize('community', request);
            const what = `page ${page} of GET ${path}`;
            const json = parseBody(response, what);
            const items = Array.isArray(json[name]) ? json[name].map(parse) : undefined;
            if (!items?.every((item) => item !== undefined))
                throw unusableBody(what, `without a usable \`${name}\``, response);
            const announced = readTotalPages(json);
            const isTooShort = announced !== undefined && items.length === 0 && page < announced;
            if (announced === undefined || isTooShort || (announced === 0 && items.length > 0)) {
                throw unusableBody(what, 'without a usable `total_pages`', response);
            }
            totalPages ??= announced;
            if (announced !== totalPages)
                throw unusableBody(what, 'with another `total_pages` than before', response);
            yield* items;
        } while (page < totalPages);
    }
    #find(scope, path) {
        const request = this.#createRequest(path);
        return this.#authorize(scope, (accessToken) => request(accessToken).catch((error) => {
            if (error instanceof errors_1.MetafyError && error.upstreamStatus === 404)
                return undefined;
            throw error;
        }));
    }
    #createRequest(path, query = {}) {
        const url = new URL(this.#server.apiURL + path);
        for (const [name, value] of Object.entries(query))
            url.searchParams.append(name, String(value));
        return (accessToken) => {
            const headers = { ...this.#server.headers, Authorization: `Bearer ${accessToken}` };
            return (0, api_endpoint_1.requestAPI)(this.#server, { method: 'GET', url, headers });
        };
    }
    async #authorize(scope, request) {
        const send = async ({ accessToken, scope: granted }) => {
            const known = granted?.length ? granted.includes(scope ?? '') : undefined;
            if (scope && known === false)
                throw insufficientScope(scope);
            try {
                return await request((0, assert_1.requireToken)('accessToken', accessToken));
            }
            catch (error) {
                throw explainStatus(error, known ? undefined : scope);
            }
        };
        const token = await this.#source.getToken();
        try {
            return await send(token);
        }
        catch (error) {
            if (!(error instanceof errors_1.MetafyOAuthError) || error.upstreamStatus !== 401)
                throw error;
            const renewed = await this.#source.getToken({ rejectedToken: token.accessToken });
            if (renewed.accessToken === token.accessToken)
                throw error;
            return send(renewed);
        }
    }
}
exports.MetafyAPI = MetafyAPI;
function requireTokenSource(token) {
    if (typeof token !== 'object') {
        const accessToken = (0, assert_1.requireToken)('token', token);
        return { getToken: async () => ({ accessToken }) };
    }
    (0, assert_1.requireMethods)('token', token, ['getToken']);
    return token;
}
const maxIDLength = 200;
function requireID(parameter, id) {
    const text = (0, assert_1.requireString)(parameter, id);
    const isUsable = text.length <= maxIDLength && text.isWellFormed() && !/[/\\?#%\p{Cc}]|^\.\.?$/u.test(text);
    if (isUsable)
        return text;
    throw new TypeError(`\`${parameter}\` must be an id of Metafy's: up to ${maxIDLength} characters, none of them / \\ ? # %`);
}
const maxPathLength = 2048;
const pathPattern = /^(?:\/(?!\.\.?(?:\/|$))(?:[\w.~!$&'()*+,;=:@-]|%(?!2[ef]|5c)[\da-f]{2})+)+$/i;
function requirePath(path) {
    const text = (0, assert_1.requireString)('path', path);
    if (text.length <= maxPathLength && pathPattern.test(text))
        return text;
    throw new TypeError("`path` must be a path below the API's, percent-encoded and without a query, such as /v1/me/guides");
}
function insufficientScope(scope, cause) {
    return new errors_1.MetafyOAuthError(`The token lacks the scope \`${scope}\``, {
        code: 'insufficient_scope',
        upstreamStatus: cause?.upstreamStatus,
        cause,
    });
}
function explainStatus(error, scope) {
    if (!(error instanceof errors_1.MetafyError))
        return error;
    const { upstreamStatus, code } = error;
    const hasReason = error instanceof errors_1.MetafyOAuthError;
    if (upstreamStatus === 401 && !hasReason) {
        return new errors_1.MetafyOAuthError(error.message, { code: 'invalid_token', upstreamStatus, cause: error });
    }
    if (upstreamStatus === 403 && scope && (!hasReason || code === 'insufficient_scope')) {
        return insufficientScope(scope, error);
    }
    return error;
}
function parseBody(response, what) {
    const json = (0, json_1.parseJSONObject)(response.body);
    if (json)
        return json;
    throw unusableBody(what, 'with something that is not a JSON object', response);
}
function unusableBody(what, problem, { status }) {
    return new errors_1.MetafyResponseError(`Metafy answered ${what} ${problem}`, { code: 'bad_body', upstreamStatus: status });
}
function readTotalPages({ meta }) {
    const pagination = (0, json_1.isJSONObject)(meta) ? meta.pagination : undefined;
    const total = (0, json_1.isJSONObject)(pagination) ? pagination.total_pages : undefined;
    return Number.isSafeInteger(total) && total >= 0 ? total : undefined;
}
function parseCommunity(json) {
    if (!(0, json_1.isJSONObject)(json))
        return undefined;
    const id = (0, json_1.toID)(json.id);
    const tiers = (json.tiers ?? []);
    const parsed = Array.isArray(tiers) ? tiers.map(parseTier) : undefined;
    if (!id || !parsed?.every((tier) => tier !== undefined))
        return undefined;
    return { id, title: (0, json_1.isText)(json.title) ? json.title : '', tiers: parsed, raw: json };
}
function parseTier(json) {
    if (!(0, json_1.isJSONObject)(json))
        return undefined;
    const id = (0, json_1.toID)(json.id);
    return id ? { id, name: (0, json_1.isText)(json.name) ? json.name : '' } : undefined;
}
function parseSubscriber(json) {
    if (!(0, json_1.isJSONObject)(json))
        return undefined;
    const userId = (0, json_1.toID)(json.user_id);
    const tierId = toOptionalID(json.tier_id);
    if (!userId || tierId === null)
        return undefined;
    return { userId, ...(tierId && { tierId }), ...((0, json_1.isText)(json.email) && { email: json.email }), raw: json };
}
function toOptionalID(id) {
    return id === undefined || id === null || id === '' ? undefined : ((0, json_1.toID)(id) ?? null);
}
