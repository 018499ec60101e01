import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { AssertionError } from 'chai';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** How long anything may take beyond what it waits for, on a machine that is busy. */
const graceMs = 4000;

/** The result of `promise`, which must come within `timeoutMs`, give or take a busy machine. */
export async function withinDeadline<Result>(timeoutMs: number, promise: Promise<Result>): Promise<Result> {
  const ending = new AbortController();
  const late = sleep(timeoutMs + graceMs, undefined, { signal: ending.signal }).then(() => {
    throw new AssertionError(`it had not ended after ${timeoutMs} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    ending.abort();
    late.catch(() => {});
  }
}

/** Waits for what happens in another tick. */
export async function eventually(what: string, isTrue: () => boolean): Promise<void> {
  const endMs = performance.now() + graceMs;
  while (!isTrue()) {
    if (performance.now() > endMs) throw new AssertionError(`expected that ${what}`);
    await sleep(1);
  }
}

/** The sockets in use, those kept for later to a port or to any, and the requests that wait for one. */
export function countSockets({ sockets, freeSockets, requests }: Agent, port?: number) {
  const count = (lists: NodeJS.ReadOnlyDict<unknown[]>) =>
    Object.entries(lists)
      .filter(([name]) => port === undefined || name.split(':').includes(String(port)))
      .reduce((sum, [, list]) => sum + (list?.length ?? 0), 0);
  return { used: count(sockets), free: count(freeSockets), waiting: count(requests) };
}

/**
 * Watches how much memory grows until it is stopped: `grownBytes`, at most, of what is reachable.
 *
 * @param limitBytes collecting garbage takes long, and is done only where there may be more than this
 * @param isClose measures all the time and not just at the end
 */
export function watchMemory(limitBytes: number, isClose: boolean): { grownBytes: number; stop: () => void } {
  collectGarbage();
  const bytesBefore = countBytes();
  const measure = () => {
    if (countBytes() - bytesBefore >= limitBytes) collectGarbage();
    watch.grownBytes = Math.max(watch.grownBytes, countBytes() - bytesBefore);
  };
  const timer = isClose ? setInterval(measure, 10) : undefined;
  const stop = () => {
    clearInterval(timer);
    measure();
  };
  const watch = { grownBytes: 0, stop };
  return watch;
}

function countBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
