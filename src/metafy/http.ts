import { isUtf8 } from 'node:buffer';
import { tracingChannel } from 'node:diagnostics_channel';
import http, { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { types } from 'node:util';
import { MetafyError, MetafyResponseError, type MetafyResponseErrorCode } from '../errors';

export interface HttpRequest {
  method: string;
  url: URL;
  headers: OutgoingHttpHeaders;
  body?: string | Buffer | undefined;
  /** @default Node's global agent */
  agent: http.Agent | boolean | undefined;
  /** Bounds connecting, sending and reading the whole answer together. */
  timeoutMs: number;
  /** Counts from 1. */
  attempt?: number;
}

/** A complete answer, whatever its status. */
export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** Unicode's replacement character when it was not UTF-8, or compressed although nobody asked for it. */
  body: string;
}

/** Bodies above this are refused, in bytes. Metafy's largest known answer is a page of 100 communities. */
const maxBodyBytes = 1024 * 1024;

/** More interim (1xx) answers than this end the exchange. */
const maxInterimResponses = 10;

/** What subscribers of the tracing channel `passport-metafy:request` get. It holds no secret. */
export interface MetafyRequestTrace {
  method: string;
  /** Without its query. */
  url: string;
  /** Counts from 1. */
  attempt: number;
  /** The status of a complete answer. */
  status?: number;
  /** `code` of the error, when there was no usable answer. */
  errorCode?: string;
  durationMs?: number;
}

const channel = tracingChannel<MetafyRequestTrace, MetafyRequestTrace>('passport-metafy:request');

/**
 * Sends one request and reads its answer: follows no redirect, sends nothing twice, bounded in time and size.
 *
 * @throws MetafyResponseError `timeout`, `network` or `too_large`
 */
export function sendRequest(request: HttpRequest): Promise<HttpResponse> {
  return channel.hasSubscribers ? traceRequest(request) : exchange(request);
}

async function traceRequest(request: HttpRequest): Promise<HttpResponse> {
  const { method, url, attempt = 1 } = request;
  const trace: MetafyRequestTrace = { method, url: withoutQuery(url), attempt };
  const startMs = performance.now();
  let response: HttpResponse | undefined;
  // Resolves to nothing, since subscribers get the result as well: a body may hold tokens.
  await channel.tracePromise(async () => {
    try {
      response = await exchange(request);
      trace.status = response.status;
    } catch (error) {
      if (error instanceof MetafyError) trace.errorCode = error.code;
      throw error;
    } finally {
      trace.durationMs = performance.now() - startMs;
    }
  }, trace);
  return response as unknown as HttpResponse;
}

function exchange({ method, url, headers, body, agent, timeoutMs }: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { protocol, hostname, port, path } = readAddress(url);
    let outgoing: http.ClientRequest | undefined;
    let response: IncomingMessage | undefined;
    let bytesBefore: number | undefined;
    let interimResponses = 0;
    const fail: Fail = (code, problem, cause) => {
      clearTimeout(timer);
      reject(new MetafyResponseError(`${method} ${withoutQuery(url)}: the server ${problem}`, { code, cause }));
      outgoing?.destroy();
    };
    const allowedMs = Math.max(1, Math.round(timeoutMs));
    const timer = setTimeout(() => fail('timeout', `gave no complete answer within ${allowedMs} ms`), allowedMs);

    try {
      const { request } = protocol === 'https:' ? https : http;
      outgoing = request({ protocol, hostname, port, path, method, headers, agent });
    } catch (error) {
      fail('network', 'could not be asked', copyFault(error));
      return;
    }
    outgoing.on('socket', (socket) => {
      bytesBefore = socket.bytesRead;
    });
    outgoing.on('information', () => {
      interimResponses += 1;
      if (interimResponses > maxInterimResponses) fail('network', 'sent interim answers without end');
    });
    outgoing.on('error', (error) => {
      // An agent's stream that does not count what it reads may have read a part of an answer.
      const isUnanswered = bytesBefore !== undefined && outgoing?.socket?.bytesRead === bytesBefore;
      const wasStale = outgoing?.reusedSocket && isUnanswered;
      if (outgoing && wasStale) destroyIdleSockets(outgoing, url);
      fail('network', 'could not be reached', Object.assign(copyFault(error), { wasStale }));
    });
    // Without an answer and without an error, such as after `101 Switching Protocols`.
    outgoing.on('close', () => {
      if (!response) fail('network', 'closed the connection');
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

type Fail = (code: MetafyResponseErrorCode, problem: string, cause?: Error) => void;

/** What was kept as long as a stale connection is stale as well, and a retry must not go out on it. */
function destroyIdleSockets(outgoing: http.ClientRequest, { port }: URL): void {
  const { agent } = outgoing as unknown as { agent: http.Agent & { defaultPort?: number } };
  const origin = `${outgoing.host}:${port || agent.defaultPort}:`;
  for (const [name, sockets = []] of Object.entries(agent.freeSockets ?? {})) {
    if (name.startsWith(origin)) for (const socket of sockets) socket.destroy();
  }
}

function readBody(incoming: IncomingMessage, fail: Fail, onEnd: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  const checkSize = (bytes: number): void => {
    if (bytes > maxBodyBytes) fail('too_large', `answered more than ${maxBodyBytes} bytes`);
  };
  checkSize(Number(incoming.headers['content-length'] ?? 0));
  incoming.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    receivedBytes += chunk.length;
    checkSize(receivedBytes);
  });
  incoming.on('error', (error) => fail('network', 'broke off its answer', copyFault(error)));
  incoming.on('end', () => onEnd(Buffer.concat(chunks, receivedBytes)));
}

function decodeBody(headers: IncomingHttpHeaders, bytes: Buffer): string {
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
  return isPlain && isUtf8(bytes) ? bytes.toString('utf8') : '\ufffd';
}

/** For messages: a query may hold what is nobody's business. */
export function withoutQuery({ origin, pathname }: URL): string {
  return origin + pathname;
}

/**
 * Whether a request went out on a kept connection that closed without a byte of an answer. Almost always the server had
 * closed it before it could read the request; one that died while it answered may have read it.
 */
export function isStaleConnection(error: unknown): boolean {
  return error instanceof MetafyResponseError && (error.cause as { wasStale?: boolean } | undefined)?.wasStale === true;
}

// Node's errors carry what was received (`rawPacket`) and the peer's certificate; an answer may hold tokens.
function copyFault(fault: unknown): Error {
  const { message, code }: Partial<NodeJS.ErrnoException> = types.isNativeError(fault) ? fault : {};
  return Object.assign(new Error(message || code), { code });
}

interface Address {
  protocol: string;
  hostname: string;
  port: string;
  path: string;
}

const addresses = new WeakMap<URL, Address>();

/** A URL in the form `node:http` wants, taken apart once: it is 2% of a sign-in's callback. */
function readAddress(url: URL): Address {
  let address = addresses.get(url);
  if (!address) {
    const { protocol, hostname, port, pathname, search } = url;
    address = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, path: pathname + search };
    addresses.set(url, address);
  }
  return address;
}
