import { type Lab, measureFinishes, measureStarts, type Server, withServers } from '../lab';
import { type Chapter, type Row, target } from '../report';

const rate = 0.1;
const concurrency = 200;
const compared = ['passport-metafy', 'passport-oauth2 (state)', 'passport-github2'];

/** How many sign-ins succeed when a tenth of the profile requests fails. */
export async function measureLoginSuccess(lab: Lab): Promise<Chapter> {
  const rows: Row[] = [];
  const targets: Row[] = [];
  const measure = async (server: Server): Promise<void> => {
    lab.report(`sign-ins while the profile fails: ${server.name}`);
    const { faultyLogins: count } = lab.sizes;
    await measureStarts(lab, server, count);
    await lab.upstream.ask('breakProfiles', { rate });
    const { failures, latenciesMs } = await measureFinishes(lab, server, { concurrency, mayFail: true });
    await lab.upstream.ask('breakProfiles', { rate: 0 });
    const succeeded = (100 * (count - failures)) / count;
    const slowest = Math.max(...latenciesMs) / 1000;
    const slow = latenciesMs.filter((ms) => ms > 15_000).length;
    rows.push({ '': server.name, '% succeeded': succeeded, 'longer than 15 s': slow, 'slowest, s': slowest });
    if (server.name !== 'passport-metafy') return;
    targets.push(target('sign-ins that succeed while the profile fails, %', succeeded, '≥', 99.8));
    // `timeoutMs` is 10 seconds by default.
    targets.push(target('the slowest of them, s', slowest, '<', 10.5));
  };
  await withServers(
    lab,
    compared.map((name) => ({ name })),
    async (servers) => {
      for (const server of servers) await measure(server);
    },
  );
  return {
    title: 'Sign-ins while the profile fails',
    explanation: `${lab.sizes.faultyLogins} sign-ins with each, ${concurrency} at a time. ${rate * 100}% of the requests for the profile meet a 503, a reset or a hang of 30 s, each as often as the others and in the same order for each strategy; every code exchange succeeds. Default options. The peers never ask again, and wait for as long as it takes.`,
    rows,
    targets,
  };
}
