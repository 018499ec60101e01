import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from './free-port';
import { createService } from './services';

/** The Redis at `REDIS_URL`, or `redis-server` from PATH. */
export const useRedis = createService('Redis', 'REDIS_URL', 'redis-server', startRedis);

/** @returns its URL; `undefined` when there is no redis-server in PATH */
async function startRedis(): Promise<string | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-redis-'));
  const port = await findFreePort();
  const address = ['--port', String(port), '--bind', '127.0.0.1'];
  const child = spawn('redis-server', [...address, '--dir', directory, '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  await waitForLine(child.stdout, 'Ready to accept connections');
  // The tests may end without it.
  child.unref();
  (child.stdout as Socket).unref();
  return `redis://127.0.0.1:${port}`;
}

async function waitForLine(output: NodeJS.ReadableStream, text: string): Promise<void> {
  const lines = createInterface({ input: output });
  const received: string[] = [];
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      received.push(line);
      if (line.includes(text)) resolve();
    });
    lines.on('close', () => reject(new Error(`redis-server did not start:\n${received.join('\n')}`)));
  });
}
