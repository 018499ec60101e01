import { isUtf8 } from 'node:buffer';
import http, { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { types } from 'node:util';
import { MetafyResponseError, type MetafyResponseErrorCode } from './errors';

/** A URL taken apart once, in the form `node:http` wants. */
export interface HttpTarget {
  protocol: string;
  hostname: string;
  port: string;
  path: string;
  /** For messages: origin and path, without the query. */
  place: string;
}

/** How to reach a server. */
export interface Connection {
  /** Bounds connecting, sending and reading the whole answer together. */
  timeoutMs: number;
  /** @default a keep-alive agent that all clients in this process share */
  agent: http.Agent | boolean | undefined;
  /** Sent with every request. */
  headers: OutgoingHttpHeaders;
}

export interface HttpRequest {
  method: string;
  target: HttpTarget;
  headers: OutgoingHttpHeaders;
  body?: string | undefined;
}

/** A complete answer, whatever its status. */
export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** Unicode's replacement character when it was not UTF-8, or compressed although nobody asked for it. */
  body: string;
}

/** Bodies above this are refused, in bytes. Metafy's largest known answer is a page of 100 communities. */
export const maxBodyBytes = 1024 * 1024;

// Four seconds: shorter than the keep-alive of common servers (Node 5 s, nginx 75 s), because a request sent
// on a connection that the server is closing is lost, and token requests must not be repeated.
const agentOptions = { keepAlive: true, timeout: 4000 };
const httpAgent = new http.Agent(agentOptions);
const httpsAgent = new https.Agent(agentOptions);

/** @throws TypeError when `url` is not absolute */
export function toHttpTarget(url: string): HttpTarget {
  const { protocol, hostname, port, pathname, search, origin } = new URL(url);
  return {
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    path: pathname + search,
    place: origin + pathname,
  };
}

/**
 * Sends one request and reads its answer: no redirects followed, no repetition, bounded in time and size.
 *
 * @throws MetafyResponseError `timeout`, `network` or `too_large`
 */
export function exchange(
  connection: Connection,
  request: HttpRequest,
  timeoutMs: number = connection.timeoutMs,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { agent } = connection;
    const { target } = request;
    const isSecure = target.protocol === 'https:';
    let outgoing: http.ClientRequest | undefined;
    let isSettled = false;

    const settle = (): boolean => {
      if (isSettled) return false;
      isSettled = true;
      clearTimeout(deadline);
      return true;
    };
    const fail = (code: MetafyResponseErrorCode, problem: string, cause?: unknown): void => {
      if (!settle()) return;
      const message = `${request.method} ${target.place}: the server ${problem}`;
      reject(new MetafyResponseError(message, { code, cause: copyFault(cause) }));
      outgoing?.destroy();
    };
    const deadline = setTimeout(
      () => fail('timeout', 'gave no complete answer within `timeoutMs`'),
      timeoutMs,
    );

    try {
      outgoing = (isSecure ? https : http).request({
        protocol: target.protocol,
        hostname: target.hostname,
        port: target.port,
        path: target.path,
        method: request.method,
        headers: { ...connection.headers, ...request.headers },
        agent: agent ?? (isSecure ? httpsAgent : httpAgent),
      });
    } catch (error) {
      fail('network', 'could not be asked', error);
      return;
    }
    outgoing.on('error', (error) => fail('network', 'could not be reached', error));
    // Without an answer and without an error, such as after `101 Switching Protocols`.
    let hasAnswered = false;
    outgoing.on('close', () => hasAnswered || fail('network', 'closed the connection'));
    outgoing.on('response', (incoming) => {
      hasAnswered = true;
      const announcedBytes = Number(incoming.headers['content-length'] ?? 0);
      const chunks: Buffer[] = [];
      let receivedBytes = 0;
      const checkSize = (bytes: number): void => {
        if (bytes > maxBodyBytes) fail('too_large', `answered more than ${maxBodyBytes} bytes`);
      };
      checkSize(announcedBytes);
      incoming.on('data', (chunk: Buffer) => {
        receivedBytes += chunk.length;
        checkSize(receivedBytes);
        if (!isSettled) chunks.push(chunk);
      });
      incoming.on('error', (error) => fail('network', 'broke off its answer', error));
      incoming.on('end', () => {
        if (!settle()) return;
        const body = Buffer.concat(chunks, receivedBytes);
        resolve({
          status: incoming.statusCode as number,
          headers: incoming.headers,
          body: readText(incoming, body),
        });
      });
    });
    outgoing.end(request.body);
  });
}

function readText({ headers }: IncomingMessage, body: Buffer): string {
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
  return isPlain && isUtf8(body) ? body.toString('utf8') : '\ufffd';
}

// Node's errors carry what was received (`rawPacket`) and the peer's certificate; an answer may hold tokens.
function copyFault(cause: unknown): Error | undefined {
  if (!types.isNativeError(cause)) return undefined;
  const { code } = cause as NodeJS.ErrnoException;
  return Object.assign(new Error(cause.message || code), { code });
}
