import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dependencies } from '../package.json';
import { type Chapter, Table, target } from '../report';
import { report, sizes } from '../settings';
import { interleave, pairRounds } from '../statistics';
import { bindToCores } from '../worker';

const names = ['passport-metafy', 'passport-oauth2', 'openid-client', 'arctic'];
const root = join(__dirname, '../..');

/** Installs each package into an empty project for its size, and all into one to load them. */
export async function weighPackages(): Promise<Chapter> {
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-bench-'));
  process.on('exit', () => rmSync(directory, { recursive: true }));
  const packing = ['pack', root, '--ignore-scripts', '--silent', '--pack-destination', directory];
  const tarball = join(directory, run(directory, 'npm', packing).trim());
  const versions: Record<string, string> = dependencies;
  const sources = names.map((name) => (name === 'passport-metafy' ? tarball : `${name}@${versions[name]}`));
  const installed = sources.map((source, index) => measureKiB(install(join(directory, `${index}`), [source])));
  const frameworks = ['express', 'passport'].map((name) => `${name}@${require(`${name}/package.json`).version}`);
  const application = install(join(directory, 'application'), [...frameworks, ...sources]);
  report('loading packages');
  // As in an application: V8 compiles and collects on other cores as well.
  bindToCores(process.pid, '0,1');
  const table = new Table();
  await interleave(names, sizes.loads, async (name) => {
    table.add({ '': name }, { 'require, ms': load(application, name) });
  });
  const [ours = [], reference = []] = names.map((name) => table.of(name, 'require, ms')[0]);
  const difference = pairRounds(ours, reference, (a, b) => a - b);
  return {
    title: 'What a package weighs',
    explanation:
      'Loaded by `require` in a fresh process that has loaded Express and Passport. Sizes are the bytes of all files below `node_modules` after the package was installed by itself into an empty project, ours from its tarball.',
    rows: table.rows.map((row, index) => ({ ...row, 'installed, KiB': installed[index] as number })),
    targets: [target("`require`, ms above passport-oauth2's", difference, '≤', 4)],
  };
}

const run = (cwd: string, command: string, parameters: string[]): string =>
  execFileSync(command, parameters, { cwd, encoding: 'utf8' });

/** The path of the new project. */
function install(project: string, sources: string[]): string {
  report(`installing ${sources}`);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  run(project, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', ...sources]);
  return project;
}

function load(application: string, name: string): number {
  const entry = name === 'openid-client' ? 'openid-client/passport' : name;
  const script = `require('express'); require('passport'); const beganMs = performance.now(); require('${entry}');
    console.log(performance.now() - beganMs);`;
  return Number(run(application, process.execPath, ['--no-warnings', '--eval', script]));
}

function measureKiB(project: string): number {
  const files = readdirSync(join(project, 'node_modules'), { recursive: true, withFileTypes: true });
  const sizes = files.map((file) => (file.isFile() ? statSync(join(file.parentPath, file.name)).size : 0));
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}
