import { join } from 'node:path';
import { ownDist } from './contenders/metafy';
import type { LoadResult, StartParameters } from './processes/load';
import type { Sizes } from './sizes';
import { Worker } from './worker';

/** What all chapters use. */
export interface Lab {
  sizes: Sizes;
  load: Worker;
  upstream: Worker;
  upstreamURL: string;
  /** Says what is being measured. */
  report: (step: string) => void;
}

/** One contender in a process of its own. */
export interface Server {
  /** Differs from the contender's name where two builds of one are compared. */
  name: string;
  url: string;
  worker: Worker;
}

export type Entry = Pick<Server, 'name'> & { contender?: string; dist?: string };

export const concurrency = 50;

export function startWorker(file: string, core: 'measured' | 'driving'): Worker {
  return new Worker(join(__dirname, 'processes', file), core);
}

/** Lets `use` have a server of each entry: V8 has compiled what matters after a few thousand logins. */
export async function withServers(
  lab: Lab,
  entries: readonly Entry[],
  use: (servers: Server[]) => Promise<void>,
): Promise<void> {
  const servers: Server[] = [];
  try {
    for (const { name, contender = name, dist = ownDist } of entries) {
      lab.report(`starting ${name}`);
      const server = { name, worker: startWorker('server.ts', 'measured'), url: '' };
      servers.push(server);
      const { upstreamURL } = lab;
      server.url = await server.worker.ask<string>('start', { contender, dist, upstreamURL });
      await measureStarts(lab, server, { count: lab.sizes.warmUpLogins, concurrency });
      await measureFinishes(lab, server, concurrency);
    }
    await use(servers);
  } finally {
    await Promise.all(servers.map(({ worker }) => worker[Symbol.asyncDispose]()));
  }
}

/** What one request took. */
export interface Cost {
  cpuMs: number;
  perSecond: number;
  latenciesMs: number[];
}

/** Starts logins: `GET` of the route that answers the redirect to the authorization server. */
export async function measureStarts(
  lab: Lab,
  server: Server,
  parameters: Omit<StartParameters, 'url'>,
): Promise<Cost> {
  await server.worker.ask('clearSessions');
  return measure(lab, server, 'start', parameters);
}

/** Finishes the logins that were started last. */
export function measureFinishes(lab: Lab, server: Server, concurrency: number): Promise<Cost> {
  return measure(lab, server, 'finish', { concurrency });
}

async function measure(
  { load }: Lab,
  { worker, url }: Server,
  phase: string,
  parameters: object,
): Promise<Cost> {
  const beforeMs = await worker.ask<number>('readCPUMs');
  const { count, wallMs, latenciesMs } = await load.ask<LoadResult>(phase, { url, ...parameters });
  const afterMs = await worker.ask<number>('readCPUMs');
  return { cpuMs: (afterMs - beforeMs) / count, perSecond: (count / wallMs) * 1000, latenciesMs };
}
