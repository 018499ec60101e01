"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.requestToken = requestToken;
exports.requestRevocation = requestRevocation;
const errors_1 = require("../errors");
const json_1 = require("../util/json");
const error_response_1 = require("./error-response");
const http_1 = require("./http");
const retry_1 = require("./retry");
const token_response_1 = require("./token-response");
async function requestToken(client, request) {
    const what = `the ${request.grant_type} request`;
    const response = await post(client, client.tokenURL, request);
    const json = (0, json_1.parseJSONObject)(response.body);
    const reason = json?.error === undefined ? undefined : readReason(client, request, json);
    if (reason || !isSuccess(response))
        throw (0, error_response_1.errorFromResponse)(what, response, reason);
    if (json)
        return (0, token_response_1.parseTokenResponse)(json, response.status);
    throw new errors_1.MetafyResponseError(`Metafy answered ${what} with something that is not a JSON object`, {
        code: 'bad_body',
        upstreamStatus: response.status,
    });
}
async function requestRevocation(client, request) {
    const response = await post(client, client.revocationURL, request);
    if (isSuccess(response))
        return;
    const json = (0, json_1.parseJSONObject)(response.body);
    throw (0, error_response_1.errorFromResponse)('the revocation', response, json && readReason(client, request, json));
}
function post(client, url, request) {
    const { clientID, clientSecret, timeoutMs, agent } = client;
    const body = JSON.stringify({ ...request, client_id: clientID, client_secret: clientSecret });
    const headers = {
        ...client.headers,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
    };
    const deadlineMs = performance.now() + timeoutMs;
    return (0, retry_1.retry)((index) => {
        const remainingMs = deadlineMs - performance.now();
        return (0, http_1.sendRequest)({ method: 'POST', url, headers, body, agent, timeoutMs: remainingMs, attempt: index + 1 });
    }, retry_1.retryDelaysMs.tokenRequest, retry_1.chooseTokenDelay);
}
function isSuccess({ status }) {
    return status >= 200 && status <= 299;
}
function readReason(client, request, answer) {
    const { code, code_verifier, refresh_token, token } = request;
    const sent = [client.clientSecret, code, code_verifier, refresh_token, token];
    const secrets = [...sent, answer.access_token, answer.refresh_token]
        .filter((value) => typeof value === 'string' && value.length >= 4)
        .flatMap((secret) => [secret, encodeForm(secret)]);
    return (0, error_response_1.parseErrorBody)(answer, secrets);
}
function encodeForm(value) {
    return new URLSearchParams([['', value]]).toString().slice(1);
}
