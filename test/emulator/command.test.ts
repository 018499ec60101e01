import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
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

  it('prints where it listens and how to use it', async () => {
    const { output } = await start();
    expect(output).to.match(/URL +http:\/\/127\.0\.0\.1:\d+\n/);
    expect(output).to.match(/Client id +metafy-demo\n/);
    expect(output).to.match(/Client secret +metafy-demo-secret\n/);
    expect(output).to.include('http://localhost:3000/auth/metafy/callback');
    expect(output).to.include('Ada Coach');
  });

  it('answers where it says', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/irk/api/v1/me`)).status).to.equal(401);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`exits with 0 on ${signal}, whatever still hangs on it`, async () => {
      const { child, url } = await start();
      await (await fetch(`${url}/irk/api/v1/me`)).text();
      child.kill(signal);
      expect(await once(child, 'exit')).to.deep.equal([0, null]);
    });
  }

  it('takes redirect URIs, refresh mode and lifetime', async () => {
    const uris = ['--redirect-uri', 'http://localhost:8080/cb', '--redirect-uri', 'http://localhost:9090/cb'];
    const { output, url } = await start(...uris, '--refresh-mode=immediate', '--access-token-lifetime=60');
    expect(output).to.include('http://localhost:8080/cb').and.to.include('http://localhost:9090/cb');
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'metafy-demo',
      client_secret: 'metafy-demo-secret',
    });
    const response = await fetch(`${url}/irk/oauth/token`, { method: 'POST', body });
    expect(await response.text()).to.include('"expires_in":60');
  });

  it('explains itself with --help', async () => {
    const { code, stdout } = await run('--help');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: passport-metafy emulator/);
  });

  const wrong: [title: string, args: string[], message: string][] = [
    ['an unknown option', ['--prot', '1'], '--prot'],
    ['a port that is no number', ['--port', 'http'], 'port must be'],
    ['an unknown refresh mode', ['--refresh-mode', 'never'], 'refreshMode must be'],
    ['a redirect URI that is none', ['--redirect-uri', '/callback'], 'redirectURIs must be'],
  ];
  for (const [title, args, message] of wrong) {
    it(`exits with 2 and one line for ${title}`, async () => {
      const { code, stdout, stderr } = await run(...args);
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr)
        .to.include(message)
        .and.to.match(/^[^\n]+\n$/);
    });
  }

  it('exits with 1 when the port is in use', async () => {
    const { code, stderr } = await run('--port', new URL(occupied.url).port);
    expect(code).to.equal(1);
    expect(stderr).to.include('EADDRINUSE');
  });

  function launch(args: string[]): ChildProcess {
    const child = spawn(process.execPath, [...typescriptArguments, COMMAND, 'emulator', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    return child;
  }

  async function start(...args: string[]): Promise<{ child: ChildProcess; output: string; url: string }> {
    const child = launch(args);
    let output = '';
    for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
      output += chunk;
      if (output.includes('Ctrl+C')) break;
    }
    return { child, output, url: /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '' };
  }

  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const child = launch(args);
    const read = async (stream: NodeJS.ReadableStream | null): Promise<string> => {
      let text = '';
      for await (const chunk of stream ?? []) text += chunk;
      return text;
    };
    const exit = once(child, 'exit');
    const [stdout, stderr, [code]] = await Promise.all([read(child.stdout), read(child.stderr), exit]);
    return { code, stdout, stderr };
  }
});
