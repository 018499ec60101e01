import * as metafy from '../../dist';
import { type Lab, startWorker } from '../lab';
import type { Subject } from '../processes/calls';
import type { UpstreamCounts } from '../processes/upstream';
import { atLeast, atMost, type Chapter, type Target } from '../report';
import { findMedian, interleave, Series, toSpread } from '../statistics';
import type { Worker } from '../worker';

const hasCommunityAccess = 'MetafyCommunityAccess' in metafy;

/** Secrets have at least 32 characters. */
const secret = 'the secret of the tokens that are sealed';

const [unsealed, sealed] = ['`MetafyUserTokens.get`', '`MetafyUserTokens.get`, sealed'];
const check = '`MetafyCommunityAccess.check`';

/** Answers that are at hand: tokens in memory or in a `Map`, and access that was asked for before. */
export async function measureCachedCalls(lab: Lab): Promise<Chapter> {
  const { calls: count, sideRounds } = lab.sizes;
  const cases: (Subject & { name: string })[] = [
    { name: '`MetafyClientCredentials.getToken`', subject: 'passport-metafy', users: 1 },
    ...[1, 1000, 100_000].flatMap((users) => [
      { name: unsealed, subject: 'MetafyUserTokens.get', users },
      { name: sealed, subject: 'MetafyUserTokens.get', users, secret },
    ]),
    ...(hasCommunityAccess ? [1, 1000] : []).map((users) => ({
      ...{ name: check, subject: 'MetafyCommunityAccess.check', users },
    })),
  ];
  const rates = new Series();
  for (const subject of cases) {
    const { name, users } = subject;
    lab.report(`${name}, ${users} users`);
    await using worker = await prepare(lab, subject);
    // The first round warms up: it asks the upstream, and V8 compiles.
    await worker.ask('callInTurn', { count });
    for (let round = 0; round < sideRounds; round++) {
      rates.push(name + users, await worker.ask<number>('callInTurn', { count }));
    }
  }
  const findSlowest = (wanted: string): number => {
    const found = cases.filter(({ name }) => name === wanted);
    return Math.min(...found.map(({ name, users }) => findMedian(rates.of(name + users))));
  };
  const target = (limit: number, name: string) =>
    atLeast(limit, `${name} that is fresh in a \`Map\`, calls/s, slowest`, findSlowest(name));
  return {
    title: 'Answers that are at hand',
    explanation: 'Fresh, from memory or a `Map`. In one process, one call after the other.',
    rows: cases.map(({ name, users }) => ({ '': name, users, 'calls/s': toSpread(rates.of(name + users)) })),
    targets: [
      target(500_000, unsealed as string),
      target(100_000, sealed as string),
      ...(hasCommunityAccess ? [target(200_000, check)] : []),
    ],
  };
}

const callers = 1000;

interface Wave {
  requests: number;
  connections: number;
  wallMs: number;
  cpuMs: number;
}

/** Callers in one process that all want the same at once, for the first and a second time. */
export async function measureSimultaneousCalls(lab: Lab): Promise<Chapter> {
  const subjects = ['passport-metafy', 'openid-client', 'simple-oauth2'];
  if (hasCommunityAccess) subjects.push('MetafyCommunityAccess.check');
  const waves = new Map<string, Wave[]>();
  await interleave(subjects, lab.sizes.sideRounds, async (subject) => {
    lab.report(`${callers} calls at once: ${subject}`);
    await using worker = await prepare(lab, { subject, users: 1 });
    for (const wave of ['first', 'second']) {
      await lab.upstream.ask('takeCounts');
      const cost = await worker.ask<Wave>('callAtOnce', { count: callers });
      const counts = await lab.upstream.ask<UpstreamCounts>('takeCounts');
      const key = `${subject} ${wave}`;
      waves.set(key, [...(waves.get(key) ?? []), { ...cost, ...counts }]);
    }
  });
  const collect = (key: string, what: keyof Wave) => (waves.get(key) ?? []).map((wave) => wave[what]);
  const target = (subject: string): Target =>
    atMost(
      1,
      `requests for ${callers} calls at once: ${subject}`,
      Math.max(...collect(`${subject} first`, 'requests')),
    );
  return {
    title: `${callers} callers want the same at once`,
    explanation:
      "The application's token (client credentials) by each library, and one person's access to a community. In a fresh process, then once more. The other libraries leave keeping the token to the application.",
    rows: subjects.flatMap((subject) =>
      ['first', 'second'].map((wave) => ({
        '': subject,
        wave,
        'upstream requests': findMedian(collect(`${subject} ${wave}`, 'requests')),
        connections: findMedian(collect(`${subject} ${wave}`, 'connections')),
        ms: toSpread(collect(`${subject} ${wave}`, 'wallMs')),
        'CPU ms': toSpread(collect(`${subject} ${wave}`, 'cpuMs')),
      })),
    ),
    targets: hasCommunityAccess ? [target('MetafyCommunityAccess.check')] : [],
  };
}

async function prepare({ upstreamURL }: Lab, subject: Subject): Promise<Worker> {
  const worker = startWorker('calls.ts', 'measured');
  await worker.ask('prepare', { upstreamURL, ...subject });
  return worker;
}
