import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describeExample } from '../../../examples/run';
import type { Site } from './site-behaviour';

export interface ExampleSite extends Site {
  /** Resolves when it has written `text` to stderr, which may be after its answer. */
  waitForLog(text: string): Promise<void>;
}

/**
 * Runs `examples/<name>` in a process of its own, as its reader would.
 *
 * @throws {Error} with what it has written to stderr, when it ends instead of listening
 */
export async function startExample(
  name: string,
  emulator: { url: string },
  variables: NodeJS.ProcessEnv = {},
): Promise<ExampleSite> {
  const { command, parameters, env } = describeExample(name, emulator.url);
  const child = spawn(command, parameters, {
    env: { ...env, PORT: '0', ...variables },
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
  const waitForLog = async (text: string) => {
    while (!log.includes(text)) await Promise.race([once(child.stderr, 'data'), ended]);
  };
  return { url: await Promise.race([url, ended]), waitForLog, [Symbol.asyncDispose]: stop };
}
