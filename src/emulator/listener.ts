import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { problemAnswer } from './answers';
import { send } from './exchange';

/** Handles one request; the signal aborts when the listener closes. */
export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  stopped: AbortSignal,
) => Promise<void>;

/** A socket that accepts connections, and all the connections it has accepted. */
export class Listener {
  /** Where it listens, as an origin such as `http://127.0.0.1:45123`; empty before. */
  url = '';
  readonly #server;
  readonly #sockets = new Set<Socket>();
  readonly #stopping = new AbortController();

  constructor(handle: RequestHandler) {
    this.#server = createServer((request, response) => {
      handle(request, response, this.#stopping.signal).catch((error: unknown) => {
        // A client or a stop that ended the connection needs no answer; anything else is the emulator's own fault.
        if (this.#stopping.signal.aborted || request.socket.destroyed) return;
        process.emitWarning(error instanceof Error ? error : String(error));
        if (response.headersSent) request.socket.destroy();
        else send(response, problemAnswer(500, request.headers.accept));
      });
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /**
   * Begins to listen.
   *
   * @throws {Error} as `node:net` does, `code` is for example `EADDRINUSE`.
   */
  async open(hostname: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, hostname, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const host = hostname.includes(':') ? `[${hostname}]` : hostname;
    this.url = `http://${host}:${toAddress(this.#server.address()).port}`;
  }

  /** Stops listening and ends every connection, whatever it is waiting for. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#stopping.abort();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

function toAddress(address: AddressInfo | string | null): AddressInfo {
  if (typeof address === 'object' && address !== null) return address;
  throw new TypeError('The server listens on no TCP port.');
}
