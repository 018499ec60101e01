import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chapter } from './chapters/chapter';
import { measureClientCredentials } from './chapters/client-credentials';
import { measureConcurrency, measurePendingCookies } from './chapters/growth';
import { measureLatency } from './chapters/latency';
import { compareLogins, describePhase } from './chapters/logins';
import { measureMemory } from './chapters/memory';
import { measureTokens } from './chapters/tokens';
import { describeWeights, weighPackages } from './chapters/weight';
import { describeEnvironment } from './environment';
import { renderChart } from './report/chart';
import { renderMarkdown } from './report/markdown';
import { full, quick } from './sizes';
import { type Stage, withStage } from './stage';
import { compareWithTargets } from './targets';

/* `npm run bench`, about ten minutes on a machine that does nothing else; `npm run bench -- --quick`, one or two. */

const isQuick = process.argv.includes('--quick');

async function main(stage: Stage): Promise<void> {
  const costs = await compareLogins(stage);
  const latency = await measureLatency(stage);
  const concurrency = await measureConcurrency(stage);
  const cookies = await measurePendingCookies(stage);
  const memory = await measureMemory(stage);
  const tokens = await measureTokens(stage);
  const clientCredentials = await measureClientCredentials(stage);
  const weights = await weighPackages(stage);

  const chapters: Chapter[] = [
    compareWithTargets(costs, tokens, weights),
    describePhase(costs, 'redirect'),
    describePhase(costs, 'callback'),
    latency,
    concurrency,
    cookies,
    memory,
    tokens,
    clientCredentials,
    describeWeights(weights),
  ];
  const markdown = renderMarkdown(environment, chapters);
  // The results of a quick run are not worth keeping.
  const directory = join(__dirname, isQuick ? 'quick' : '.');
  mkdirSync(directory, { recursive: true });
  const save = (name: string, text: string) => writeFileSync(join(directory, name), text);
  save('results.md', markdown);
  save('results.json', `${JSON.stringify({ environment, chapters }, undefined, 2)}\n`);
  save('logins.svg', renderChart(costs));
  showProgress(`done: results.md, results.json and logins.svg are in ${directory}\n`);
  process.stdout.write(markdown);
}

const beganMs = performance.now();

function showProgress(step: string): void {
  const seconds = Math.round((performance.now() - beganMs) / 1000);
  // One line that is written over; in a log a line for each step.
  const [before, after] = process.stderr.isTTY ? ['\r\x1b[K', ''] : ['', '\n'];
  process.stderr.write(`${before}${seconds} s: ${step}${after}`);
}

// Before the benchmark is what loads the machine.
const environment = describeEnvironment(isQuick);

withStage(isQuick ? quick : full, showProgress, main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
