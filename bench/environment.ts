import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** Where and with what the results were made; `package-lock.json` and `bench/package.json` have the versions. */
export function describeEnvironment(): Record<string, string> {
  const git = (...parameters: string[]) => execFileSync('git', parameters, { encoding: 'utf8' }).trim();
  const changes = git('status', '--porcelain', 'src') ? ' and changes in src' : '';
  const load = os.loadavg().map((average) => average.toFixed(2));
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD') + changes,
    system: `Node ${process.versions.node}, ${os.type()} ${os.release()}, ${os.arch()}`,
    processors: `${os.cpus().length} × ${os.cpus()[0]?.model.trim()}`,
    'load average before': load.join(', '),
  };
}
