import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { typescriptArguments } from '../support/typescript';
import { useEmulator } from './support/fixtures';

const COMMAND = join(__dirname, '../../src/cli.ts');

describe('the command passport-metafy emulator', function () {
  this.timeout(30_000);
  const occupied = useEmulator();
  const children: ChildProcess[] = [];

  after(() => {
    for (const child of children) {
      child.kill('SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
  });

  function launch(args: string[]) {
    const command = [...typescriptArguments, COMMAND, 'emulator', ...args];
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }

  async function start(...args: string[]): Promise<{ child: ChildProcess; output: string; url: string }> {
    const child = launch(args);
    let output = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      output += chunk;
      if (output.includes('Ctrl+C')) break;
    }
    return { child, output, url: /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '' };
  }

  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const child = launch(args);
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { code, stdout, stderr };
  }

  it('prints where it listens and how to use it, and exits with 0 on a signal, whatever still hangs on it', async function () {
    // There, `kill` ends a process without telling it.
    if (process.platform === 'win32') this.skip();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child, output, url } = await start();
      expect(output).to.match(/URL +http:\/\/127\.0\.0\.1:\d+\n/);
      expect(output).to.match(/Client ID +metafy-demo\n/);
      expect(output).to.match(/Client secret +metafy-demo-secret\n/);
      expect(output).to.include('http://localhost:3000/auth/metafy/callback').and.include('Ada Coach');
      expect((await fetch(`${url}/irk/api/v1/me`)).status).to.equal(401);
      child.kill(signal);
      expect(await once(child, 'exit')).to.deep.equal([0, null]);
    }
  });

  it('takes redirect URIs, refresh mode and lifetime', async () => {
    const uris = ['--redirect-uri', 'http://localhost:8080/cb', '--redirect-uri', 'http://localhost:9090/cb'];
    const { output, url } = await start(...uris, '--refresh-mode=immediate', '--access-token-lifetime=60');
    expect(output).to.include('http://localhost:8080/cb').and.to.include('http://localhost:9090/cb');
    const credentials = 'client_id=metafy-demo&client_secret=metafy-demo-secret';
    const body = new URLSearchParams(`grant_type=client_credentials&${credentials}`);
    const response = await fetch(`${url}/irk/oauth/token`, { method: 'POST', body });
    expect(await response.text()).to.include('"expires_in":60');
  });

  it('explains itself with --help', async () => {
    const { code, stdout } = await run('--help');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: passport-metafy emulator/);
  });

  for (const [args, message] of [
    [['--prot', '1'], '--prot'],
    [['--port', 'http'], '--port must be'],
    [['--refresh-mode', 'never'], '--refresh-mode must be'],
    [['--access-token-lifetime', '0'], '--access-token-lifetime must be'],
    [['--redirect-uri', '/callback'], '--redirect-uri must be'],
  ] as const) {
    it(`exits with 2 and one line for ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr)
        .to.include(message)
        .and.match(/^[^\n]+\n$/);
    });
  }

  it('exits with 1 when the port is in use', async () => {
    const { code, stderr } = await run('--port', new URL(occupied.url).port);
    expect(code).to.equal(1);
    expect(stderr).to.include('EADDRINUSE');
  });
});
