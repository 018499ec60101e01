import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from './free-port';
import { skipWithout } from './skip-without';

export interface RunningServer {
  url: string;
  stop(): Promise<void>;
}

/**
 * A Redis while the surrounding `describe` runs: the one at `REDIS_URL`, or `redis-server` from PATH, with nothing
 * in it. Where there is neither, the tests are skipped, and fail on CI.
 */
export function useRedis(): { readonly url: string } {
  let server: RunningServer | undefined;
  before(async function () {
    server = await startRedis();
    if (!server)
      skipWithout(this, 'Redis', 'install redis-server (apt-get install redis-server) or set REDIS_URL');
  });
  after(() => server?.stop());
  return {
    get url() {
      if (!server) throw new Error('There is no Redis outside of the tests.');
      return server.url;
    },
  };
}

/** @returns `undefined` when there is no Redis here */
export async function startRedis(): Promise<RunningServer | undefined> {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, stop: async () => {} };
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-redis-'));
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  const port = await findFreePort();
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    await waitUntilReady(child);
  } catch (error) {
    process.off('exit', kill);
    removeDirectory();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      process.off('exit', kill);
      const exited = once(child, 'exit');
      child.kill();
      await exited;
      removeDirectory();
    },
  };
}

async function waitUntilReady(child: ChildProcess): Promise<void> {
  await once(child, 'spawn');
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of output) {
    lines.push(line);
    if (line.includes('Ready to accept connections')) {
      child.stdout?.resume();
      return;
    }
  }
  throw new Error(`redis-server did not start:\n${lines.join('\n')}`);
}
