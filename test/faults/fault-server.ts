import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTLSServer, type Server as TLSServer } from 'node:tls';
import { readRequests, toAnswer } from '../support/raw-server';
import type { CertificateName, Certificates } from './certificates';
import type { Injection } from './injections';
import { toRightBody } from './right-answers';

/** A raw TCP server in Metafy's place: it answers rightly but for the faults that are injected. */
export class FaultServer {
  /** Every connection that is open. */
  readonly sockets = new Set<Socket>();
  /** Whether anyone ever connected. */
  wasReached = false;
  readonly #server: Server;
  readonly #certificates: Certificates | undefined;
  #elsewhere = '';
  #injection: Injection | undefined;
  #port = 0;

  private constructor(certificates: Certificates | undefined) {
    this.#certificates = certificates;
    const onConnection = (socket: Socket) => this.#serve(socket);
    this.#server = certificates ? createTLSServer(certificates.right, onConnection) : createServer(onConnection);
    // Clients that reject the certificate abort the handshake.
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
  async inject(injection: Injection, elsewhere: string): Promise<void> {
    this.#elsewhere = elsewhere;
    this.#injection = injection;
    if (injection.kind === 'refuse') await this.#close();
    if (injection.kind === 'certificate') this.#present(injection.certificate);
  }

  /** Answers rightly again. */
  async restore(): Promise<void> {
    const injection = this.#injection;
    this.#injection = undefined;
    if (injection?.kind === 'refuse') await this.#listen();
    if (injection?.kind === 'certificate') this.#present('right');
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
    if (this.#injection?.kind === 'connection') {
      socket.on('error', () => {});
      this.#injection.run(socket);
      return;
    }
    readRequests(socket, (request) => {
      const rightBody = toRightBody(request);
      if (this.#injection?.kind === 'answer') {
        this.#injection.run(socket, { rightBody, elsewhere: this.#elsewhere });
      } else {
        socket.write(toAnswer(200, { 'Content-Type': 'application/json' }, rightBody));
      }
    });
  }
}
