import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { join } from 'node:path';

/** What is measured has a core of its own; load and upstream share another. */
export type Core = 'measured' | 'driving';

const cores: Record<Core, string> = { measured: '0', driving: '1' };

/** Whether processes are bound to cores, which keeps the load from costing what is measured its time. */
export const isPinned = os.availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** A process of the benchmark, which answers one question at a time. */
export class Worker implements AsyncDisposable {
  readonly #child: ChildProcess;

  /** @param file below `processes/`, without its extension */
  constructor(file: string, core: Core) {
    // Memory is compared after a collection, which a process runs by itself only with this option.
    const options = ['--expose-gc', '--require', '@swc-node/register'];
    const pinned = {
      execPath: 'taskset',
      execArgv: ['--cpu-list', cores[core], process.execPath, ...options],
    };
    this.#child = fork(join(__dirname, 'processes', `${file}.ts`), {
      ...(isPinned ? pinned : { execArgv: options }),
    });
  }

  async ask<Answer>(method: string, parameters: object = {}): Promise<Answer> {
    this.#child.send({ method, parameters });
    const waiting = new AbortController();
    const { signal } = waiting;
    try {
      const [answer] = await Promise.race([
        once(this.#child, 'message', { signal }),
        once(this.#child, 'exit', { signal }).then(() => [{ problem: 'the process died' }]),
      ]);
      if (answer.problem) throw new Error(`${method}: ${answer.problem}`);
      return answer.value as Answer;
    } finally {
      waiting.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    // It exits by itself then, as it does when this process dies.
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}
