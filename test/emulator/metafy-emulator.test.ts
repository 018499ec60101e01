import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { caught } from '../support/caught';
import { typescriptArguments } from '../support/typescript';
import { talk, untilReceived } from './support/fixtures';

const getStatus = async ({ url }: MetafyEmulator) => (await fetch(`${url}/irk/api/v1/me`)).status;

describe('the life of an emulator', () => {
  it('begins on a loopback port of the system’s choice, and can begin again', async () => {
    await using emulator = new MetafyEmulator();
    expect(() => emulator.url).to.throw(Error, 'before start()');
    for (const _time of [1, 2]) {
      await emulator.start();
      expect(emulator.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(await getStatus(emulator)).to.equal(401);
      await emulator.stop();
      expect(() => emulator.url).to.throw(Error, 'after stop()');
    }
  });

  it('is not begun twice', async () => {
    await using emulator = new MetafyEmulator();
    const [one, two] = await Promise.all([emulator.start(), emulator.start()]);
    expect(one).to.equal(two);
    expect((await emulator.start()).url).to.equal(one.url);
  });

  it('does not begin on a port in use, but can be tried again', async () => {
    await using first = await new MetafyEmulator().start();
    await using second = new MetafyEmulator({ port: Number(new URL(first.url).port) });
    expect(await caught(() => second.start())).to.have.property('code', 'EADDRINUSE');
    await first.stop();
    await second.start();
  });

  it('ends idempotently, also when it never began or is about to', async () => {
    const emulator = new MetafyEmulator();
    await emulator.stop();
    await Promise.all([emulator.start(), emulator.stop()]);
    expect(() => emulator.url).to.throw(Error, 'stop()');
    await emulator.start();
    await Promise.all([emulator.stop(), emulator.stop()]);
  });

  it('ends requests that hang or are delayed', async () => {
    const emulator = await new MetafyEmulator().start();
    emulator.fail('me', { hang: true });
    emulator.fail('me', { delayMs: 3_600_000 });
    const waiting = [caught(() => getStatus(emulator)), caught(() => getStatus(emulator))];
    await untilReceived(emulator, 2);
    await emulator.stop();
    for (const error of await Promise.all(waiting)) expect(error.message).to.equal('fetch failed');
  });

  it('ends idle connections and ones that never said a word', async () => {
    const emulator = await new MetafyEmulator().start();
    await getStatus(emulator);
    const { port, hostname } = new URL(emulator.url);
    const silent = connect(Number(port), hostname).on('error', () => {});
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    await emulator.stop();
    await closed;
  });

  it('warns, once, when it runs in production', async () => {
    const script = `
      const { MetafyEmulator } = require(${JSON.stringify(join(__dirname, '../../src/emulator'))});
      for (const emulator of [new MetafyEmulator(), new MetafyEmulator()]) emulator.start().then(() => emulator.stop());`;
    const warn = (NODE_ENV: string) => {
      const options = { encoding: 'utf8', env: { ...process.env, NODE_ENV } } as const;
      return spawnSync(process.execPath, [...typescriptArguments, '--eval', script], options).stderr;
    };
    expect(warn('production').match(/NODE_ENV is production/g)).to.have.length(1);
    expect(warn('test')).to.equal('');
  });
});

describe('the hosts that an emulator answers for', () => {
  const request = (emulator: { url: string }, host: string, path = '/nowhere') =>
    talk(emulator, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  it('are the names of this machine; a request for another gets a 421 and uses no fault up', async () => {
    await using emulator = await new MetafyEmulator().start();
    for (const host of 'localhost LOCALHOST:80 metafy.localhost:80 127.0.0.1:80 127.1.2.3 [::1]:80'.split(' '))
      expect(await request(emulator, host), host).to.match(/^HTTP\/1.1 404 /);
    emulator.fail('me', { status: 503 });
    const others = 'evil.example 127.0.0.1.evil.example localhost.evil.example:80 localhost@evil.example'.split(' ');
    for (const host of others)
      expect(await request(emulator, host, '/irk/api/v1/me'), host).to.match(/^HTTP\/1.1 421 /);
    expect(await getStatus(emulator)).to.equal(503);
  });

  it('are all when it listens on more than this machine', async () => {
    await using emulator = await new MetafyEmulator({ hostname: '0.0.0.0' }).start();
    // Windows connects to no 0.0.0.0.
    const here = { url: emulator.url.replace('0.0.0.0', '127.0.0.1') };
    expect(await request(here, 'evil.example')).to.match(/^HTTP\/1.1 404 /);
  });
});
