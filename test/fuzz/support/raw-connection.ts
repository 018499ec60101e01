import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  /** Status line and headers as they came. */
  head: string;
  body: string;
}

/** A kept-alive connection that sends the bytes it is given: an HTTP client would refuse or repair many. */
export class RawConnection {
  readonly #port: number;
  #socket: Socket | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** @param request in latin1; @throws Error when there is no complete answer within ten seconds */
  async send(request: string): Promise<RawAnswer> {
    const socket = await this.#open();
    return new Promise((resolve, reject) => {
      let received = '';
      const settle = (): void => {
        clearTimeout(limit);
        socket.removeAllListeners('data').removeAllListeners('close');
      };
      const read = (isClosed: boolean): void => {
        const answer = parseAnswer(received, isClosed);
        if (!answer && !isClosed) return;
        settle();
        if (answer) resolve(answer);
        else reject(new Error(`the connection closed after ${received.length} bytes`));
      };
      const limit = setTimeout(() => {
        settle();
        socket.destroy();
        reject(new Error('no complete answer: it hangs'));
      }, 10_000);
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        read(false);
      });
      socket.on('close', () => read(true));
      socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #open(): Promise<Socket> {
    // A server that has answered 400 by itself closes.
    if (this.#socket && !this.#socket.destroyed && !this.#socket.readableEnded) return this.#socket;
    const socket = connect(this.#port, '127.0.0.1');
    socket.setNoDelay(true);
    await once(socket, 'connect');
    socket.on('error', () => {});
    this.#socket = socket;
    return socket;
  }
}

function parseAnswer(received: string, isClosed: boolean): RawAnswer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.slice(0, end);
  const body = received.slice(end + 4);
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  const isComplete = length === undefined ? isClosed : body.length >= Number(length);
  return isComplete ? { status: Number(head.slice(9, 12)), head, body } : undefined;
}
