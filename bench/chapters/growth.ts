import { type Lab, measureFinishes, measureStarts, type Server } from '../lab';
import { type Chapter, Table } from '../report';
import { findMedian, interleave } from '../statistics';

/* What a login costs under other conditions, with servers that have warmed up. */

/** The callback when the upstream takes its time, as one on the internet does. */
export async function measureLatency(lab: Lab, servers: Server[]): Promise<Chapter> {
  const delayMs = 20;
  const table = new Table();
  await interleave(servers, lab.sizes.sideRounds, async (server) => {
    await measureStarts(lab, server, lab.sizes.sideLogins);
    await lab.upstream.ask('delay', { delayMs });
    const { latenciesMs, perSecond } = await measureFinishes(lab, server);
    await lab.upstream.ask('delay', { delayMs: 0 });
    table.add({ '': server.name }, { 'ms per login': findMedian(latenciesMs), 'logins/s': perSecond });
  });
  return {
    title: `Callback with an upstream that takes ${delayMs} ms for each answer`,
    explanation: `Two requests one after the other: no login can take less than ${2 * delayMs} ms. 50 logins at a time; the median login of each round.`,
    rows: table.rows,
  };
}

/** What a whole login costs when many are under way at a time. */
export async function measureConcurrency(lab: Lab, servers: Server[]): Promise<Chapter> {
  const table = new Table();
  for (const concurrency of [1, 10, 100, 1000]) {
    await interleave(servers, lab.sizes.sideRounds, async (server) => {
      const count = Math.max(concurrency, lab.sizes.sideLogins);
      const start = await measureStarts(lab, server, count, { concurrency });
      const finish = await measureFinishes(lab, server, { concurrency });
      const perSecond = 1 / (1 / start.perSecond + 1 / finish.perSecond);
      const label = { '': server.name, 'logins at a time': concurrency };
      table.add(label, { 'CPU ms per login': start.cpuMs + finish.cpuMs, 'logins/s': perSecond });
    });
  }
  return {
    title: 'As more people sign in at a time',
    explanation: 'Redirect and callback. One at a time, the server waits for the load and the upstream.',
    rows: table.rows,
  };
}

/** What a redirect costs for a browser that has left logins unfinished, up to far more than are kept for one. */
export async function measurePendingCookies(lab: Lab, servers: Server[]): Promise<Chapter> {
  const table = new Table();
  const [ours, peer] = servers as [Server, Server];
  await measureStarts(lab, ours, 50);
  const cookies = await lab.load.ask<string[]>('listCookies');
  for (const kept of [0, 1, 5, 20, 50]) {
    const cookie = cookies.slice(0, kept).join('; ');
    await interleave([ours, peer], lab.sizes.sideRounds, async (server) => {
      const { cpuMs } = await measureStarts(lab, server, lab.sizes.sideLogins, { cookie });
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
export async function measureMemory(lab: Lab, servers: Server[]): Promise<Chapter> {
  const { abandonedLogins: count } = lab.sizes;
  const table = new Table();
  for (const { name, url, worker } of servers) {
    await worker.ask('clearSessions');
    let before = 0;
    for (let round = 0; round < 5; round++) {
      await lab.load.ask('start', { url, count });
      const after = await worker.ask<number>('readMemoryBytes');
      // What the first ones leave is of connections and compiled code, too.
      if (round > 1) table.add({ '': name }, { 'bytes per pending login': (after - before) / count });
      before = after;
    }
  }
  return {
    title: 'Memory of the server per pending login',
    explanation: `Heap and external memory after a collection, before and after ${count} logins that are never finished, three times. express-session's MemoryStore keeps what is never asked for again; another store keeps it elsewhere.`,
    rows: table.rows,
  };
}
