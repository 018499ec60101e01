import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { dependencies } from './package.json';
import { isPinned } from './worker';

/** Where and with what the results were made. */
export function describeEnvironment(isQuick: boolean): Record<string, string> {
  const cpus = os.cpus();
  const peers = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  const [express, passport, session] = ['express', 'passport', 'express-session'].map(
    (name) => (require(`${name}/package.json`) as { version: string }).version,
  );
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: readCommit(),
    mode: isQuick ? 'quick: only to see that everything works' : 'full',
    node: process.versions.node,
    system: `${os.type()} ${os.release()}, ${os.arch()}`,
    processors: `${cpus.length} × ${cpus[0]?.model.trim()}`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    'load average before': os
      .loadavg()
      .map((load) => load.toFixed(2))
      .join(', '),
    pinned: isPinned ? 'the server on one core, load and upstream on another' : 'no: `taskset` is missing',
    frameworks: `express ${express}, passport ${passport}, express-session ${session}`,
    peers: peers.join(', '),
  };
}

function readCommit(): string {
  try {
    const run = (...parameters: string[]) => execFileSync('git', parameters, { encoding: 'utf8' }).trim();
    return (
      run('rev-parse', '--short', 'HEAD') + (run('status', '--porcelain', 'src') ? ' and changes in src' : '')
    );
  } catch {
    return 'unknown';
  }
}
