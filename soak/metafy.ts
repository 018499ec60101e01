import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MetafyEmulatorUser } from '../src/emulator';
import { typescriptArguments } from '../test/support/typescript';

export interface MetafyStart {
  client: { clientID: string; clientSecret: string };
  users: MetafyEmulatorUser[];
  /** The user the application belongs to. */
  ownerID: string;
}

/** What the emulator's process is asked for. */
export type MetafyCommand =
  | ({ type: 'start' } & MetafyStart)
  /** What a person does on Metafy's pages. */
  | { type: 'authorize'; url: string; user: string; deny: boolean }
  /** Whose access token it is. */
  | { type: 'identify'; accessToken: string }
  | { type: 'count' };

interface Reply {
  id: number;
  result?: unknown;
  error?: string;
}

/** A MetafyEmulator in a process of its own. */
export class Metafy {
  url = '';
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastID = 0;

  private constructor() {
    const path = join(__dirname, 'metafy-process.ts');
    this.#child = fork(path, { execArgv: typescriptArguments });
    this.#child.on('message', (reply: Reply) => this.#waiting.get(reply.id)?.(reply));
    this.#child.on('exit', (code) => {
      for (const [id, answer] of this.#waiting) answer({ id, error: `the emulator ended with ${code}` });
    });
  }

  static async start(start: MetafyStart): Promise<Metafy> {
    const metafy = new Metafy();
    ({ url: metafy.url } = (await metafy.#ask({ type: 'start', ...start })) as { url: string });
    return metafy;
  }

  /** Where the browser is sent back to. */
  async authorize(url: string, user: string, deny: boolean): Promise<string> {
    return (await this.#ask({ type: 'authorize', url, user, deny })) as string;
  }

  /** The id of the user a token is for, or the status Metafy's API answers it with. */
  async identify(accessToken: string): Promise<string> {
    return (await this.#ask({ type: 'identify', accessToken })) as string;
  }

  /** The requests of the application that arrived, and the faults they met. */
  async count(): Promise<{ requests: number; faults: number }> {
    return (await this.#ask({ type: 'count' })) as { requests: number; faults: number };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }

  #ask(command: MetafyCommand): Promise<unknown> {
    const id = ++this.#lastID;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
      this.#child.send({ id, command });
    });
  }
}
