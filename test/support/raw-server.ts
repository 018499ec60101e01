import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A TCP server that reads HTTP requests and answers whatever bytes a test wants. */
export interface RawServer {
  url: string;
  /** Each request as it came, head and body. */
  requests: string[];
  /** Every connection there ever was. */
  sockets: Socket[];
  stop(): Promise<void>;
}

/** Called for each complete request; `count` begins with 1. */
export type RawAnswer = (socket: Socket, count: number) => void;

export async function startRawServer(answer: RawAnswer): Promise<RawServer> {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const length = requestLength(received);
      if (length === undefined || received.length < length) return;
      requests.push(received.slice(0, length));
      received = received.slice(length);
      answer(socket, requests.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/path`,
    requests,
    sockets,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function requestLength(received: string): number | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [, bodyLength = '0'] = /\r\ncontent-length: (\d+)\r\n/i.exec(received.slice(0, end + 2)) ?? [];
  return end + 4 + Number(bodyLength);
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
