import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { examples } from '../../../examples/run';
import { findFreePort } from '../../support/free-port';
import { skipWithout } from '../../support/skip-without';
import { typescriptArguments } from '../../support/typescript';

const root = join(__dirname, '..', '..', '..');
const command = [...typescriptArguments, join(root, 'examples', 'run.ts')];

/** Runs `npm run example <name>` until a page of it answers, or it ends by itself: with what exit code, and its output. */
async function runExample(name: string): Promise<{ status?: number; exitCode: number | null; output: string }> {
  const child = spawn(process.execPath, [...command, name], {
    env: { ...process.env, PORT: String(await findFreePort()) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm starts other processes, which a terminal would stop as well.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const exit = once(child, 'close');
  while (child.exitCode === null) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
    const page = url ? await fetch(url, { redirect: 'manual' }).catch(() => undefined) : undefined;
    if (page) {
      process.kill(-(child.pid as number));
      await exit;
      return { status: page.status, exitCode: null, output };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await exit;
  return { exitCode: child.exitCode, output };
}

describe('npm run example', function () {
  // Some are installed from the registry, and built.
  this.timeout(300_000);

  for (const name of examples) {
    it(`shows ${name}: a server that answers, or tests that pass`, async function () {
      const hasRedis = process.env.REDIS_URL || !spawnSync('redis-server', ['--version']).error;
      if (name === 'fleet' && !hasRedis) skipWithout(this, 'redis-server', 'apt-get install redis-server');
      const { status, exitCode, output } = await runExample(name);
      if (status === undefined) expect(exitCode, output).to.equal(0);
      else expect(status, output).to.be.below(500);
      const isServer = existsSync(join(root, 'examples', name, 'server.ts'));
      if (isServer) expect(status, output).to.be.a('number');
    });
  }

  it('lists the names when there is no such example, or none is named', async () => {
    for (const name of ['koala', '']) {
      const { exitCode, output } = await runExample(name);
      expect(exitCode).to.equal(1);
      for (const known of examples) expect(output.split(/\s+/)).to.include(known);
    }
  });
});
