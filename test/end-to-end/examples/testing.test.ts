import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
// What README.md and docs/testing.md show for mocha is a test.
import '../../../examples/testing/first';
import '../../../examples/testing/mocha';
import '../../../examples/testing/people';
import '../../../examples/testing/supporters';
import { findChromium } from '../../support/browser';
import { caught } from '../../support/caught';
import { createConsumerEnvironment, findTool, PackedProject, runIn } from '../../support/packed-project';
import { skipWithout } from '../../support/skip-without';

const examples = join(__dirname, '..', '..', '..', 'examples', 'testing');

describe('examples/testing', function () {
  // Each starts a test runner that compiles its tests.
  this.timeout(120_000);

  it('passes in Vitest', async () => {
    await runIn(join(examples, 'vitest'), process.execPath, findTool('vitest/vitest.mjs'), 'run');
  });

  it('passes in node:test', async () => {
    const output = await runIn(
      join(examples, 'node-test'),
      process.execPath,
      ...['--import', 'tsx', '--test', '--test-reporter', 'tap', 'sign-in.test.ts'],
    );
    expect(output).to.match(/^# pass 2$/m);
  });

  it('passes in Jest', async () => {
    await runIn(join(examples, 'jest'), process.execPath, findTool('jest/bin/jest.js'));
  });

  it('runs a command beside an emulator, and ends as it does', async () => {
    const run = (script: string) => runIn(examples, process.execPath, 'with-emulator.mjs', '-e', script);
    expect(await run('fetch(process.env.METAFY_URL).then(({ status }) => console.log(status))')).to.equal('200\n');
    expect(await caught(() => run('process.exit(3)'))).to.be.an('error');
  });

  it('passes in Playwright', async function () {
    const chromium = findChromium();
    if (!chromium) skipWithout(this, 'chromium', 'apt-get install chromium, or set CHROMIUM_PATH');
    const output = mkdtempSync(join(tmpdir(), 'passport-metafy-playwright-'));
    try {
      const playwright = [process.execPath, findTool('@playwright/test/cli.js'), 'test', '--output', output];
      await runIn(join(examples, 'playwright'), 'env', `CHROMIUM_PATH=${chromium}`, ...playwright);
    } finally {
      rmSync(output, { recursive: true, force: true });
    }
  });
});

// What can be shown without Docker: the image's commands, run outside of a container.
describe('examples/testing/container', function () {
  // It builds, packs and installs the package.
  this.timeout(180_000);

  const dockerfile = readFileSync(join(examples, 'container', 'Dockerfile'), 'utf8');
  const [, packages] = /^RUN npm install (.+)$/m.exec(dockerfile) ?? [];
  const [node, ...command] = JSON.parse(/^CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? '[]') as string[];

  it('starts an emulator that is reached through every address of the machine', async () => {
    expect([packages, node]).to.deep.equal(['passport-metafy', 'node']);
    using project = new PackedProject();
    await project.pack();
    const directory = await project.install('emulator', [], {});
    // Any free port, for the tests may run beside whatever has this one.
    const child = spawn(process.execPath, [...command.slice(0, -1), '0'], {
      cwd: directory,
      env: createConsumerEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [output] = (await once(child.stdout, 'data')) as [Buffer];
      const port = Number(/http:\/\/0\.0\.0\.0:(\d+)/.exec(String(output))?.[1]);
      const addresses = Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ family }) => family === 'IPv4')
        .map(({ address }) => address);
      expect(addresses).not.to.have.length(0);
      for (const address of addresses) expect(await getStatus(address, port)).to.equal(200);
      expect(await getStatus('127.0.0.1', port, 'localhost:4000')).to.equal(200);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).to.deep.equal([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('publishes the port of that command, and names it to the application', () => {
    const lines = readFileSync(join(examples, 'container', 'compose.yaml'), 'utf8')
      .split('\n')
      .map((line) => line.replace(/ #.*/, '').trim());
    expect(command.slice(-2)).to.deep.equal(['--port', '4000']);
    expect(lines).to.include.members(['- 127.0.0.1:4000:4000', 'network_mode: service:metafy']);
    expect(lines).to.include('METAFY_URL: http://localhost:4000');
  });
});

async function getStatus(hostname: string, port: number, host = `${hostname}:${port}`): Promise<number | undefined> {
  const sent = request({ hostname, port, headers: { host } }).end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}
