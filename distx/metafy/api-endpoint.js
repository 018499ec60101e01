"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.requestAPI = requestAPI;
const error_response_1 = require("./error-response");
const http_1 = require("./http");
const retry_1 = require("./retry");
function requestAPI(server, request) {
    const { timeoutMs, agent } = server;
    if (request.method !== 'GET')
        return requestOnce({ ...request, agent, timeoutMs });
    const deadlineMs = performance.now() + timeoutMs;
    return (0, retry_1.retry)((index) => {
        const shareMs = (0, retry_1.shareTimeout)(timeoutMs, deadlineMs - performance.now(), index);
        return requestOnce({ ...request, agent, timeoutMs: shareMs, attempt: index + 1 });
    }, retry_1.retryDelaysMs.apiRequest, (error, delayMs) => {
        const chosenMs = (0, retry_1.chooseAPIDelay)(error, delayMs);
        return chosenMs !== undefined && performance.now() + chosenMs < deadlineMs ? chosenMs : undefined;
    });
}
async function requestOnce(request) {
    const response = await (0, http_1.sendRequest)(request);
    const { status, headers } = response;
    if (status >= 200 && status <= 299)
        return response;
    const [, token] = String(request.headers.Authorization ?? '').split(' ');
    const reason = (0, error_response_1.parseBearerChallenge)(headers['www-authenticate'], token ? [token] : []);
    const hint = status === 403 && !reason ? ' (does the token have the scope it needs?)' : '';
    throw (0, error_response_1.errorFromResponse)(`${request.method} ${(0, http_1.withoutQuery)(request.url)}${hint}`, response, reason);
}
