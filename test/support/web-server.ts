import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

export interface WebServerOptions {
  /** @default any free port */
  port?: number;
  /** Speaks TLS with it. */
  certificate?: { key: string; cert: string };
  /** In bytes. @default Node's, 16 KiB */
  maxHeaderSize?: number;
}

/** A server on loopback whose handler may be made after its URL is known. */
export class WebServer {
  readonly #server: http.Server;
  readonly #isSecure: boolean;

  private constructor({ certificate, maxHeaderSize }: WebServerOptions) {
    this.#isSecure = certificate !== undefined;
    this.#server = certificate
      ? https.createServer({ ...certificate, maxHeaderSize })
      : http.createServer({ maxHeaderSize });
  }

  static async start(options: WebServerOptions = {}): Promise<WebServer> {
    const server = new WebServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#isSecure ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  handle(listener: RequestListener): void {
    this.#server.on('request', listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }
}
