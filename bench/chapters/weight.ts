import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../lab';
import { dependencies } from '../package.json';
import { type Chapter, Table, target } from '../report';
import { interleave, pairRounds } from '../statistics';
import { cores, isPinned } from '../worker';

const names = ['passport-metafy', 'passport-oauth2', 'openid-client', 'arctic', 'simple-oauth2'];
const root = join(__dirname, '../..');

/** Installs each package into an empty project for its size, and all into one to load them. */
export async function weighPackages({ sizes, report }: Lab): Promise<Chapter> {
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-bench-'));
  try {
    const packing = ['pack', root, '--ignore-scripts', '--silent', '--pack-destination', directory];
    const tarball = join(directory, run(directory, 'npm', packing).trim());
    const versions: Record<string, string> = dependencies;
    const sources = names.map((name) => (name === 'passport-metafy' ? tarball : `${name}@${versions[name]}`));
    const trees = names.map((name, index) => {
      report(`installing ${name}`);
      const modules = join(install(join(directory, name), sources.slice(index, index + 1)), 'node_modules');
      return {
        'installed, KiB': measureKiB(modules),
        'of it `@types`, KiB': measureKiB(modules, '/@types/'),
      };
    });
    const frameworks = ['express', 'passport'].map(
      (name) => `${name}@${require(`${name}/package.json`).version}`,
    );
    const application = install(join(directory, 'application'), [...frameworks, ...sources]);
    report('loading packages');
    const table = new Table();
    await interleave(names, sizes.loads, async (name) => {
      table.add({ '': name }, { 'require, ms': load(application, name) });
    });
    const [ours = [], reference = []] = names.map((name) => table.of(name, 'require, ms')[0]);
    const difference = pairRounds(ours, reference, (a, b) => a - b);
    return {
      title: 'What a package weighs',
      explanation:
        'Loaded by `require` in a fresh process that has loaded Express and Passport. Sizes are the bytes of all files below `node_modules` after the package was installed by itself into an empty project, ours from its tarball; the part in `@types` is never loaded.',
      rows: names.map((name, index) => ({ ...table.rows.find((row) => row[''] === name), ...trees[index] })),
      targets: [target("`require`, ms above passport-oauth2's", difference, '≤', 4)],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function run(cwd: string, command: string, parameters: string[]): string {
  // What npm sets for this project's scripts is not meant for another project.
  const settings = Object.entries(process.env).filter(([name]) => !/^(INIT_CWD|npm_)/.test(name));
  return execFileSync(command, parameters, { cwd, env: Object.fromEntries(settings), encoding: 'utf8' });
}

/** The path of the new project. */
function install(project: string, sources: string[]): string {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  run(project, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', ...sources]);
  return project;
}

function load(application: string, name: string): number {
  const entry = name === 'openid-client' ? 'openid-client/passport' : name;
  const script = `
    require('express');
    require('passport');
    const beganMs = performance.now();
    require('${entry}');
    console.log(performance.now() - beganMs);`;
  const command = [process.execPath, '--no-warnings', '--eval', script];
  const [program = '', ...parameters] = isPinned
    ? ['taskset', '--cpu-list', cores.measured, ...command]
    : command;
  return Number(run(application, program, parameters));
}

function measureKiB(directory: string, part = ''): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  const paths = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => path.includes(part));
  return Math.round(paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1024);
}
