"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.retryDelaysMs = void 0;
exports.retry = retry;
exports.chooseAPIDelay = chooseAPIDelay;
exports.chooseTokenDelay = chooseTokenDelay;
exports.shareTimeout = shareTimeout;
const promises_1 = require("node:timers/promises");
const errors_1 = require("../errors");
const http_1 = require("./http");
exports.retryDelaysMs = {
    apiRequest: [100, 400],
    tokenRequest: [0],
    storeWrite: [100, 400, 1600],
    storeRead: [20, 50, 100, 200, 400, 800, 1600],
};
function retry(attempt, delaysMs, chooseDelay = (_error, delayMs) => delayMs, index = 0) {
    return attempt(index).catch(async (error) => {
        const delayMs = delaysMs[index];
        const chosenMs = delayMs === undefined ? undefined : chooseDelay(error, delayMs);
        if (chosenMs === undefined)
            throw error;
        if (chosenMs > 0)
            await (0, promises_1.setTimeout)(chosenMs);
        return retry(attempt, delaysMs, chooseDelay, index + 1);
    });
}
function chooseAPIDelay(error, delayMs) {
    if (!(error instanceof errors_1.MetafyError))
        return undefined;
    const isFault = error instanceof errors_1.MetafyResponseError && ['network', 'timeout'].includes(error.code);
    if (!isFault && ![429, 502, 503, 504].includes(error.upstreamStatus ?? 0))
        return undefined;
    return Math.max(delayMs, error.retryAfterMs ?? 0);
}
function chooseTokenDelay(error, delayMs) {
    return (0, http_1.isStaleConnection)(error) ? delayMs : undefined;
}
function shareTimeout(timeoutMs, remainingMs, index) {
    const isLast = index === exports.retryDelaysMs.apiRequest.length;
    return isLast ? remainingMs : Math.min(remainingMs, Math.max(timeoutMs / 3, 1000));
}
