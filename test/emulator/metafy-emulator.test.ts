import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { typescriptArguments } from '../support/typescript';
import { rejectionOf, talk } from './support/fixtures';

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

  it('warns, once, when it runs in production', async () => {
    const script = `
      const { MetafyEmulator } = require(${JSON.stringify(join(__dirname, '../../src/emulator'))});
      for (const emulator of [new MetafyEmulator(), new MetafyEmulator()]) emulator.start().then(() => emulator.stop());`;
    const warn = (environment: string) =>
      spawnSync(process.execPath, [...typescriptArguments, '--eval', script], {
        encoding: 'utf8',
        env: { ...process.env, NODE_ENV: environment },
      }).stderr;
    expect(warn('production').match(/NODE_ENV is production/g)).to.have.length(1);
    expect(warn('test')).to.equal('');
  });
});

describe('the hosts that an emulator answers for', () => {
  const hosts: [host: string, status: number][] = [
    ['localhost', 404],
    ['LOCALHOST:80', 404],
    ['metafy.localhost:80', 404],
    ['127.0.0.1:80', 404],
    ['127.1.2.3', 404],
    ['[::1]:80', 404],
    ['evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.evil.example:80', 421],
    ['localhost@evil.example', 421],
  ];
  const request = (emulator: MetafyEmulator, host: string) =>
    talk(emulator, `GET /nowhere HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  for (const [host, status] of hosts) {
    it(`answers ${status} to a request for ${host}`, async () => {
      await using emulator = await new MetafyEmulator().start();
      expect(await request(emulator, host)).to.match(new RegExp(`^HTTP/1.1 ${status} `));
    });
  }

  it('are all when it listens on more than this machine', async () => {
    await using emulator = await new MetafyEmulator({ hostname: '0.0.0.0' }).start();
    expect(await request(emulator, 'evil.example')).to.match(/^HTTP\/1.1 404 /);
  });

  it('do not let a request for another use up a fault', async () => {
    await using emulator = await new MetafyEmulator().start();
    emulator.fail('me', { status: 503 });
    await talk(emulator, 'GET /irk/api/v1/me HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect((await fetch(`${emulator.url}/irk/api/v1/me`)).status).to.equal(503);
  });
});
