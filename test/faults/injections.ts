import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { CertificateName } from './certificates';

/** What a fault knows of the request it meets. */
export interface Exchange {
  /** The body of the right answer. */
  rightBody: string;
  /** Another host, which no request may reach. */
  elsewhere: string;
}

type WrongCertificate = Exclude<CertificateName, 'right'>;

/** How a server misbehaves. */
export type Injection =
  | { kind: 'refuse' }
  | { kind: 'certificate'; certificate: WrongCertificate }
  /** As soon as there is a connection, before anything is read. */
  | { kind: 'connection'; run: (socket: Socket) => void }
  /** When the request has arrived. */
  | { kind: 'answer'; run: (socket: Socket, exchange: Exchange) => void };

type Headers = Record<string, string>;
type Body = string | Buffer | ((exchange: Exchange) => string | Buffer);

const dripMs = 20;
const megabyte = 1_000_000;

export const refuse: Injection = { kind: 'refuse' };
export const silence: Injection = { kind: 'answer', run: () => {} };
export const presentCertificate = (certificate: WrongCertificate): Injection => ({
  kind: 'certificate',
  certificate,
});

/** A complete answer. */
export function answer(
  status: number,
  body: Body = '',
  headers: Headers | ((exchange: Exchange) => Headers) = {},
): Injection {
  return onRequest((socket, exchange) => {
    const bytes = Buffer.from(typeof body === 'function' ? body(exchange) : body);
    const lines = typeof headers === 'function' ? headers(exchange) : headers;
    socket.write(Buffer.concat([toHead(status, { 'Content-Length': String(bytes.length), ...lines }), bytes]));
  });
}

/** A complete answer with status 200 and the media type of JSON. */
export const answerJSON = (body: Body): Injection => answer(200, body, { 'Content-Type': 'application/json' });

export const redirect = (status: number): Injection =>
  answer(status, '', ({ elsewhere }) => ({ Location: `${elsewhere}/irk/oauth/token` }));

/** Bytes as they are, and nothing after them. */
export const write = (bytes: string): Injection => onRequest((socket) => socket.write(bytes));

/** Bytes as they are, then the end of the connection. */
export const writeAndEnd = (bytes: string): Injection => onRequest((socket) => socket.end(bytes));

/** Bytes as they are, then a reset. */
export const writeAndReset = (bytes: string): Injection =>
  onRequest((socket) => socket.write(bytes, () => resetLater(socket)));

export const resetAtConnection: Injection = {
  kind: 'connection',
  run: (socket) => socket.resetAndDestroy(),
};

export const resetBeforeAnswer: Injection = onRequest((socket) => socket.resetAndDestroy());

/** The right answer, one byte after the other, faster than any idle timeout would notice. */
export const drip = (head: string): Injection =>
  onRequest((socket, { rightBody }) => {
    socket.write(head);
    let sent = 0;
    const timer = setInterval(() => socket.write(rightBody.charAt(sent++ % rightBody.length)), dripMs);
    socket.on('close', () => clearInterval(timer));
  });

/** Half of the right answer, then FIN or RST. */
export const truncate = (ending: 'FIN' | 'RST'): Injection =>
  onRequest((socket, { rightBody }) => {
    const head = toHead(200, { 'Content-Length': String(rightBody.length + 10) });
    const half = Buffer.concat([head, Buffer.from(rightBody.slice(0, rightBody.length / 2))]);
    if (ending === 'FIN') socket.end(half);
    else socket.write(half, () => resetLater(socket));
  });

/** 200 MB of spaces. */
export function flood(framing: 'announced' | 'chunked' | 'until the end'): Injection {
  return onRequest((socket) => {
    const headers: Record<typeof framing, Headers> = {
      announced: { 'Content-Length': String(200 * megabyte) },
      chunked: { 'Transfer-Encoding': 'chunked' },
      'until the end': { Connection: 'close' },
    };
    socket.write(toHead(200, headers[framing]));
    const spaces = Buffer.alloc(megabyte / 10, ' ');
    const frame = framing === 'chunked' ? toChunk(spaces) : spaces;
    writeRepeatedly(socket, frame, (200 * megabyte) / spaces.length);
  });
}

/** Header lines without end. */
export const floodHeaders: Injection = onRequest((socket) => {
  socket.write('HTTP/1.1 200 OK\r\n');
  writeRepeatedly(socket, Buffer.from(`X-More: ${'a'.repeat(1000)}\r\n`), 200_000);
});

/** `rightBody`, compressed. */
export const answerGzip: Injection = onRequest((socket, { rightBody }) => {
  const body = gzipSync(rightBody);
  const head = toHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': String(body.length) });
  socket.write(Buffer.concat([head, body]));
});

/** The right JSON object with one more member in front of the others. */
export const withMember =
  (member: string) =>
  ({ rightBody }: Exchange): string =>
    rightBody === '{}' ? `{${member}}` : `{${member},${rightBody.slice(1)}`;

function onRequest(run: (socket: Socket, exchange: Exchange) => void): Injection {
  return { kind: 'answer', run };
}

function toHead(status: number, headers: Headers): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} Some Reason\r\n${lines.join('')}\r\n`);
}

function toChunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

// As fast as it is taken, so that this process, which is measured, does not pile it up itself.
function writeRepeatedly(socket: Socket, bytes: Buffer, times: number): void {
  let left = times;
  const writeMore = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= 1;
      if (!socket.write(bytes)) {
        socket.once('drain', writeMore);
        return;
      }
    }
    socket.end();
  };
  writeMore();
}

// What was written would be dropped together with the connection when both arrive at once.
function resetLater(socket: Socket): void {
  setTimeout(() => socket.resetAndDestroy(), 10);
}
