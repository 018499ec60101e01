import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PackedProject, runIn } from '../../test/support/packed-project';
import { dependencies } from '../package.json';
import type { Stage } from '../stage';
import { type Spread, toSpread } from '../statistics';
import { isPinned } from '../worker';
import type { Chapter } from './chapter';

/** What `require` is given for each package. */
const entries: Record<string, string> = {
  'passport-metafy': 'passport-metafy',
  'passport-oauth2': 'passport-oauth2',
  'openid-client': 'openid-client/passport',
  arctic: 'arctic',
  'simple-oauth2': 'simple-oauth2',
};

/** One package in a project of its own. */
export interface Weight {
  name: string;
  loadMs: Spread;
  /** Above that of a process which loads nothing. */
  residentMiB: Spread;
  installedKiB: number;
  typesKiB: number;
  packages: number;
}

/** Installs each package into an empty project and loads it in processes that do nothing else. */
export async function weighPackages({ sizes, report }: Stage): Promise<Weight[]> {
  using project = new PackedProject();
  report('packing');
  await project.pack();
  const installed: { name: string; directory: string; loads: Load[] }[] = [];
  for (const name of Object.keys(entries)) {
    report(`installing ${name}`);
    const version = dependencies[name as keyof typeof dependencies];
    const source = name === 'passport-metafy' ? project.tarball : `${name}@${version}`;
    installed.push({ name, directory: await project.installOnly(name, [source]), loads: [] });
  }
  const bare: Load[] = [];
  for (let round = 0; round < sizes.loads; round++) {
    report(`loading packages, round ${round + 1} of ${sizes.loads}`);
    const [first] = installed;
    bare.push(await load(first?.directory as string, undefined));
    for (const { name, directory, loads } of installed) loads.push(await load(directory, entries[name]));
  }
  const bareMiB = toSpread(bare.map(({ residentMiB }) => residentMiB)).median;
  return installed.map(({ name, directory, loads }) => ({
    name,
    loadMs: toSpread(loads.map(({ loadMs }) => loadMs)),
    residentMiB: toSpread(loads.map(({ residentMiB }) => residentMiB - bareMiB)),
    ...measureTree(join(directory, 'node_modules')),
  }));
}

interface Load {
  loadMs: number;
  residentMiB: number;
}

async function load(directory: string, entry: string | undefined): Promise<Load> {
  const script = `
    const began = performance.now();
    ${entry ? `require('${entry}');` : ''}
    const loadMs = performance.now() - began;
    console.log(JSON.stringify({ loadMs, residentMiB: process.memoryUsage.rss() / 2 ** 20 }));`;
  const command = [process.execPath, '--no-warnings', '--eval', script];
  const [program = '', ...parameters] = isPinned ? ['taskset', '--cpu-list', '0', ...command] : command;
  return JSON.parse(await runIn(directory, program, ...parameters)) as Load;
}

function measureTree(modules: string): Pick<Weight, 'installedKiB' | 'typesKiB' | 'packages'> {
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
    installedKiB: bytes / 1024,
    typesKiB: typesBytes / 1024,
    packages: Object.keys(lock.packages).length,
  };
}

export function describeWeights(weights: Weight[]): Chapter {
  return {
    title: 'What a package weighs',
    explanation:
      'Each installed by itself into an empty project (ours from its tarball) and loaded by `require` in a fresh process, in turn. Resident memory is what the process has above one that loads nothing. Sizes are the bytes of all files below `node_modules`; the part in `@types` is never loaded.',
    rows: weights.map(({ name, loadMs, residentMiB, installedKiB, typesKiB, packages }) => ({
      '': name,
      'require, ms': loadMs,
      'resident, MiB': residentMiB,
      'installed, KiB': Math.round(installedKiB),
      'of it `@types`, KiB': Math.round(typesKiB),
      packages,
    })),
  };
}
