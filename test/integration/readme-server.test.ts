import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { describeExample } from '../../examples/run';
import { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { findFreePort } from '../support/free-port';

describe('the application that the README shows', () => {
  let emulator: MetafyEmulator;
  let child: ChildProcess;
  let url: string;

  before(async function () {
    // A process that compiles itself.
    this.timeout(60_000);
    emulator = await new MetafyEmulator().start();
    const port = await findFreePort();
    const { command, parameters, env } = describeExample('readme', emulator.url);
    child = spawn(command, parameters, {
      env: { ...env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    url = `http://127.0.0.1:${port}`;
    const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    expect(String(line)).to.equal(`${url}\n`);
  });
  after(async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
    await emulator.stop();
  });

  it('shows who has signed in', async () => {
    const browser = new CookieBrowser();
    const { location } = await browser.get(`${url}/auth/metafy`);
    await browser.get(await emulator.authorize(location, { user: 'grace-student' }));
    expect((await browser.get(url)).body).to.include('are signed in');
    expect((await browser.get(`${url}/me`)).body).to.include('"Grace Student"');
  });

  it('offers another try to those who deny', async () => {
    const browser = new CookieBrowser();
    const { location } = await browser.get(`${url}/auth/metafy`);
    const denied = await browser.get(await emulator.authorize(location, { deny: true }));
    expect(denied.location).to.equal(`${url}/refused`);
    expect((await browser.get(`${url}/refused`)).body).to.include('You were not signed in');
    expect((await browser.get(`${url}/me`)).body).to.equal('null');
  });

  it('signs out', async () => {
    const browser = new CookieBrowser();
    const { location } = await browser.get(`${url}/auth/metafy`);
    await browser.get(await emulator.authorize(location, { user: 'grace-student' }));
    await browser.post(`${url}/sign-out`, 'application/x-www-form-urlencoded', '');
    expect((await browser.get(`${url}/me`)).body).to.equal('null');
  });

  it('does not start on a port that is taken', async () => {
    const { command, parameters, env } = describeExample('readme', emulator.url);
    const second = spawn(command, parameters, { env: { ...env, PORT: new URL(url).port }, stdio: 'ignore' });
    const [code] = await once(second, 'exit');
    expect(code).to.equal(1);
  }).timeout(60_000);
});
