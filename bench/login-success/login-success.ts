import os from 'node:os';
import { writeSection } from '../../test/faults/document';
import { renderTable } from '../../test/faults/markdown';
import { contenders } from './contenders';
import { faultRate, hangMs, startFaultyUpstream } from './faulty-upstream';
import { type SignIn, signInMany, startApp } from './sign-in-load';

/*
 * How many sign-ins succeed when one in ten answers to the profile request fails. In bench/, after `npm ci` there:
 * `npm run login-success [-- sign-ins]`. Takes a few minutes, prints a table and, for a full run, writes it into
 * docs/faults.md.
 */
const fullCount = 2000;
const count = Number(process.argv[2] ?? fullCount);
const concurrency = 100;
const longMs = 15_000;
const seed = 20260101;

const columns = [
  'strategy',
  'sign-ins',
  'succeeded',
  'within 15 s',
  'requests longer than 15 s',
  'slowest',
  'faults met (503, reset, hang)',
];

async function main(): Promise<void> {
  const rows: string[][] = [];
  for (const contender of contenders) {
    await using upstream = await startFaultyUpstream(seed);
    await using app = await startApp(contender, upstream.url);
    const signIns = await signInMany(app.url, count, concurrency, (finished) => {
      if (finished % 100 === 0) process.stderr.write(`\r${contender.name}: ${finished} of ${count} `);
    });
    process.stderr.write('\n');
    const { 503: unavailable, reset, hang } = upstream.faults;
    rows.push([contender.name, ...summarize(signIns), [unavailable, reset, hang].join(', ')]);
  }
  const content = render(rows);
  process.stdout.write(`${content}\n`);
  if (count === fullCount) writeSection('login success', content);
}

function summarize(signIns: SignIn[]): string[] {
  const succeeded = signIns.filter((signIn) => signIn.succeeded);
  const inTime = succeeded.filter(({ durationMs }) => durationMs <= longMs);
  const long = signIns.filter(({ durationMs }) => durationMs > longMs);
  const slowestMs = Math.max(...signIns.map(({ durationMs }) => durationMs));
  const toShare = ({ length }: SignIn[]) => `${length} (${((100 * length) / signIns.length).toFixed(1)}%)`;
  return [
    String(signIns.length),
    toShare(succeeded),
    toShare(inTime),
    String(long.length),
    `${(slowestMs / 1000).toFixed(1)} s`,
  ];
}

function render(rows: string[][]): string {
  const cpus = os.cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `${faultRate * 100}% of the answers to the profile request are a 503, a reset or a hang of ${hangMs / 1000} s (after which there is an
answer), each as often as the others; every code exchange succeeds. ${concurrency} sign-ins at a time; each strategy
as its README says, with \`state\` on, its default timeouts and the same dice. passport-metafy asks again after a
503 and a reset, and gives a hang up after 10 s; the others wait as long as it takes, and never ask again.

${renderTable(columns, rows)}

Node ${process.versions.node}, ${os.type()}, ${cpus.length} × ${cpus[0]?.model.trim()}, ${date}. To run it, a few minutes:
\`npm ci && cd bench && npm ci && npm run login-success\`.`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
