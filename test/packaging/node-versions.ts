/*
 * Runs the sign-in tests, or those that are named, under each supported version of Node, from the npm package `node`.
 *
 *   npm run test:node-versions [-- test/tokens/*.test.ts]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const versions = ['20', '22', '24', '26'];
const mocha = join(__dirname, '..', '..', 'node_modules', 'mocha', 'bin', 'mocha.js');
// `npm` by its name would need a shell on Windows.
const npm = process.env.npm_execpath as string;
const named = process.argv.slice(2);
const files = named.length > 0 ? named : ['test/end-to-end/*.test.ts', 'test/end-to-end/frameworks/*.test.ts'];

for (const version of versions) {
  const exec = [npm, 'exec', '--yes', '--package', `node@${version}`, '--', 'node'];
  for (const command of [['--version'], [mocha, '--reporter', 'dot', ...files]]) {
    const { status, error } = spawnSync(process.execPath, [...exec, ...command], { stdio: 'inherit' });
    if (error) throw error;
    if (status !== 0) process.exitCode = 1;
  }
}
