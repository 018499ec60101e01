import { type Lab, measureStarts, type Server, withServers } from '../lab';
import type { FinishParameters, LoadResult } from '../processes/load';
import { faultKinds, type UpstreamCounts } from '../processes/upstream';
import { atLeast, atMost, type Chapter } from '../report';

const rate = 0.1;
const concurrency = 200;
/** passport-metafy's default, in seconds. */
const timeoutSeconds = 10;
const compared = ['passport-metafy', 'passport-oauth2 (state)', 'passport-github2'];

/** How many sign-ins succeed when a tenth of the profile requests fails. */
export async function measureLoginSuccess(lab: Lab): Promise<Chapter> {
  const rows: { '': string; 'succeeded, %': number; 'slowest, s': number }[] = [];
  await withServers(
    lab,
    compared.map((name) => ({ name })),
    async (servers) => {
      for (const server of servers) rows.push(await signInDuringFaults(lab, server));
    },
  );
  const [ours] = rows as [(typeof rows)[0]];
  return {
    title: 'Sign-ins that succeed while the profile fails',
    explanation: `${rate * 100}% of the requests for the profile meet a 503, a reset or a hang of 30 s, each as often as the others and in the same order for each strategy; every code exchange succeeds. ${concurrency} sign-ins at a time, default options. The peers never ask again, and wait for as long as it takes.`,
    rows,
    targets: [
      atLeast(99.8, 'sign-ins that succeed while the profile fails, %', ours['succeeded, %']),
      atMost(timeoutSeconds + 0.5, 'the slowest of them, s', ours['slowest, s']),
    ],
  };
}

async function signInDuringFaults(lab: Lab, server: Server) {
  const { faultyLogins: count } = lab.sizes;
  lab.report(`${count} sign-ins with faults: ${server.name}`);
  await measureStarts(lab, server, { count, concurrency });
  await lab.upstream.ask('takeCounts');
  await lab.upstream.ask('breakProfiles', { rate });
  const finish: FinishParameters = { url: server.url, concurrency, mayFail: true };
  const { failures, latenciesMs } = await lab.load.ask<LoadResult>('finish', finish);
  await lab.upstream.ask('breakProfiles', { rate: 0 });
  const counts = await lab.upstream.ask<UpstreamCounts>('takeCounts');
  return {
    '': server.name,
    'sign-ins': count,
    'succeeded, %': (100 * (count - failures)) / count,
    'slowest, s': Math.max(...latenciesMs) / 1000,
    'longer than 15 s': latenciesMs.filter((ms) => ms > 15_000).length,
    ...Object.fromEntries(faultKinds.map((kind) => [`met ${kind}`, counts[kind]])),
  };
}
