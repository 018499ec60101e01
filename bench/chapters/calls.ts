import type { Subject } from '../calls-process';
import { type Chapter, Table, target } from '../report';
import { report, sizes } from '../settings';
import { findMedian, interleave } from '../statistics';
import { upstream } from '../upstream';
import { Worker } from '../worker';

const clientCredentials = 'MetafyClientCredentials.getToken';
const userTokens = 'MetafyUserTokens.get';
const sealed = `${userTokens}, sealed`;
const access = 'MetafyCommunityAccess.check';

/** Answers that are at hand: tokens in memory or in a `Map`, and access that was asked for before. */
export async function measureCachedCalls(): Promise<Chapter> {
  const table = new Table();
  const measure = async (subject: string, users: number): Promise<void> => {
    await using worker = await prepare({ subject, users });
    // The first round warms up: it asks the upstream, and V8 compiles.
    for (let round = -1; round < sizes.sideRounds; round++) {
      const perSecond = await worker.ask<number>('callInTurn', { count: sizes.calls });
      if (round >= 0) table.add({ '': subject, users }, { 'calls/s': perSecond });
    }
  };
  await measure(clientCredentials, 1);
  for (const users of [1, 1000, 100_000]) await measure(userTokens, users);
  for (const users of [1, 1000, 100_000]) await measure(sealed, users);
  for (const users of [1, 1000]) await measure(access, users);
  const demand = (limit: number, subject: string) => {
    // The rows for 1 and 1,000 users. With 100,000 the machine's memory is measured as well: see README.md.
    const slower = Math.min(...table.of(subject, 'calls/s').slice(0, 2).map(findMedian));
    return target(`${subject}, fresh in a \`Map\` of up to 1,000 users, calls/s`, slower, '≥', limit);
  };
  return {
    title: 'Answers that are at hand',
    explanation: 'Fresh, from memory or a `Map`. In one process, one call after the other.',
    rows: table.rows,
    targets: [demand(500_000, userTokens), demand(100_000, sealed), demand(200_000, access)],
  };
}

/** Callers in one process that all want the same at once. */
export async function measureSimultaneousCalls(): Promise<Chapter> {
  const count = 1000;
  const table = new Table();
  const subjects = [clientCredentials, 'openid-client', access];
  await interleave(subjects, sizes.sideRounds, async (subject) => {
    await using worker = await prepare({ subject, users: 1 });
    for (const wave of ['first', 'second']) {
      Object.assign(upstream, { requests: 0, connections: 0 });
      const cost = await worker.ask<Record<string, number>>('callAtOnce', { count });
      const { requests, connections } = upstream;
      table.add({ '': subject, wave }, { requests, connections, ...cost });
    }
  });
  const most = Math.max(...(table.of(access, 'requests')[0] ?? []));
  return {
    title: `${count} callers want the same at once`,
    explanation:
      "The application's token (client credentials), and one person's access to a community. In a fresh process, then once more. openid-client leaves keeping the token to the application.",
    rows: table.rows,
    targets: [target(`requests for ${count} × ${access} at once`, most, '≤', 1)],
  };
}

async function prepare(subject: Subject): Promise<Worker> {
  report(`${subject.subject}, ${subject.users} users`);
  const worker = new Worker('calls-process.ts', '0');
  await worker.ask('prepare', { upstreamURL: upstream.url, ...subject });
  return worker;
}
