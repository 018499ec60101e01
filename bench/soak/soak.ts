import { setMaxListeners } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { findMedian } from '../statistics';
import { Worker } from '../worker';
import { client, startApplication } from './application';
import { Browser, Outcomes, ownerID } from './browser';

/*
 * `npm run soak [seconds]`: fifty browsers sign in, refresh, revoke and fail against an emulator that fails one
 * request in ten. Ends with exit code 1 when anything was not as it must be.
 */
const browserCount = 50;
const seconds = Number(process.argv[2] ?? (process.env.CI ? 60 : 600));
/** The heap of the first minute, or of a quarter of a shorter run, is what the end is compared with. */
const windowSeconds = Math.max(1, Math.min(60, Math.floor(seconds / 4)));
const heapTolerance = 1.1;
/** Longer than connections are kept, shorter than a call may take: a deadline that stays behind is found. */
const settlingMs = 6000;

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

async function main(): Promise<void> {
  if (!(seconds >= 1)) throw new TypeError('The argument must be a number of seconds, at least 1.');
  const rejections: unknown[] = [];
  process.on('unhandledRejection', (reason) => rejections.push(reason));
  const numbers = Array.from({ length: browserCount }, (_, index) => index + 1);
  const users = numbers.map((number) => ({
    id: `user-${number}`,
    slug: `person-${number}`,
    name: `Person ${number}`,
  }));
  const redirectURIs = ['http://127.0.0.1/auth/metafy/callback'];
  await using metafy = new Worker('soak/metafy-process.ts');
  const baseURL = await metafy.ask<string>('start', {
    applications: [{ ...client, name: 'The soak', redirectURIs, ownerID }],
    users,
    // The stricter of the two: the refresh token that was used is dead at once.
    refreshMode: 'immediate',
  });
  using application = await startApplication(baseURL);
  // Before the baseline, which then has what the output needs.
  console.log('Of each kind so far: how many succeeded + how many failed as they must');
  const baseline = countResources();
  const outcomes = new Outcomes();
  const agent = new http.Agent({ keepAlive: true });
  const ending = new AbortController();
  setMaxListeners(browserCount, ending.signal);
  const world = { applicationURL: application.url, agent, metafy, outcomes, ending: ending.signal };
  const runs = users.map(({ id }) => new Browser(id, world).run());

  const heaps = await watch(outcomes);
  ending.abort();
  await Promise.all(runs);
  // One more action of each, which ends at once: a deadline that it leaves behind is still there when that is looked for.
  await metafy.ask('stopFaults');
  await Promise.all(users.map(({ id }) => new Browser(id, world).run()));
  agent.destroy();

  const surplus = await settle(baseline);
  const { requests, faults, unexplained } = await metafy.ask<Record<string, number>>('count');
  const [first = 0, last = 0] = [heaps.slice(0, windowSeconds), heaps.slice(-windowSeconds)].map(findMedian);
  const checks: [what: string, isRight: boolean, found: unknown][] = [
    ['wrong outcomes', outcomes.wrongCount === 0, outcomes.wrongCount],
    ['requests at Metafy of no action', unexplained === 0, unexplained],
    ['unhandled rejections', rejections.length === 0, rejections.length],
    ['heap after collection', last <= first * heapTolerance, `${toMiB(first)} at first, ${toMiB(last)} at last`],
    ['sockets and timers left', surplus.length === 0, surplus.join(', ') || 'none'],
  ];
  console.log(`\n${browserCount} browsers, ${seconds} s, ${requests} requests at Metafy, ${faults} faults`);
  for (const [activity, { succeeded, failed }] of Object.entries(outcomes.counts)) {
    console.log(`  ${activity}: ${succeeded} succeeded, ${failed} failed as they must`);
  }
  for (const [what, isRight, found] of checks) console.log(`${isRight ? 'right' : 'WRONG'}  ${what}: ${found}`);
  for (const problem of [...outcomes.wrong, ...rejections]) console.log('WRONG:', problem);
  if (checks.some(([, isRight]) => !isRight)) process.exitCode = 1;
}

/** Prints a line per second, and returns the bytes of heap that were reachable then. */
async function watch(outcomes: Outcomes): Promise<number[]> {
  const heaps: number[] = [];
  const startMs = performance.now();
  for (let second = 1; second <= seconds; second++) {
    await sleep(Math.max(0, startMs + second * 1000 - performance.now()));
    collectGarbage();
    const { heapUsed } = process.memoryUsage();
    heaps.push(heapUsed);
    const parts = Object.entries(outcomes.counts).map(([name, count]) => `${name} ${count.succeeded}+${count.failed}`);
    console.log(`${second} s: ${parts.join(', ')}; wrong ${outcomes.wrongCount}; heap ${toMiB(heapUsed)}`);
  }
  return heaps;
}

/** How many sockets, timers and so on keep the process alive, by kind. */
function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Waits for kept connections to time out, and returns what there still is more of than in `baseline`. */
async function settle(baseline: Map<string, number>): Promise<string[]> {
  const endMs = performance.now() + settlingMs;
  for (;;) {
    // Between two looks there is no timer of this loop's own.
    const surplus = [...countResources()].filter(([kind, count]) => count > (baseline.get(kind) ?? 0));
    if (surplus.length === 0 || performance.now() > endMs) return surplus.map(([kind, count]) => `${count} ${kind}`);
    await sleep(100);
  }
}

function toMiB(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
