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
import { full, type Lab, quick, startWorker, withServers } from './lab';
import { type Chapter, renderChapter, renderJSON, renderMarkdown } from './report';

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
].map((name) => ({ name }));

async function measureAll(lab: Lab): Promise<void> {
  const costs = await compareLogins(lab, contenders);
  const chapters = [describePhase(costs, 'redirect'), describePhase(costs, 'callback')];
  await withServers(lab, compared, async (servers) => {
    for (const measure of [measureLatency, measureConcurrency, measurePendingCookies, measureMemory]) {
      lab.report(measure.name);
      chapters.push(await measure(lab, servers));
    }
  });
  for (const measure of [measureLoginSuccess, measureCachedCalls, measureSimultaneousCalls, weighPackages]) {
    chapters.push(await measure(lab));
  }
  const explanation = 'As measured in this run; the chapters below have what is behind it.';
  const rows = chapters.flatMap(({ targets = [] }) => targets);
  save([{ title: 'Targets', explanation, rows }, ...chapters], renderChart(costs));
}

function save(chapters: Chapter[], chart: string): void {
  // The results of a quick run are not worth keeping.
  const directory = join(__dirname, isQuick ? 'quick' : '.');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'results.md'), renderMarkdown(environment, chapters));
  writeFileSync(join(directory, 'results.json'), renderJSON({ environment, chapters }));
  writeFileSync(join(directory, 'logins.svg'), chart);
  showProgress(`done: results.md, results.json and logins.svg are in ${directory}`);
}

/** Each round with new processes. */
async function compare(lab: Lab, checkout: string): Promise<void> {
  const rounds = isQuick ? 5 : 21;
  const sizes = { ...full, rounds, roundsPerProcess: 1, logins: 1000, warmUpLogins: 2000 };
  // npm runs scripts in this project's directory.
  const dist = resolve(process.env.INIT_CWD ?? '', checkout, 'dist');
  console.log(renderChapter(await compareBuilds({ ...lab, sizes }, dist)));
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
  const sizes = isQuick ? quick : full;
  const lab = { sizes, load, upstream, upstreamURL, report: showProgress };
  if (against === undefined) await measureAll(lab);
  else await compare(lab, against);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
