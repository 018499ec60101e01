import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { measureCachedCalls, measureSimultaneousCalls } from './chapters/calls';
import { compareBuilds, compareLogins, describePhase } from './chapters/comparison';
import { measureConcurrency, measureMemory, measurePendingCookies } from './chapters/growth';
import { measureLoginSuccess } from './chapters/login-success';
import { weighPackages } from './chapters/weight';
import { renderChart } from './chart';
import { contenders } from './contenders';
import { describeEnvironment } from './environment';
import { withServers } from './logins';
import { renderChapter, renderMarkdown } from './report';
import { against, isQuick, report } from './settings';
import { startUpstream } from './upstream';
import { bindToCores } from './worker';

/** Those that do the same work as ours, for everything but the comparison itself. */
const compared = contenders.filter(({ name }) => /^passport-metafy$|PKCE/.test(name));

async function measureAll(environment: Record<string, string>): Promise<void> {
  const costs = await compareLogins(contenders);
  const chapters = [
    describePhase(costs, 'redirect', 'Redirect: the browser is sent to the authorization server'),
    describePhase(costs, 'callback', 'Callback: the code is exchanged and the profile read'),
  ];
  await withServers(compared, async (servers) => {
    for (const measure of [measureConcurrency, measurePendingCookies, measureMemory]) {
      report(measure.name);
      chapters.push(await measure(servers));
    }
  });
  for (const measure of [measureLoginSuccess, measureCachedCalls, measureSimultaneousCalls, weighPackages]) {
    chapters.push(await measure());
  }
  const targets = chapters.flatMap((chapter) => chapter.targets ?? []);
  const explanation = 'In this run; the chapters below have what is behind it.';
  chapters.unshift({ title: 'Targets', explanation, rows: targets });

  // The results of a quick run are not worth keeping.
  const directory = join(__dirname, isQuick ? 'quick' : '.');
  mkdirSync(directory, { recursive: true });
  const save = (name: string, text: string) => writeFileSync(join(directory, name), text);
  save('results.md', renderMarkdown(environment, chapters));
  save('results.json', `${JSON.stringify({ environment, chapters }, undefined, 1)}\n`);
  save('logins.svg', renderChart(costs));
  report(`done: results.md, results.json and logins.svg are in ${directory}`);
}

async function main(): Promise<void> {
  // Before the benchmark is what loads the machine.
  const environment = describeEnvironment();
  await startUpstream();
  // Load and upstream are in this process, what is measured on the other core.
  if (!bindToCores(process.pid, '1')) report('all processes share all cores: `taskset` is missing or fails');
  if (against === undefined) await measureAll(environment);
  // npm runs scripts in this project's directory.
  else console.log(renderChapter(await compareBuilds(resolve(process.env.INIT_CWD ?? '', against, 'dist'))));
  process.exit();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
