"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.sendRequest = sendRequest;
exports.withoutQuery = withoutQuery;
exports.isStaleConnection = isStaleConnection;
const node_buffer_1 = require("node:buffer");
const node_diagnostics_channel_1 = require("node:diagnostics_channel");
const node_http_1 = __importDefault(require("node:http"));
const node_https_1 = __importDefault(require("node:https"));
const node_util_1 = require("node:util");
const errors_1 = require("../errors");
const maxBodyBytes = 1024 * 1024;
const maxInterimResponses = 10;
const channel = (0, node_diagnostics_channel_1.tracingChannel)('passport-metafy:request');
function sendRequest(request) {
    return channel.hasSubscribers ? traceRequest(request) : exchange(request);
}
async function traceRequest(request) {
    const { method, url, attempt = 1 } = request;
    const trace = { method, url: withoutQuery(url), attempt };
    const startMs = performance.now();
    let response;
    await channel.tracePromise(async () => {
        try {
            response = await exchange(request);
            trace.status = response.status;
        }
        catch (error) {
            if (error instanceof errors_1.MetafyError)
                trace.errorCode = error.code;
            throw error;
        }
        finally {
            trace.durationMs = performance.now() - startMs;
        }
    }, trace);
    return response;
}
function exchange({ method, url, headers, body, agent, timeoutMs }) {
    return new Promise((resolve, reject) => {
        const { protocol, hostname, port, path } = readAddress(url);
        let outgoing;
        let response;
        let bytesBefore;
        let interimResponses = 0;
        const fail = (code, problem, cause) => {
            clearTimeout(timer);
            reject(new errors_1.MetafyResponseError(`${method} ${withoutQuery(url)}: the server ${problem}`, { code, cause }));
            outgoing?.destroy();
        };
        const allowedMs = Math.max(1, Math.round(timeoutMs));
        const timer = setTimeout(() => fail('timeout', `gave no complete answer within ${allowedMs} ms`), allowedMs);
        try {
            const { request } = protocol === 'https:' ? node_https_1.default : node_http_1.default;
            outgoing = request({ protocol, hostname, port, path, method, headers, agent });
        }
        catch (error) {
            fail('network', 'could not be asked', copyFault(error));
            return;
        }
        outgoing.on('socket', (socket) => {
            bytesBefore = socket.bytesRead;
        });
        outgoing.on('information', () => {
            interimResponses += 1;
            if (interimResponses > maxInterimResponses)
                fail('network', 'sent interim answers without end');
        });
        outgoing.on('error', (error) => {
            const isUnanswered = bytesBefore !== undefined && outgoing?.socket?.bytesRead === bytesBefore;
            const wasStale = outgoing?.reusedSocket && isUnanswered;
            if (outgoing && wasStale)
                destroyIdleSockets(outgoing, url);
            fail('network', 'could not be reached', Object.assign(copyFault(error), { wasStale }));
        });
        outgoing.on('close', () => {
            if (!response)
                fail('network', 'closed the connection');
        });
        outgoing.on('response', (incoming) => {
            response = incoming;
            readBody(incoming, fail, (bytes) => {
                clearTimeout(timer);
                const { statusCode: status = 0, headers } = incoming;
                resolve({ status, headers, body: decodeBody(headers, bytes) });
            });
        });
        outgoing.end(body);
    });
}
function destroyIdleSockets(outgoing, { port }) {
    const { agent } = outgoing;
    const origin = `${outgoing.host}:${port || agent.defaultPort}:`;
    for (const [name, sockets = []] of Object.entries(agent.freeSockets ?? {})) {
        if (name.startsWith(origin))
            for (const socket of sockets)
                socket.destroy();
    }
}
function readBody(incoming, fail, onEnd) {
    const chunks = [];
    let receivedBytes = 0;
    const checkSize = (bytes) => {
        if (bytes > maxBodyBytes)
            fail('too_large', `answered more than ${maxBodyBytes} bytes`);
    };
    checkSize(Number(incoming.headers['content-length'] ?? 0));
    incoming.on('data', (chunk) => {
        chunks.push(chunk);
        receivedBytes += chunk.length;
        checkSize(receivedBytes);
    });
    incoming.on('error', (error) => fail('network', 'broke off its answer', copyFault(error)));
    incoming.on('end', () => onEnd(Buffer.concat(chunks, receivedBytes)));
}
function decodeBody(headers, bytes) {
    const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
    return isPlain && (0, node_buffer_1.isUtf8)(bytes) ? bytes.toString('utf8') : '\ufffd';
}
function withoutQuery({ origin, pathname }) {
    return origin + pathname;
}
function isStaleConnection(error) {
    return error instanceof errors_1.MetafyResponseError && error.cause?.wasStale === true;
}
function copyFault(fault) {
    const { message, code } = node_util_1.types.isNativeError(fault) ? fault : {};
    return Object.assign(new Error(message || code), { code });
}
const addresses = new WeakMap();
function readAddress(url) {
    let address = addresses.get(url);
    if (!address) {
        const { protocol, hostname, port, pathname, search } = url;
        address = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, path: pathname + search };
        addresses.set(url, address);
    }
    return address;
}
