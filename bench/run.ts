import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCachedCalls, measureSimultaneousCalls } from './chapters/calls';
import { measureConcurrency, measureLatency, measureMemory, measurePendingCookies } from './chapters/growth';
import { measureLoginSuccess } from './chapters/login-success';
import { compareBuilds, compareLogins, describePhase } from './chapters/logins';
import { weighPackages } from './chapters/weight';
import { renderChart } from './chart';
import { contenders } from './contenders';
import { describeEnvironment } from './environment';
import { type Lab, startWorker, withServers } from './lab';
import { type Chapter, describeTargets, renderChapter, renderJSON, renderMarkdown } from './report';
import { full, fullAgainst, quick, quickAgainst } from './sizes';

/* `npm run bench [-- --quick] [--against OTHER_CHECKOUT]`: see README.md. */

const { quick: isQuick = false, against } = parseArgs({
  options: { quick: { type: 'boolean' }, against: { type: 'string' } },
}).values;

/** Those that do the same work as ours, for everything but the comparison itself. */
const compared = [
  'passport-metafy',
  'passport-oauth2 (state + PKCE)',
  'openid-client (PKCE)',
  'arctic (state + PKCE)',
];

async function measureAll(lab: Lab): Promise<void> {
  const costs = await compareLogins(
    lab,
    contenders.map(({ name }) => ({ name })),
  );
  const chapters = [describePhase(costs, 'redirect'), describePhase(costs, 'callback')];
  await withServers(
    lab,
    compared.map((name) => ({ name })),
    async (servers) => {
      for (const measure of [measureLatency, measureConcurrency, measurePendingCookies, measureMemory]) {
        chapters.push(await measure(lab, servers));
      }
    },
  );
  for (const measure of [measureLoginSuccess, measureCachedCalls, measureSimultaneousCalls, weighPackages]) {
    chapters.push(await measure(lab));
  }
  save([describeTargets(chapters), ...chapters], renderChart(costs));
}

function save(chapters: Chapter[], chart: string): void {
  const markdown = renderMarkdown(environment, chapters);
  // The results of a quick run are not worth keeping.
  const directory = join(__dirname, isQuick ? 'quick' : '.');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'results.md'), markdown);
  writeFileSync(join(directory, 'results.json'), renderJSON({ environment, chapters }));
  writeFileSync(join(directory, 'logins.svg'), chart);
  showProgress(`done: results.md, results.json and logins.svg are in ${directory}`);
  process.stdout.write(markdown);
}

async function compare(lab: Lab, checkout: string): Promise<void> {
  // npm runs scripts in this project's directory.
  const dist = resolve(process.env.INIT_CWD ?? '', checkout, 'dist');
  process.stdout.write(`${renderChapter(await compareBuilds(lab, dist))}\n`);
}

function showProgress(step: string): void {
  process.stderr.write(`${Math.round(performance.now() / 1000)} s: ${step}\n`);
}

// Before the benchmark is what loads the machine.
const environment = describeEnvironment(isQuick);

async function main(): Promise<void> {
  await using upstream = startWorker('upstream.ts', 'driving');
  await using load = startWorker('load.ts', 'driving');
  const upstreamURL = await upstream.ask<string>('start');
  const lab = { load, upstream, upstreamURL, report: showProgress };
  if (against === undefined) await measureAll({ ...lab, sizes: isQuick ? quick : full });
  else await compare({ ...lab, sizes: isQuick ? quickAgainst : fullAgainst }, against);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
