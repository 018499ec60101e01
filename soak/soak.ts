import { setMaxListeners } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { client, startApplication } from './application';
import { Browser, ownerID } from './browser';
import { activities, Ledger } from './ledger';
import { Metafy } from './metafy';
import { countResources, findMedian, findSurplus, measureHeap, toMiB } from './vitals';

/*
 * `npm run soak [seconds]`: fifty browsers sign in, refresh, revoke and fail against an emulator that fails one
 * request in ten. Ends with exit code 1 when anything was not as it must be.
 */
const browserCount = 50;
const seconds = Number(process.argv[2] ?? (process.env.CI ? 60 : 600));
/** The heap of the first minute, or of a quarter of a shorter run, is what the end is compared with. */
const windowSeconds = Math.max(1, Math.min(60, Math.floor(seconds / 4)));
const heapTolerance = 1.1;
const settlingMs = 15_000;

async function main(): Promise<void> {
  if (!(seconds >= 1)) throw new TypeError('The argument must be a number of seconds, at least 1.');
  const rejections: unknown[] = [];
  process.on('unhandledRejection', (reason) => rejections.push(reason));
  const users = Array.from({ length: browserCount }, (_, index) => ({
    id: `user-${index + 1}`,
    slug: `person-${index + 1}`,
    name: `Person ${index + 1}`,
  }));
  await using metafy = await Metafy.start({ client, users, ownerID });
  await using application = await startApplication(metafy.url);
  // Before the baseline, which then has what the output needs.
  console.log('Of each kind so far: how many succeeded + how many failed as they must');
  const baseline = countResources();
  const ledger = new Ledger();
  const agent = new http.Agent({ keepAlive: true });
  const ending = new AbortController();
  setMaxListeners(browserCount, ending.signal);
  const world = { applicationURL: application.url, agent, metafy, ledger, ending: ending.signal };
  const runs = users.map(({ id }) => new Browser(id, world).run());

  const heaps = await watch(ledger);
  ending.abort();
  await Promise.all(runs);
  agent.destroy();

  const surplus = await settle(baseline);
  const { requests, faults } = await metafy.count();
  const [first, last] = [heaps.slice(0, windowSeconds), heaps.slice(-windowSeconds)].map(findMedian);
  const checks: [what: string, isRight: boolean, found: string][] = [
    ['wrong outcomes', ledger.wrong === 0, String(ledger.wrong)],
    ['requests at Metafy as foreseen', requests === ledger.requests, `${requests} of ${ledger.requests}`],
    ['faults met as foreseen', faults === ledger.faults, `${faults} of ${ledger.faults}`],
    ['unhandled rejections', rejections.length === 0, String(rejections.length)],
    [
      'heap after collection',
      isSteady(first, last),
      `${toMiB(first ?? 0)} at first, ${toMiB(last ?? 0)} at last`,
    ],
    ['sockets and timers left', surplus.length === 0, surplus.join(', ') || 'none'],
  ];
  summarize(ledger, requests, checks);
  for (const complaint of [...ledger.complaints, ...rejections]) console.log('WRONG:', complaint);
  if (checks.some(([, isRight]) => !isRight)) process.exitCode = 1;
}

/** Prints a line per second, and returns the heap of each. */
async function watch(ledger: Ledger): Promise<number[]> {
  const heaps: number[] = [];
  const startMs = performance.now();
  for (let second = 1; second <= seconds; second++) {
    await sleep(Math.max(0, startMs + second * 1000 - performance.now()));
    const heap = measureHeap();
    heaps.push(heap);
    const { succeeded, failed } = ledger;
    const parts = activities.map((activity) => `${activity} ${succeeded[activity]}+${failed[activity]}`);
    console.log(`${second} s: ${parts.join(', ')}; wrong ${ledger.wrong}; heap ${toMiB(heap)}`);
  }
  return heaps;
}

/** Waits for kept connections to time out; what is left then was forgotten. */
async function settle(baseline: Map<string, number>): Promise<string[]> {
  const endMs = performance.now() + settlingMs;
  while (performance.now() < endMs) {
    // Between two looks there is no timer of this loop's own.
    if (findSurplus(baseline).length === 0) return [];
    await sleep(100);
  }
  return findSurplus(baseline);
}

function isSteady(first = 0, last = 0): boolean {
  return last <= first * heapTolerance;
}

function summarize(
  ledger: Ledger,
  requests: number,
  checks: readonly (readonly [what: string, isRight: boolean, found: string])[],
): void {
  const { succeeded, failed, faults } = ledger;
  console.log(`\n${browserCount} browsers, ${seconds} s, ${requests} requests at Metafy, ${faults} faults`);
  for (const activity of activities) {
    console.log(`  ${activity}: ${succeeded[activity]} succeeded, ${failed[activity]} failed as they must`);
  }
  for (const [what, isRight, found] of checks)
    console.log(`${isRight ? 'right' : 'WRONG'}  ${what}: ${found}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
