import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { HostileInput } from './hostile-inputs';

interface Task {
  source: string;
  flags: string;
  inputs: HostileInput[];
  length: number;
}

/** Runs in the worker, and therefore uses nothing from outside. */
function work({ source, flags, inputs, length }: Task, report: (index: number) => void): void {
  const expression = new RegExp(source, flags);
  for (const [index, { head, pump, tail }] of inputs.entries()) {
    report(index);
    const text = head + pump.repeat(Math.ceil(length / pump.length)) + tail;
    expression.lastIndex = 0;
    if (flags.includes('g')) text.replace(expression, '');
    else expression.exec(text);
  }
}

/**
 * Runs an expression on all inputs, each of `length` characters, in a thread that is stopped after `limitMs`.
 *
 * @returns the input at which it was stopped; `undefined` when it came to the end
 */
export async function findEndless(
  { source, flags }: { source: string; flags: string },
  inputs: HostileInput[],
  { length, limitMs }: { length: number; limitMs: number },
): Promise<HostileInput | undefined> {
  // A shared cell and not messages, which a thread that is busy might never deliver.
  const at = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { workerData: { task, at } } = require('node:worker_threads');
    (${work})(task, (index) => Atomics.store(at, 0, index));`;
  const worker = new Worker(code, {
    eval: true,
    workerData: { task: { source, flags, inputs, length }, at },
  });
  let isStopped = false;
  const limit = setTimeout(() => {
    isStopped = true;
    worker.terminate();
  }, limitMs);
  await once(worker, 'exit');
  clearTimeout(limit);
  return isStopped ? inputs[Atomics.load(at, 0)] : undefined;
}
