import { join } from 'node:path';
import { ownDist } from './contenders/metafy';
import type { LoadParameters, LoadResult } from './processes/load';
import { Worker } from './worker';

/** About a quarter of an hour. */
export const full = {
  /** Of the comparison itself. */
  rounds: 22,
  /** Then each contender gets a new process: two processes of the same code differ by some percent. */
  roundsPerProcess: 11,
  /** Of each contender in each round. */
  logins: 500,
  /** V8 has compiled what matters after a few thousand. */
  warmUpLogins: 3000,
  /** Rounds of everything else. */
  sideRounds: 5,
  sideLogins: 600,
  /** Logins that are never finished. */
  abandonedLogins: 5000,
  /** Calls in each round, for what needs no request. */
  calls: 200_000,
  /** Starts of a process that loads one package. */
  loads: 31,
  /** Sign-ins while the upstream fails. */
  faultyLogins: 2000,
};

/** Two minutes, to see that everything works. */
export const quick: typeof full = {
  ...{ rounds: 3, roundsPerProcess: 3, logins: 200, warmUpLogins: 500, sideRounds: 1, sideLogins: 150 },
  ...{ abandonedLogins: 1000, calls: 20_000, loads: 3, faultyLogins: 200 },
};

/** What all chapters use. */
export interface Lab {
  sizes: typeof full;
  load: Worker;
  upstream: Worker;
  upstreamURL: string;
  /** Says what is being measured. */
  report: (step: string) => void;
}

/** What is measured: a contender, under its own name, or another where two builds of one are compared. */
export interface Entry {
  name: string;
  contender?: string;
  dist?: string;
}

/** One entry in a process of its own. */
export interface Server {
  name: string;
  url: string;
  worker: Worker;
}

export function startWorker(file: string, core: 'measured' | 'driving'): Worker {
  return new Worker(join(__dirname, 'processes', file), core);
}

/** Lets `use` have a server of each entry that has warmed up. */
export async function withServers(
  lab: Lab,
  entries: readonly Entry[],
  use: (servers: Server[]) => Promise<void>,
): Promise<void> {
  const { upstreamURL, report, sizes } = lab;
  const servers: Server[] = [];
  try {
    for (const { name, contender = name, dist = ownDist } of entries) {
      report(`starting ${name}`);
      const server = { name, worker: startWorker('server.ts', 'measured'), url: '' };
      servers.push(server);
      server.url = await server.worker.ask<string>('start', { contender, dist, upstreamURL });
      await measureStarts(lab, server, sizes.warmUpLogins);
      await measureFinishes(lab, server);
    }
    await use(servers);
  } finally {
    await Promise.all(servers.map(({ worker }) => worker[Symbol.asyncDispose]()));
  }
}

/** Starts logins: `GET` of the route that answers the redirect to the authorization server. */
export async function measureStarts(lab: Lab, server: Server, count: number, options?: LoadParameters) {
  await server.worker.ask('clearSessions');
  return measure(lab, server, 'start', { count, ...options });
}

/** Finishes the logins that were started last. */
export function measureFinishes(lab: Lab, server: Server, options?: LoadParameters) {
  return measure(lab, server, 'finish', options);
}

/** What one request took, and how all of them went. */
async function measure({ load }: Lab, { worker, url }: Server, phase: string, options?: LoadParameters) {
  const beforeMs = await worker.ask<number>('readCPUMs');
  const result = await load.ask<LoadResult>(phase, { url, ...options });
  const afterMs = await worker.ask<number>('readCPUMs');
  return { ...result, cpuMs: (afterMs - beforeMs) / result.latenciesMs.length };
}
