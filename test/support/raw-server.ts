import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** A TCP server that reads HTTP requests and answers whatever bytes a test wants. */
export interface RawServer {
  url: string;
  /** Each request as it came, head and body. */
  requests: string[];
  /** Every connection there ever was. */
  sockets: Socket[];
  stop(): Promise<void>;
}

/** Called for each complete request; `count` begins with 1, and `connection` is the TCP connection under TLS. */
export type RawAnswer = (socket: Socket, count: number, connection: Socket) => void;

/** @param certificate what an https server has; without it the server speaks http */
export async function startRawServer(
  answer: RawAnswer,
  certificate?: { key: string; cert: string },
): Promise<RawServer> {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((connection) => {
    const socket = certificate ? new TLSSocket(connection, { isServer: true, ...certificate }) : connection;
    sockets.push(socket);
    readRequests(socket, (request) => {
      requests.push(request);
      answer(socket, requests.length, connection);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/path`,
    requests,
    sockets,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Calls `onRequest` with each complete request, head and body, in latin1. */
export function readRequests(socket: Socket, onRequest: (request: string) => void): void {
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    const end = received.indexOf('\r\n\r\n') + 4;
    const [, bodyLength = '0'] = /\r\ncontent-length: (\d+)\r\n/i.exec(received.slice(0, end)) ?? [];
    const length = end + Number(bodyLength);
    if (end < 4 || received.length < length) return;
    const request = received.slice(0, length);
    received = received.slice(length);
    onRequest(request);
  });
}

/** The bytes of a complete answer. */
export function toAnswer(status: number, headers: Record<string, string> = {}, body = ''): string {
  const lines = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  return `HTTP/1.1 ${status} Some Reason\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/** Waits for what happens in another tick; mocha's timeout ends it. */
export async function waitUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
