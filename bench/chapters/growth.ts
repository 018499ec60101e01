import { finishLogins, type Server, startLogins } from '../logins';
import { type Chapter, Table } from '../report';
import { sizes } from '../settings';
import { findMedian, interleave } from '../statistics';
import { upstream } from '../upstream';

/* What a login costs under other conditions, with servers that have warmed up. */

/** How long a login takes and what it costs when many are under way, also with an upstream as slow as the internet. */
export async function measureConcurrency(servers: Server[]): Promise<Chapter> {
  const table = new Table();
  for (const concurrency of [1, 10, 100, 1000, 50]) {
    const delayMs = concurrency === 50 ? 20 : 0;
    await interleave(servers, sizes.sideRounds, async (server) => {
      const start = await startLogins(server, Math.max(concurrency, sizes.sideLogins), { concurrency });
      upstream.delayMs = delayMs;
      const finish = await finishLogins(server, start.results, { concurrency });
      upstream.delayMs = 0;
      const label = { '': server.name, 'logins at a time': concurrency, 'upstream takes, ms': delayMs };
      const perSecond = 1 / (1 / start.perSecond + 1 / finish.perSecond);
      const cost = { 'CPU ms per login': start.cpuMs + finish.cpuMs, 'logins/s': perSecond };
      table.add(label, { ...cost, 'ms per callback': findMedian(finish.latenciesMs) });
    });
  }
  return {
    title: 'As more people sign in at a time, and with a slow upstream',
    explanation:
      'Redirect and callback; of the callback’s latency the median of each round. One at a time, the server waits for the load and the upstream. A callback asks the upstream twice, once after the other.',
    rows: table.rows,
  };
}

/** What a redirect costs for a browser that has left logins unfinished, up to far more than are kept for one. */
export async function measurePendingCookies(servers: Server[]): Promise<Chapter> {
  const table = new Table();
  const [ours, peer] = servers as [Server, Server];
  const cookies = (await startLogins(ours, 50)).results.map(({ cookie }) => cookie);
  for (const kept of [0, 1, 5, 20, 50]) {
    const cookie = cookies.slice(0, kept).join('; ');
    await interleave([ours, peer], sizes.sideRounds, async (server) => {
      const { cpuMs } = await startLogins(server, sizes.sideLogins, { cookie });
      const label = {
        '': server.name,
        'cookies of pending logins': kept,
        'bytes of the header': cookie.length,
      };
      table.add(label, { 'CPU ms': cpuMs });
    });
  }
  return {
    title: 'As a browser brings more cookies of unfinished logins',
    explanation: `The redirect. Of many cookies the oldest are cleared. ${peer.name} gets the same header, in which nothing is its own.`,
    rows: table.rows,
  };
}

/** What people who never come back leave in the server's memory. */
export async function measureMemory(servers: Server[]): Promise<Chapter> {
  const { abandonedLogins: count } = sizes;
  const table = new Table();
  for (const server of servers) {
    await server.worker.ask('clearSessions');
    let before = 0;
    for (let round = 0; round < 5; round++) {
      await startLogins(server, count);
      const after = await server.worker.ask<number>('readMemoryBytes');
      // What the first ones leave is of connections and compiled code, too.
      if (round > 1) table.add({ '': server.name }, { 'bytes per pending login': (after - before) / count });
      before = after;
    }
  }
  return {
    title: 'Memory of the server per pending login',
    explanation: `Heap and external memory after a collection, before and after ${count} logins that are never finished, three times. express-session's MemoryStore keeps what is never asked for again; another store keeps it elsewhere.`,
    rows: table.rows,
  };
}
