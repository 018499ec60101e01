import { concurrency, type Lab, measureFinishes, measureStarts, type Server } from '../lab';
import type { Chapter } from '../report';
import { findMedian, interleave, Series, toSpread } from '../statistics';

/* What a login costs under other conditions, with servers that have warmed up. */

/** The callback when the upstream takes its time, as one on the internet does. */
export async function measureLatency(lab: Lab, servers: Server[]): Promise<Chapter> {
  const delayMs = 20;
  const { sideRounds, sideLogins: count } = lab.sizes;
  const latencies = new Series();
  const rates = new Series();
  lab.report(`an upstream that takes ${delayMs} ms`);
  await interleave(servers, sideRounds, async (server) => {
    await measureStarts(lab, server, { count, concurrency });
    await lab.upstream.ask('delay', { delayMs });
    const { latenciesMs, perSecond } = await measureFinishes(lab, server, concurrency);
    await lab.upstream.ask('delay', { delayMs: 0 });
    latencies.push(server.name, findMedian(latenciesMs));
    rates.push(server.name, perSecond);
  });
  return {
    title: `Callback with an upstream that takes ${delayMs} ms for each answer`,
    explanation: `Two requests one after the other: no login can take less than ${2 * delayMs} ms. ${concurrency} logins at a time; the median login of each round.`,
    rows: servers.map(({ name }) => ({
      '': name,
      'ms per login': toSpread(latencies.of(name)),
      'logins/s': toSpread(rates.of(name)),
    })),
  };
}

/** What a whole login costs when many are under way at a time. */
export async function measureConcurrency(lab: Lab, servers: Server[]): Promise<Chapter> {
  const levels = [1, 10, 100, 1000];
  const { sideRounds, sideLogins } = lab.sizes;
  const cpuMs = new Series();
  const rates = new Series();
  for (const level of levels) {
    lab.report(`${level} logins at a time`);
    await interleave(servers, sideRounds, async (server) => {
      const count = Math.max(level, sideLogins);
      const start = await measureStarts(lab, server, { count, concurrency: level });
      const finish = await measureFinishes(lab, server, level);
      cpuMs.push(server.name + level, start.cpuMs + finish.cpuMs);
      rates.push(server.name + level, 1 / (1 / start.perSecond + 1 / finish.perSecond));
    });
  }
  return {
    title: 'As more people sign in at a time',
    explanation:
      'Whole logins: redirect and callback. One at a time, the server waits for the load and the upstream.',
    rows: levels.flatMap((level) =>
      servers.map(({ name }) => ({
        '': name,
        'logins at a time': level,
        'CPU ms per login': toSpread(cpuMs.of(name + level)),
        'logins/s': toSpread(rates.of(name + level)),
      })),
    ),
  };
}

/** What a redirect costs for a browser that has left logins unfinished, up to far more than are kept for one. */
export async function measurePendingCookies(lab: Lab, servers: Server[]): Promise<Chapter> {
  const cookieCounts = [0, 1, 5, 20, 50];
  const { sideRounds, sideLogins: count } = lab.sizes;
  const [ours, peer] = servers as [Server, Server];
  await lab.load.ask('start', { url: ours.url, count: Math.max(...cookieCounts), concurrency: 1 });
  const cookies = await lab.load.ask<string[]>('listCookies');
  const join = (cookieCount: number): string => cookies.slice(0, cookieCount).join('; ');
  const cpuMs = new Series();
  lab.report('cookies of pending logins');
  for (const cookieCount of cookieCounts) {
    await interleave([ours, peer], sideRounds, async (server) => {
      const cost = await measureStarts(lab, server, { count, concurrency, cookie: join(cookieCount) });
      cpuMs.push(server.name + cookieCount, cost.cpuMs);
    });
  }
  return {
    title: 'As a browser brings more cookies of unfinished logins',
    explanation: `The redirect. A browser keeps only the most recent pending logins; older cookies are cleared. ${peer.name} gets the same header, in which nothing is its own.`,
    rows: cookieCounts.map((cookieCount) => ({
      'cookies of pending logins': cookieCount,
      'bytes of the header': join(cookieCount).length,
      [`${ours.name}, CPU ms`]: toSpread(cpuMs.of(ours.name + cookieCount)),
      [`${peer.name}, CPU ms`]: toSpread(cpuMs.of(peer.name + cookieCount)),
    })),
  };
}

/** What people who never come back leave in the server's memory. */
export async function measureMemory(lab: Lab, servers: Server[]): Promise<Chapter> {
  const { abandonedLogins: count } = lab.sizes;
  const bytes = new Series();
  for (const { name, url, worker } of servers) {
    lab.report(`memory of ${name}`);
    await worker.ask('clearSessions');
    let before = 0;
    for (let round = 0; round < 5; round++) {
      await lab.load.ask('start', { url, count, concurrency });
      const after = await worker.ask<number>('readMemoryBytes');
      // What the first ones leave is of connections and compiled code, too.
      if (round > 1) bytes.push(name, (after - before) / count);
      before = after;
    }
  }
  return {
    title: 'Memory of the server per pending login',
    explanation: `Heap and external memory after a collection, before and after ${count} logins that are never finished, three times. express-session's MemoryStore keeps what is never asked for again; another store keeps it elsewhere.`,
    rows: servers.map(({ name }) => ({ '': name, 'bytes per pending login': toSpread(bytes.of(name)) })),
  };
}
