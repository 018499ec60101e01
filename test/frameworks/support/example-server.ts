import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describeExample } from '../../../examples/run';
import type { MetafyEmulator } from '../../../src/emulator';
import type { Site } from './site-behaviour';

/** Runs `examples/<name>/server.ts` in a process of its own, as its reader would. */
export async function startExample(name: string, emulator: MetafyEmulator): Promise<Site> {
  const { command, parameters, env } = describeExample(name, emulator.url);
  const child = spawn(command, parameters, {
    env: { ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Frameworks log the faults that the tests provoke.
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const exit = once(child, 'close');
  const ended = exit.then(([code]) => {
    throw new Error(`examples/${name} has ended with ${code}:\n${log}`);
  });
  ended.catch(() => {});
  const url = new Promise<string>((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const line = /^http:\/\/127\.0\.0\.1:\d+$/m.exec(output);
      if (line) resolve(line[0]);
    });
  });
  const stop = async () => {
    child.kill();
    await exit;
  };
  return { url: await Promise.race([url, ended]), [Symbol.asyncDispose]: stop };
}
