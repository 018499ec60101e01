"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Server = void 0;
const node_http_1 = require("node:http");
const promises_1 = require("node:timers/promises");
const faults_1 = require("./faults");
const http_error_1 = require("./http-error");
const loopback_1 = require("./loopback");
const parameters_1 = require("./parameters");
const request_1 = require("./request");
const request_log_1 = require("./request-log");
const response_1 = require("./response");
class Server {
    url = '';
    #isOwnHost = (_hostname) => true;
    #options;
    #stopping = new AbortController();
    #server = (0, node_http_1.createServer)((request, response) => {
        this.#handle(request, response).catch((error) => {
            if (this.#stopping.signal.aborted || request.socket.destroyed)
                return;
            process.emitWarning(error);
            send(response, (0, response_1.errorResponse)(500, request.headers.accept));
        });
    });
    constructor(options) {
        this.#options = options;
    }
    async open(hostname, port) {
        await new Promise((resolve, reject) => {
            this.#server.once('error', reject).listen(port, hostname, resolve);
        });
        const address = this.#server.address();
        const host = toURLHost(hostname);
        this.url = `http://${host}:${address.port}`;
        if ((0, loopback_1.isLoopbackAddress)(toURLHost(address.address))) {
            this.#isOwnHost = (name) => (0, loopback_1.isLoopbackHost)(name) || name === host.toLowerCase();
        }
    }
    async close() {
        const closed = new Promise((resolve) => this.#server.close(resolve));
        this.#stopping.abort();
        this.#server.closeAllConnections();
        await closed;
    }
    async #handle(request, response) {
        const { log, faults, findEndpoint } = this.#options;
        const [path = '', ...rest] = (request.url ?? '').split('?');
        const entry = log.add(request, path);
        const received = await readRequest(request, path, rest.join('?'), entry);
        if (!this.#isOwnHost((request.headers.host ?? '').replace(/:\d*$/, '').toLowerCase())) {
            entry.status = MISDIRECTED.status;
            send(response, MISDIRECTED);
            return;
        }
        const fault = faults.take(findEndpoint(path));
        if (fault && 'hang' in fault)
            return;
        if (fault && 'reset' in fault) {
            request.socket.resetAndDestroy();
            return;
        }
        if (fault && 'delayMs' in fault)
            await (0, promises_1.setTimeout)(fault.delayMs, undefined, { signal: this.#stopping.signal });
        const answer = fault && 'status' in fault ? (0, faults_1.toResponse)(fault) : this.#respond(received, request);
        entry.status = answer.status;
        if (fault && 'truncate' in fault)
            sendTruncated(response, answer);
        else
            send(response, answer);
    }
    #respond(received, { headers }) {
        try {
            if (received instanceof http_error_1.HTTPError)
                throw received;
            return this.#options.respond(received);
        }
        catch (error) {
            if (error instanceof http_error_1.HTTPError)
                return (0, response_1.errorResponse)(error.status, headers.accept);
            throw error;
        }
    }
}
exports.Server = Server;
const MISDIRECTED = {
    status: 421,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: 'This Metafy emulator answers only requests whose Host is a name of this machine, such as localhost. To reach it under another name, set its option hostname, for example to 0.0.0.0.\n',
};
function toURLHost(hostname) {
    return hostname.includes(':') ? `[${hostname}]` : hostname;
}
async function readRequest(request, path, search, entry) {
    try {
        const bytes = await (0, request_1.readBody)(request);
        const query = (0, parameters_1.parseForm)(search);
        entry.query = (0, request_log_1.toObject)(query);
        const body = (0, request_1.parseBody)(request.headers['content-type'], bytes);
        if (body.length > 0)
            entry.body = (0, request_log_1.toObject)(body);
        const { method = '', headers } = request;
        return { method, path, search, headers, parameters: new parameters_1.Parameters([...body, ...query]) };
    }
    catch (error) {
        if (error instanceof http_error_1.HTTPError)
            return error;
        throw error;
    }
}
function send(response, { status, headers, body }) {
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
}
function sendTruncated(response, { status, headers, body }) {
    const bytes = Buffer.from(body);
    response.writeHead(status, { ...headers, 'Content-Length': bytes.length + 1 });
    response.flushHeaders();
    response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroySoon());
}
