import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { inspect } from 'node:util';

/** What is measured has a core of its own; load and upstream share the other. */
export const cores = { measured: '0', driving: '1' };

/** Whether processes are bound to cores, so that the load takes no time from what is measured. */
export const isPinned = os.availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

interface Reply {
  id: number;
  value?: unknown;
  problem?: string;
}

/** A child process that answers questions; see `answerQuestions`. */
export class Worker implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  #lastID = 0;

  /** @param core without one, the system chooses */
  constructor(file: string, core?: keyof typeof cores) {
    // Memory is compared after a collection, which a process can force only with this option.
    const execArgv = ['--expose-gc', '--require', '@swc-node/register'];
    const pinned = {
      execPath: 'taskset',
      execArgv: ['--cpu-list', core ? cores[core] : '', process.execPath, ...execArgv],
    };
    this.#child = fork(file, core && isPinned ? pinned : { execArgv });
    this.#child.on('message', (reply: Reply) => this.#pending.get(reply.id)?.(reply));
    this.#child.on('exit', () => {
      for (const [id, settle] of this.#pending) settle({ id, problem: 'the process ended' });
    });
  }

  ask<Answer>(method: string, parameters: object = {}): Promise<Answer> {
    const id = ++this.#lastID;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, ({ value, problem }) => {
        this.#pending.delete(id);
        if (problem) reject(new Error(`${method}: ${problem}`));
        else resolve(value as Answer);
      });
      this.#child.send({ id, method, parameters });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    // It exits by itself then, as it does when this process dies.
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}

/** The child's side of a `Worker`. */
// biome-ignore lint/suspicious/noExplicitAny: each method has its own parameters
export function answerQuestions(methods: Record<string, (parameters: any) => unknown>): void {
  process.on(
    'message',
    async ({ id, method, parameters }: Reply & { method: string; parameters: object }) => {
      try {
        process.send?.({ id, value: await methods[method]?.(parameters) });
      } catch (error) {
        process.send?.({ id, problem: inspect(error) });
      }
    },
  );
  process.on('disconnect', () => process.exit());
}

/** Serves on a loopback port that the system chooses. */
export async function listen(listener?: RequestListener): Promise<{ server: http.Server; url: string }> {
  const server = http.createServer(listener);
  // Some chapters open a thousand connections at once; Node's own backlog is 511.
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
