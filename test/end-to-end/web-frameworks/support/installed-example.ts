import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { MetafyEmulator } from '../../../../src/emulator';
import { findFreePort } from '../../../support/free-port';
import { PackedProject, runIn } from '../../../support/packed-project';
import type { Site } from '../../support/site-behaviour';

const examples = join(__dirname, '..', '..', '..', '..', 'examples');
const packed = new PackedProject();
let packing: Promise<void> | undefined;

after(function () {
  // Ten thousands of files.
  this.timeout(60_000);
  packed[Symbol.dispose]();
});

/**
 * Copies `examples/<name>` and installs what its package.json names, with the package as npm would publish it: the copy's
 * directory. The examples have dependencies of their own, so that those of the repository stay few.
 */
export async function installExample(name: string): Promise<string> {
  packing ??= packed.pack();
  await packing;
  // Not below `project`, whose node_modules would hide what an example has forgotten to name.
  const directory = join(dirname(packed.tarball), '..', `example-${name}`);
  cpSync(join(examples, name), directory, { recursive: true, filter: (path) => !path.includes('node_modules') });
  await runIn(directory, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', packed.tarball);
  return directory;
}

/** Runs a script of an example's package.json: what it printed. */
export function runScript(directory: string, script: string): Promise<string> {
  return runIn(directory, 'env', 'NEXT_TELEMETRY_DISABLED=1', 'npm', 'run', script);
}

/** Starts an example's server, a client of the emulator, in a process of its own. */
export async function startExample(
  directory: string,
  command: string[],
  emulator: MetafyEmulator,
  variables: NodeJS.ProcessEnv = {},
): Promise<Site> {
  const port = String(await findFreePort());
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: [join(directory, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: port,
    APP_URL: url,
    SESSION_SECRET: 'at least 32 characters, only for tests',
    TOKEN_SECRET: 'at least 32 characters, only for tests',
    // SvelteKit's name for it.
    ORIGIN: url,
    METAFY_URL: emulator.url,
    METAFY_CLIENT_ID: 'metafy-demo',
    METAFY_CLIENT_SECRET: 'metafy-demo-secret',
    ...variables,
  };
  const [file = '', ...parameters] = command;
  const child = spawn(file, parameters, {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Some start another process, which would outlive a signal to the first.
    detached: true,
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      log += chunk;
    });
  }
  const exit = once(child, 'close');
  await waitForAnswer(url, child).catch((error) => {
    throw new Error(`${error.message}:\n${log}`);
  });
  const stop = async () => {
    process.kill(-(child.pid as number));
    await exit;
  };
  return { url, [Symbol.asyncDispose]: stop };
}

/** @throws Error when the process ends instead of listening */
async function waitForAnswer(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isUp = await fetch(url, { redirect: 'manual' }).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the example has ended with ${child.exitCode}`);
}
