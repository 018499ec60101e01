"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.FaultQueue = void 0;
exports.toResponse = toResponse;
const node_http_1 = require("node:http");
const response_1 = require("./response");
const ENDPOINTS = [
    ...['authorize', 'token', 'revoke'],
    ...['me', 'purchases', 'community', 'memberships', 'subscribers'],
];
class FaultQueue {
    #queues = new Map();
    add(endpoint, fault, times) {
        check(ENDPOINTS.includes(endpoint), `endpoint must be one of ${ENDPOINTS.join(', ')}`);
        check(Number.isInteger(times) && times > 0, 'times must be a positive integer');
        checkFault(fault);
        const queue = this.#queues.get(endpoint) ?? [];
        this.#queues.set(endpoint, queue);
        for (let count = 0; count < times; count += 1)
            queue.push(fault);
    }
    clear() {
        this.#queues.clear();
    }
    take(endpoint) {
        return endpoint && this.#queues.get(endpoint)?.shift();
    }
}
exports.FaultQueue = FaultQueue;
function toResponse({ status = 200, headers, body = '' }) {
    check(Number.isInteger(status) && status >= 200 && status <= 599, 'status must be from 200 to 599');
    for (const [name, value] of Object.entries(headers ?? {})) {
        (0, node_http_1.validateHeaderName)(name);
        (0, node_http_1.validateHeaderValue)(name, value);
    }
    if (typeof body === 'string')
        return { status, headers: { ...headers }, body };
    return { status, headers: { 'Content-Type': response_1.JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}
function checkFault(fault) {
    check(typeof fault === 'object' && fault !== null, 'fault must be an object, such as { status: 503 }');
    const kinds = ['delayMs', 'hang', 'status', 'truncate', 'reset'].filter((kind) => kind in fault);
    check(kinds.length === 1, 'fault must have exactly one of delayMs, hang, status, truncate, reset');
    if ('delayMs' in fault) {
        check(Number.isFinite(fault.delayMs) && fault.delayMs >= 0, 'delayMs must be a number of milliseconds');
    }
    if ('status' in fault)
        toResponse(fault);
}
function check(isValid, requirement) {
    if (!isValid)
        throw new TypeError(`${requirement}.`);
}
