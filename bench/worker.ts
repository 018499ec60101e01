import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inspect } from 'node:util';

/** Binds a process to cores, such as `0` or `0,1`, so that the load takes no time from what is measured; `false` when it cannot. */
export function bindToCores(pid: number | undefined, cores: string): boolean {
  return spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, `${pid}`]).status === 0;
}

type Reply = { id: number; value?: unknown; problem?: string };

/** A child process that answers questions; see `answerQuestions`. */
export class Worker implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  #lastID = 0;

  /**
   * @param file in this folder
   * @param cores where it runs
   */
  constructor(file: string, cores?: string) {
    // Memory is compared after a collection, which a process can force only with `--expose-gc`. README.md has the others.
    const flags = '--expose-gc --no-memory-reducer --min-semi-space-size=16 --require @swc-node/register';
    this.#child = fork(join(__dirname, file), { execArgv: flags.split(' ') });
    if (cores) bindToCores(this.#child.pid, cores);
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
  process.on('message', async ({ id, method, parameters }: Reply & { method: string; parameters: object }) => {
    try {
      process.send?.({ id, value: await methods[method]?.(parameters) });
    } catch (error) {
      process.send?.({ id, problem: inspect(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
