import * as metafy from '../../dist';
import { type Lab, startWorker } from '../lab';
import type { Subject } from '../processes/calls';
import type { UpstreamCounts } from '../processes/upstream';
import { type Chapter, Table, target } from '../report';
import { findMedian, interleave } from '../statistics';
import type { Worker } from '../worker';

const hasCommunityAccess = 'MetafyCommunityAccess' in metafy;
const access = 'MetafyCommunityAccess.check';
const userTokens = 'MetafyUserTokens.get';

/** Answers that are at hand: tokens in memory or in a `Map`, and access that was asked for before. */
export async function measureCachedCalls(lab: Lab): Promise<Chapter> {
  const { calls: count, sideRounds } = lab.sizes;
  const secret = 'of the tokens, with 32 characters';
  const cases: (Subject & { name: string })[] = [
    { name: 'MetafyClientCredentials.getToken', subject: 'passport-metafy', users: 1 },
    ...[1, 1000, 100_000].flatMap((users) => [
      { name: userTokens, subject: userTokens, users },
      { name: `${userTokens}, sealed`, subject: userTokens, users, secret },
    ]),
    ...(hasCommunityAccess ? [1, 1000] : []).map((users) => ({ name: access, subject: access, users })),
  ];
  const table = new Table();
  for (const { name, ...subject } of cases) {
    await using worker = await prepare(lab, subject);
    // The first round warms up: it asks the upstream, and V8 compiles.
    await worker.ask('callInTurn', { count });
    for (let round = 0; round < sideRounds; round++) {
      const perSecond = await worker.ask<number>('callInTurn', { count });
      table.add({ '': name, users: subject.users }, { 'calls/s': perSecond });
    }
  }
  const demand = (limit: number, name: string) => {
    const slowest = Math.min(...table.of(name, 'calls/s').map(findMedian));
    return target(`${name}, fresh in a \`Map\`, calls/s, the slowest`, slowest, '≥', limit);
  };
  return {
    title: 'Answers that are at hand',
    explanation: 'Fresh, from memory or a `Map`. In one process, one call after the other.',
    rows: table.rows,
    targets: [
      demand(500_000, userTokens),
      demand(100_000, `${userTokens}, sealed`),
      ...(hasCommunityAccess ? [demand(200_000, access)] : []),
    ],
  };
}

/** Callers in one process that all want the same at once. */
export async function measureSimultaneousCalls(lab: Lab): Promise<Chapter> {
  const count = 1000;
  const subjects = ['passport-metafy', 'openid-client', 'simple-oauth2'];
  if (hasCommunityAccess) subjects.push(access);
  const table = new Table();
  await interleave(subjects, lab.sizes.sideRounds, async (subject) => {
    await using worker = await prepare(lab, { subject, users: 1 });
    for (const wave of ['first', 'second']) {
      await lab.upstream.ask('takeCounts');
      const cost = await worker.ask<Record<string, number>>('callAtOnce', { count });
      const { requests, connections } = await lab.upstream.ask<UpstreamCounts>('takeCounts');
      table.add({ '': subject, wave }, { requests, connections, ...cost });
    }
  });
  const most = Math.max(...(table.of(access, 'requests')[0] ?? []));
  return {
    title: `${count} callers want the same at once`,
    explanation:
      "The application's token (client credentials) by each library, and one person's access to a community. In a fresh process, then once more. The other libraries leave keeping the token to the application.",
    rows: table.rows,
    targets: hasCommunityAccess ? [target(`requests for ${count} × ${access} at once`, most, '≤', 1)] : [],
  };
}

async function prepare({ upstreamURL, report }: Lab, subject: Subject): Promise<Worker> {
  report(`${subject.subject}, ${subject.users} users`);
  const worker = startWorker('calls.ts', 'measured');
  await worker.ask('prepare', { upstreamURL, ...subject });
  return worker;
}
