import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type FaultQueue, type MetafyEmulatorEndpoint, toResponse } from './faults';
import { HTTPError } from './http-error';
import { isLoopbackAddress, isLoopbackHost } from './loopback';
import { Parameters, parseForm } from './parameters';
import { type EmulatorRequest, parseBody, readBody } from './request';
import { type OpenEntry, type RequestLog, toObject } from './request-log';
import { type EmulatorResponse, errorResponse } from './response';

/** What a server needs to answer requests. */
export interface ServerOptions {
  readonly log: RequestLog;
  readonly faults: FaultQueue;
  readonly findEndpoint: (path: string) => MetafyEmulatorEndpoint | undefined;
  /** Throws an `HTTPError` for a request that it cannot make sense of. */
  readonly respond: (request: EmulatorRequest) => EmulatorResponse;
}

/** An HTTP server that logs each request and answers it, or does what a fault asks for. */
export class Server {
  /** Where it listens, as an origin such as `http://127.0.0.1:45123`; empty before. */
  url = '';
  #isOwnHost = (_hostname: string): boolean => true;
  readonly #options: ServerOptions;
  readonly #stopping = new AbortController();
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch((error: Error) => {
      // A client or a stop that ended the connection needs no response; anything else is a bug of the emulator.
      if (this.#stopping.signal.aborted || request.socket.destroyed) return;
      process.emitWarning(error);
      send(response, errorResponse(500, request.headers.accept));
    });
  });

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** @throws {Error} as `node:net` does; `code` is for example `EADDRINUSE`. */
  async open(hostname: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, hostname, resolve);
    });
    const address = this.#server.address() as AddressInfo;
    const host = toURLHost(hostname);
    this.url = `http://${host}:${address.port}`;
    // Without this a website could reach it through a name of its own that resolves to this machine (DNS rebinding).
    if (isLoopbackAddress(toURLHost(address.address))) {
      this.#isOwnHost = (name) => isLoopbackHost(name) || name === host.toLowerCase();
    }
  }

  /** Stops listening and ends every connection, whatever it is waiting for. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#stopping.abort();
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { log, faults, findEndpoint } = this.#options;
    const [path = '', ...rest] = (request.url ?? '').split('?');
    const entry = log.add(request, path);
    // Read before any fault happens, so that the log shows what was sent.
    const received = await readRequest(request, path, rest.join('?'), entry);
    if (!this.#isOwnHost((request.headers.host ?? '').replace(/:\d*$/, '').toLowerCase())) {
      entry.status = MISDIRECTED.status;
      send(response, MISDIRECTED);
      return;
    }

    const fault = faults.take(findEndpoint(path));
    if (fault && 'hang' in fault) return;
    if (fault && 'reset' in fault) {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault && 'delayMs' in fault) await wait(fault.delayMs, undefined, { signal: this.#stopping.signal });
    const answer = fault && 'status' in fault ? toResponse(fault) : this.#respond(received, request);
    entry.status = answer.status;
    if (fault && 'truncate' in fault) sendTruncated(response, answer);
    else send(response, answer);
  }

  #respond(received: EmulatorRequest | HTTPError, { headers }: IncomingMessage): EmulatorResponse {
    try {
      if (received instanceof HTTPError) throw received;
      return this.#options.respond(received);
    } catch (error) {
      if (error instanceof HTTPError) return errorResponse(error.status, headers.accept);
      throw error;
    }
  }
}

const MISDIRECTED: EmulatorResponse = {
  status: 421,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'This Metafy emulator answers only requests whose Host is a name of this machine, such as localhost. To reach it under another name, set its option hostname, for example to 0.0.0.0.\n',
};

function toURLHost(hostname: string): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname;
}

async function readRequest(
  request: IncomingMessage,
  path: string,
  search: string,
  entry: OpenEntry,
): Promise<EmulatorRequest | HTTPError> {
  try {
    const bytes = await readBody(request);
    const query = parseForm(search);
    entry.query = toObject(query);
    const body = parseBody(request.headers['content-type'], bytes);
    if (body.length > 0) entry.body = toObject(body);
    const { method = '', headers } = request;
    return { method, path, search, headers, parameters: new Parameters([...body, ...query]) };
  } catch (error) {
    if (error instanceof HTTPError) return error;
    throw error;
  }
}

function send(response: ServerResponse, { status, headers, body }: EmulatorResponse): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function sendTruncated(response: ServerResponse, { status, headers, body }: EmulatorResponse): void {
  const bytes = Buffer.from(body);
  // One more than there are, so that even an empty response is cut short.
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length + 1 });
  response.flushHeaders();
  response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroySoon());
}
