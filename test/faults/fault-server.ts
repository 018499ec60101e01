import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTLSServer, type Server as TLSServer } from 'node:tls';
import { toAnswer } from '../support/raw-server';
import type { CertificateName, Certificates } from './certificates';
import type { Player } from './players';
import { toRightBody } from './right-answers';

/** A raw TCP server in Metafy's place: it answers rightly until it is broken, and again when it is healed. */
export class FaultServer {
  /** Every connection that is open. */
  readonly sockets = new Set<Socket>();
  /** Whether anyone ever connected. */
  wasReached = false;
  readonly #server: Server;
  readonly #certificates: Certificates | undefined;
  #elsewhere = '';
  #player: Player | undefined;
  #port = 0;

  private constructor(certificates: Certificates | undefined) {
    this.#certificates = certificates;
    const onConnection = (socket: Socket) => this.#serve(socket);
    this.#server = certificates
      ? createTLSServer(certificates.right, onConnection)
      : createServer(onConnection);
    // Clients that refuse the certificate break off the handshake.
    this.#server.on('tlsClientError', () => {});
  }

  static async start(certificates?: Certificates): Promise<FaultServer> {
    const server = new FaultServer(certificates);
    await server.#listen();
    return server;
  }

  /** A base URL. */
  get url(): string {
    return this.#certificates ? `https://localhost:${this.#port}` : `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** @param elsewhere the URL of another host, for redirects */
  async break(player: Player, elsewhere: string): Promise<void> {
    this.#elsewhere = elsewhere;
    this.#player = player;
    if (player.kind === 'refuse') await this.#close();
    if (player.kind === 'certificate') this.#present(player.certificate);
  }

  async heal(): Promise<void> {
    const player = this.#player;
    this.#player = undefined;
    if (player?.kind === 'refuse') await this.#listen();
    if (player?.kind === 'certificate') this.#present('right');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #present(name: CertificateName): void {
    const certificate = this.#certificates?.[name];
    if (!certificate) throw new Error('this fault needs certificates');
    (this.#server as TLSServer).setSecureContext(certificate);
  }

  #serve(socket: Socket): void {
    this.wasReached = true;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {});
    if (this.#player?.kind === 'connection') {
      this.#player.play(socket);
      return;
    }
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const length = findLength(received);
      if (length === undefined || received.length < length) return;
      const rightBody = toRightBody(received);
      received = received.slice(length);
      if (this.#player?.kind === 'answer') {
        this.#player.play(socket, { rightBody, elsewhere: this.#elsewhere });
      } else {
        socket.write(toAnswer(200, { 'Content-Type': 'application/json' }, rightBody));
      }
    });
  }
}

/** How long the first request in `received` is; `undefined` while its head is incomplete. */
function findLength(received: string): number | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [, bodyLength = '0'] = /\r\ncontent-length: (\d+)\r\n/i.exec(received.slice(0, end + 2)) ?? [];
  return end + 4 + Number(bodyLength);
}
