import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { dependencies } from './package.json';
import { isPinned } from './worker';

/** Where and with what the results were made. */
export function describeEnvironment(isQuick: boolean): Record<string, string> {
  const git = (...parameters: string[]) => execFileSync('git', parameters, { encoding: 'utf8' }).trim();
  const changes = git('status', '--porcelain', 'src') ? ' and changes in src' : '';
  const frameworks = ['express', 'passport', 'express-session'].map(
    (name) => [name, require(`${name}/package.json`).version] as const,
  );
  const versions = [...frameworks, ...Object.entries(dependencies)];
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD') + changes,
    mode: isQuick ? 'quick: only to see that everything works' : 'full',
    node: process.versions.node,
    system: `${os.type()} ${os.release()}, ${os.arch()}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}`,
    'load average before': os
      .loadavg()
      .map((load) => load.toFixed(2))
      .join(', '),
    pinned: isPinned ? 'the server on one core, load and upstream on another' : 'no: `taskset` is missing',
    packages: versions.map(([name, version]) => `${name} ${version}`).join(', '),
  };
}
