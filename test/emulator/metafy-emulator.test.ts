import { connect } from 'node:net';
import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { rejectionOf } from './support/fixtures';

describe('the life of an emulator', () => {
  it('begins on a loopback port of the system’s choice', async () => {
    await using emulator = await new MetafyEmulator().start();
    expect(emulator.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${emulator.url}/irk/api/v1/me`)).status).to.equal(401);
  });

  it('has no url before it starts', () => {
    expect(() => new MetafyEmulator().url).to.throw(Error, 'before start()');
  });

  it('has no url after it stops', async () => {
    const emulator = await new MetafyEmulator().start();
    await emulator.stop();
    expect(() => emulator.url).to.throw(Error, 'after stop()');
  });

  it('is not begun twice', async () => {
    await using emulator = new MetafyEmulator();
    const [one, two] = await Promise.all([emulator.start(), emulator.start()]);
    expect(one).to.equal(two);
    expect((await emulator.start()).url).to.equal(one.url);
  });

  it('can begin again, with everything issued before', async () => {
    await using emulator = await new MetafyEmulator().start();
    await emulator.stop();
    await emulator.start();
    expect((await fetch(`${emulator.url}/irk/api/v1/me`)).status).to.equal(401);
  });

  it('can listen on an IPv6 address', async function () {
    const emulator = new MetafyEmulator({ hostname: '::1' });
    try {
      await emulator.start();
    } catch {
      this.skip();
    }
    expect(emulator.url).to.match(/^http:\/\/\[::1\]:\d+$/);
    await emulator.stop();
  });

  it('does not begin on a port in use, but can be tried again', async () => {
    await using first = await new MetafyEmulator().start();
    const second = new MetafyEmulator({ port: Number(new URL(first.url).port) });
    expect(await rejectionOf(second.start())).to.have.property('code', 'EADDRINUSE');
    await first.stop();
    await second.start();
    await second.stop();
  });

  it('ends idempotently, also when it never began', async () => {
    const emulator = new MetafyEmulator();
    await emulator.stop();
    await emulator.start();
    await Promise.all([emulator.stop(), emulator.stop()]);
    await emulator.stop();
  });

  it('can end while it begins', async () => {
    const emulator = new MetafyEmulator();
    await Promise.all([emulator.start(), emulator.stop()]);
    expect(() => emulator.url).to.throw(Error, 'stop()');
  });

  it('ends with the block that uses it', async () => {
    let url: string;
    {
      await using emulator = await new MetafyEmulator().start();
      url = emulator.url;
    }
    expect((await rejectionOf(fetch(url))).cause).to.have.property('code', 'ECONNREFUSED');
  });

  it('ends requests that hang or are delayed', async () => {
    const emulator = await new MetafyEmulator().start();
    emulator.fail('me', { hang: true });
    emulator.fail('me', { delayMs: 3_600_000 });
    const endpoint = `${emulator.url}/irk/api/v1/me`;
    const waiting = [rejectionOf(fetch(endpoint)), rejectionOf(fetch(endpoint))];
    while (emulator.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await emulator.stop();
    for (const error of await Promise.all(waiting)) expect(error.message).to.equal('fetch failed');
  });

  it('ends idle connections and ones that never said a word', async () => {
    const emulator = await new MetafyEmulator().start();
    await (await fetch(`${emulator.url}/irk/api/v1/me`)).text();
    const { port, hostname } = new URL(emulator.url);
    const silent = connect(Number(port), hostname);
    await new Promise((resolve) => silent.once('connect', resolve));
    const closed = new Promise((resolve) => silent.once('close', resolve));
    silent.on('error', () => {});
    await emulator.stop();
    await closed;
  });
});
