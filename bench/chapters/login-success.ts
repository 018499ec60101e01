import { finishLogins, startLogins, withServers } from '../logins';
import { type Chapter, type Row, Table, target } from '../report';
import { report, sizes } from '../settings';
import { breakProfiles } from '../upstream';

const rate = 0.1;
const concurrency = 200;
const compared = ['passport-metafy', 'passport-oauth2 (state)', 'passport-github2'].map((name) => ({ name }));

/** How many sign-ins succeed when a tenth of the profile requests fails. */
export async function measureLoginSuccess(): Promise<Chapter> {
  const { faultyLogins: count } = sizes;
  const table = new Table();
  const targets: Row[] = [];
  await withServers(compared, async (servers) => {
    for (const server of servers) {
      report(`sign-ins while the profile fails: ${server.name}`);
      const pending = (await startLogins(server, count)).results;
      breakProfiles(rate);
      const { results, latenciesMs } = await finishLogins(server, pending, { concurrency, mayFail: true });
      breakProfiles(0);
      const succeeded = (100 * results.filter((isSignedIn) => isSignedIn).length) / count;
      const slow = latenciesMs.filter((ms) => ms > 15_000).length;
      const slowest = Math.max(...latenciesMs) / 1000;
      table.add({ '': server.name }, { '% succeeded': succeeded, 'longer than 15 s': slow, 'slowest, s': slowest });
      if (server !== servers[0]) continue;
      targets.push(target('sign-ins that succeed while the profile fails, %', succeeded, '≥', 99.8));
      // `timeoutMs` is 10 seconds by default.
      targets.push(target('the slowest of them, s', slowest, '<', 10.5));
    }
  });
  return {
    title: 'Sign-ins while the profile fails',
    explanation: `${count} sign-ins with each, ${concurrency} at a time, default options. ${rate * 100}% of the requests for the profile meet a 503, a reset or a hang of 30 s, each as often as the others and in the same order for each strategy; every code exchange succeeds. The peers never ask again, and wait for as long as it takes.`,
    rows: table.rows,
    targets,
  };
}
