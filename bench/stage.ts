import { contenders } from './contenders';
import type { LoadResult, StartParameters } from './processes/load';
import type { Sizes } from './sizes';
import { Worker } from './worker';

/** What all chapters use: the sizes and the processes. */
export interface Stage {
  sizes: Sizes;
  servers: Server[];
  load: Worker;
  upstream: Worker;
  upstreamURL: string;
  /** Says what is being measured. */
  report: (step: string) => void;
}

/** One contender in a process of its own. */
export interface Server {
  contender: string;
  url: string;
  worker: Worker;
}

/** Sets the stage: a server of each contender, in processes that live until `use` has ended. */
export async function withStage(
  sizes: Sizes,
  report: Stage['report'],
  use: (stage: Stage) => Promise<void>,
): Promise<void> {
  const servers: Server[] = [];
  await using upstream = new Worker('upstream', 'driving');
  await using load = new Worker('load', 'driving');
  const upstreamURL = await upstream.ask<string>('start');
  try {
    for (const { name: contender } of contenders) {
      report(`starting ${contender}`);
      const worker = new Worker('server', 'measured');
      servers.push({ contender, worker, url: '' });
    }
    for (const server of servers) {
      const { contender, worker } = server;
      server.url = await worker.ask<string>('start', { contender, upstreamURL });
    }
    await use({ sizes, servers, load, upstream, upstreamURL, report });
  } finally {
    await Promise.all(servers.map(({ worker }) => worker[Symbol.asyncDispose]()));
  }
}

/** The servers of some contenders. */
export function pickServers({ servers }: Stage, names: readonly string[]): Server[] {
  return names.map((name) => servers.find(({ contender }) => contender === name) as Server);
}

/** What one request of a phase took. */
export interface Cost {
  cpuMs: number;
  perSecond: number;
  latenciesMs: number[];
}

/** Starts logins: `GET` of the route that answers the redirect to the authorization server. */
export function measureStarts(
  stage: Stage,
  server: Server,
  parameters: Omit<StartParameters, 'url'>,
): Promise<Cost> {
  return measure(stage, server, 'start', parameters);
}

/** Finishes the logins that were started last. */
export function measureFinishes(stage: Stage, server: Server, concurrency: number): Promise<Cost> {
  return measure(stage, server, 'finish', { concurrency });
}

async function measure(
  { load }: Stage,
  { worker, url }: Server,
  phase: 'start' | 'finish',
  parameters: object,
): Promise<Cost> {
  if (phase === 'start') await worker.ask('forget');
  const beforeMs = await worker.ask<number>('readCPUMs');
  const { count, wallMs, latenciesMs } = await load.ask<LoadResult>(phase, { url, ...parameters });
  const afterMs = await worker.ask<number>('readCPUMs');
  return { cpuMs: (afterMs - beforeMs) / count, perSecond: (count / wallMs) * 1000, latenciesMs };
}
