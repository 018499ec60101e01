import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Visitor } from '../../src/emulator';
import { createConsumerEnvironment, PackedProject } from '../support/packed-project';

describe('npx passport-metafy, in an empty folder and with an empty npm cache', function () {
  // It builds and packs once, and each command installs from the registry.
  this.timeout(180_000);

  const project = new PackedProject();
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-npx-'));
  const children: ChildProcess[] = [];
  before(() => project.pack());
  after(() => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) signal(child, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true });
    project[Symbol.dispose]();
  });

  /** @returns when it has printed what `until` matches, and has either ended or keeps running */
  async function npx(name: string, until: RegExp, ...args: string[]) {
    const cwd = join(directory, name);
    mkdirSync(cwd);
    const options = ['--yes', '--cache', join(directory, `${name}-cache`), '--package', project.tarball];
    const child = spawn('npx', [...options, '--', 'passport-metafy', ...args], {
      cwd,
      env: createConsumerEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
      // A process group of its own, which a terminal would send its Ctrl+C to.
      detached: true,
    });
    children.push(child);
    let output = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      output += chunk;
      if (until.test(output)) break;
    }
    expect(output).to.match(until);
    expect(readdirSync(cwd)).to.deep.equal([]);
    return { child, output };
  }

  function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
    process.kill(-(pid as number), name);
  }

  /** Sends Ctrl+C, and expects that nobody listens at `url` any more once the command has ended. */
  async function interrupt(child: ChildProcess, url: string): Promise<void> {
    const ended = once(child, 'close');
    signal(child, 'SIGINT');
    await ended;
    expect(await fetch(url).catch(() => undefined)).to.equal(undefined);
  }

  it('demo: serves a page to sign in from until Ctrl+C', async () => {
    const { child, output } = await npx('demo', /Ctrl\+C/, 'demo');
    const url = /^Open (\S+)$/m.exec(output)?.[1] ?? '';
    expect(await new Visitor().open(url)).to.include('Sign in with Metafy');
    await interrupt(child, url);
  });

  it('emulator: answers as Metafy does until Ctrl+C', async () => {
    const { child, output } = await npx('emulator', /Ctrl\+C/, 'emulator');
    const url = /URL +(\S+)/.exec(output)?.[1] ?? '';
    expect((await fetch(`${url}/irk/api/v1/me`)).status).to.equal(401);
    await interrupt(child, url);
  });

  it('tiers --help: explains itself', async () => {
    const { child } = await npx('tiers', /^Usage: passport-metafy tiers[\s\S]*METAFY_URL/, 'tiers', '--help');
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    expect(code).to.equal(0);
  });
});
