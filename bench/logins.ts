import http from 'node:http';
import { ownDist } from './contenders/metafy';
import { readCookies, sendRequest } from './http';
import { report, sizes } from './settings';
import { upstream } from './upstream';
import { Worker } from './worker';

/** What is measured: a contender, under its own name, or another where two builds of one are compared. */
export type Entry = { name: string; contender?: string; dist?: string };

/** An entry in a process of its own. */
export type Server = { name: string; url: string; worker: Worker };

type Use = (servers: Server[]) => Promise<void>;

/** Lets `use` have a server of each entry that has warmed up: V8 compiles what matters in a few thousand logins. */
export async function withServers(entries: readonly Entry[], use: Use): Promise<void> {
  const servers: Server[] = [];
  try {
    for (const { name, contender = name, dist = ownDist } of entries) {
      report(`starting ${name}`);
      const server = { name, worker: new Worker('server-process.ts', '0'), url: '' };
      servers.push(server);
      server.url = await server.worker.ask<string>('start', { contender, dist, upstreamURL: upstream.url });
      await finishLogins(server, (await startLogins(server, sizes.warmUpLogins)).results);
    }
    await use(servers);
  } finally {
    await Promise.all(servers.map(({ worker }) => worker[Symbol.asyncDispose]()));
  }
}

type PendingLogin = { state: string | null; cookie: string };
type Options = { concurrency?: number; cookie?: string; mayFail?: boolean };

/** Sends `count` browsers, which may have a cookie already, to a contender's start route. */
export function startLogins(server: Server, count: number, { concurrency = 50, cookie = '' }: Options = {}) {
  return measure(server, Array.from({ length: count }), concurrency, async (_, agent): Promise<PendingLogin> => {
    const answer = await sendRequest(`${server.url}/start`, { agent, headers: cookie ? { cookie } : {} });
    const location = new URL(answer.headers.location ?? 'missing:');
    const isRedirect = answer.status === 302 && location.pathname.endsWith('/authorize');
    if (!isRedirect) throw new Error(`a start was answered ${answer.status}`);
    return { state: location.searchParams.get('state'), cookie: readCookies(answer).join('; ') };
  });
}

let codes = 0;

/**
 * Brings the browsers back, each with a code of its own. A login that does not end with its own user stops the
 * benchmark; with `mayFail` the result of one that is answered 5xx is `false`.
 */
export async function finishLogins(server: Server, pending: PendingLogin[], options: Options = {}) {
  const { concurrency = 50, mayFail = false } = options;
  const load = await measure(server, pending, concurrency, async ({ state, cookie }, agent) => {
    const code = `code-${++codes}`;
    const query = new URLSearchParams({ code, ...(state !== null && { state }) });
    const headers = cookie ? { cookie } : {};
    const { status, body } = await sendRequest(`${server.url}/callback?${query}`, { agent, headers });
    const isSignedIn = status === 200 && body === code;
    if (!isSignedIn && !(mayFail && status >= 500)) throw new Error(`a callback was answered ${status}: ${body}`);
    return isSignedIn;
  });
  await server.worker.ask('clearSessions');
  return load;
}

type Task<In, Out> = (item: In, agent: http.Agent) => Promise<Out>;

/** How requests went, and the server's CPU for each. */
async function measure<In, Out>(server: Server, items: In[], concurrency: number, task: Task<In, Out>) {
  const agent = new http.Agent({ keepAlive: true });
  const results: Out[] = [];
  const latenciesMs: number[] = [];
  const queue = items.values();
  const work = async (): Promise<void> => {
    for (const item of queue) {
      const sentMs = performance.now();
      results.push(await task(item, agent));
      latenciesMs.push(performance.now() - sentMs);
    }
  };
  const beforeMs = await server.worker.ask<number>('readCPUMs');
  const beganMs = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  const perSecond = (1000 * items.length) / (performance.now() - beganMs);
  const cpuMs = ((await server.worker.ask<number>('readCPUMs')) - beforeMs) / items.length;
  agent.destroy();
  return { cpuMs, perSecond, latenciesMs, results };
}
