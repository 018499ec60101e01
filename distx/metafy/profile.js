"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.fetchProfile = fetchProfile;
exports.parseProfile = parseProfile;
const errors_1 = require("../errors");
const json_1 = require("../util/json");
const api_endpoint_1 = require("./api-endpoint");
async function fetchProfile(server, accessToken) {
    const headers = { ...server.headers, Authorization: `Bearer ${accessToken}` };
    const response = await (0, api_endpoint_1.requestAPI)(server, { method: 'GET', url: new URL(`${server.apiURL}/v1/me`), headers });
    return parseProfile(response.body, response.status);
}
function parseProfile(body, upstreamStatus) {
    const json = (0, json_1.parseJSONObject)(body);
    const user = json && ((0, json_1.isJSONObject)(json.user) ? json.user : json);
    const id = user && (0, json_1.toID)(user.id);
    if (!id) {
        throw new errors_1.MetafyResponseError('Metafy answered the profile request without a usable `id`', {
            code: 'bad_body',
            upstreamStatus,
        });
    }
    const { slug, name, email, avatar_url } = user;
    const profileUrl = toWebURL(user.profile_url) ?? toWebURL(user.url);
    return {
        provider: 'metafy',
        id,
        ...((0, json_1.isText)(slug) && { username: slug }),
        ...((0, json_1.isText)(name) && { displayName: name }),
        ...(profileUrl && { profileUrl }),
        ...((0, json_1.isText)(email) && { emails: [{ value: email }] }),
        ...((0, json_1.isText)(avatar_url) && { photos: [{ value: avatar_url }] }),
        _raw: body,
        _json: json,
    };
}
function toWebURL(value) {
    return (0, json_1.isText)(value) && /^https?:\/\//i.test(value) ? value : undefined;
}
