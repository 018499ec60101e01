import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../lab';
import { dependencies } from '../package.json';
import { atMost, type Chapter } from '../report';
import { interleave, pairRounds, Series, toSpread } from '../statistics';
import { cores, isPinned } from '../worker';

/** What `require` is given for each package. */
const entries: Record<string, string> = {
  'passport-metafy': 'passport-metafy',
  'passport-oauth2': 'passport-oauth2',
  'openid-client': 'openid-client/passport',
  arctic: 'arctic',
  'simple-oauth2': 'simple-oauth2',
};
const names = Object.keys(entries);
const root = join(__dirname, '../..');

/** Installs each package into an empty project for its size, and all into one to load them. */
export async function weighPackages({ sizes, report }: Lab): Promise<Chapter> {
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-bench-'));
  try {
    report('packing');
    const packed = run(
      root,
      'npm',
      'pack',
      '--ignore-scripts',
      '--json',
      '--silent',
      '--pack-destination',
      directory,
    );
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    const sources = names.map((name) =>
      name === 'passport-metafy'
        ? join(directory, filename)
        : `${name}@${dependencies[name as keyof typeof dependencies]}`,
    );
    const trees = names.map((name, index) => {
      report(`installing ${name}`);
      return measureTree(install(join(directory, name), sources[index] as string));
    });
    const frameworks = ['express', 'passport'].map(
      (name) => `${name}@${require(`${name}/package.json`).version}`,
    );
    const application = install(join(directory, 'application'), ...frameworks, ...sources);
    const loadMs = new Series();
    report('loading packages');
    await interleave(names, sizes.loads, async (name) => {
      loadMs.push(name, load(application, entries[name] as string));
    });
    const [ours, reference] = ['passport-metafy', 'passport-oauth2'].map((name) => loadMs.of(name));
    return {
      title: 'What a package weighs',
      explanation:
        'Loaded by `require` in a fresh process that has loaded Express and Passport. Sizes are the bytes of all files below `node_modules` after the package was installed by itself into an empty project, ours from its tarball; the part in `@types` is never loaded.',
      rows: names.map((name, index) => ({
        '': name,
        'require, ms': toSpread(loadMs.of(name)),
        ...trees[index],
      })),
      targets: [
        atMost(
          4,
          "`require`, ms above passport-oauth2's",
          pairRounds(ours as number[], reference as number[], (a, b) => a - b),
        ),
      ],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function run(cwd: string, command: string, ...parameters: string[]): string {
  // npm's settings for this project are not those of the other.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(INIT_CWD|npm_)/.test(name)),
  );
  return execFileSync(command, parameters, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

/** The path of the new project. */
function install(project: string, ...sources: string[]): string {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  run(project, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', ...sources);
  return project;
}

function load(application: string, entry: string): number {
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
  return Number(run(application, program, ...parameters));
}

function measureTree(project: string) {
  const modules = join(project, 'node_modules');
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object };
  let bytes = 0;
  let typesBytes = 0;
  for (const file of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || file.name === '.package-lock.json') continue;
    const path = join(file.parentPath, file.name);
    const { size } = statSync(path);
    bytes += size;
    if (path.includes('@types')) typesBytes += size;
  }
  return {
    'installed, KiB': Math.round(bytes / 1024),
    'of it `@types`, KiB': Math.round(typesBytes / 1024),
    packages: Object.keys(lock.packages).length,
  };
}
