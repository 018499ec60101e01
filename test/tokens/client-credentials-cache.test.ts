import { expect } from 'chai';
import Keyv from 'keyv';
import { MetafyClientCredentials, type MetafyStore } from '../../src';
import { caught } from '../support/caught';
import { minuteMs, useClock } from './support/clock';
import { lifetimeMs } from './support/machine';
import { listGrants, olderSecret, secret, toAnswer, toClient, useEmulator, useToken } from './support/metafy';
import { Gate, RemoteStore } from './support/remote-store';

describe('MetafyClientCredentials with a shared cache', () => {
  const clock = useClock();
  const emulator = useEmulator();
  const countRequests = () => listGrants(emulator, 'client_credentials').length;
  const create = (cache: MetafyStore, options: object = {}) =>
    new MetafyClientCredentials({ ...toClient(emulator), cache, ...options });
  const down = () => Promise.reject(new Error('the cache is down'));

  const caches: Record<string, () => MetafyStore> = {
    'a Map': () => new Map(),
    'a Keyv': () => new Keyv({ throwOnErrors: true }),
    'a database': () => new RemoteStore(),
  };
  for (const [name, createCache] of Object.entries(caches)) {
    it(`shares one token between machines through ${name}, for as long as it lives`, async () => {
      const cache = createCache();
      const [one, two] = [create(cache), create(cache)];
      const { accessToken } = await one.getToken();
      expect(await two.getToken()).to.include({ accessToken });
      expect(countRequests()).to.equal(1);
      clock.advance(lifetimeMs - minuteMs);
      const renewed = await two.getToken();
      expect(await one.getToken()).to.include({ accessToken: renewed.accessToken });
      expect(countRequests()).to.equal(2);
    });
  }

  it('reads the cache once for 1,000 calls at once', async () => {
    const cache = new RemoteStore();
    const owner = create(cache);
    await Promise.all(Array.from({ length: 1000 }, () => owner.getToken()));
    expect(cache.reads).to.equal(1);
    expect(countRequests()).to.equal(1);
  });

  it('makes one request of machines that name the same rejected token', async () => {
    const cache = new RemoteStore();
    const [one, two] = [create(cache), create(cache)];
    const { accessToken: rejectedToken } = await one.getToken();
    await two.getToken();
    const { accessToken } = await one.getToken({ rejectedToken });
    expect(accessToken).not.to.equal(rejectedToken);
    expect(await two.getToken({ rejectedToken })).to.include({ accessToken });
    expect(countRequests()).to.equal(2);
  });

  it('tells the cache how long the token lives', async () => {
    const lifetimes: unknown[] = [];
    const set = (_key: string, _value: string, ttlMs?: number) => lifetimes.push(ttlMs);
    await create(Object.assign(new Map(), { set })).getToken();
    expect(lifetimes).to.deep.equal([lifetimeMs]);
  });

  it('does not cache a token that has expired when it arrives', async () => {
    const cache = new Map();
    emulator.fail('token', toAnswer({ expires_in: 0 }));
    await create(cache).getToken();
    expect(cache.size).to.equal(0);
  });

  it('keeps tokens of different servers, clients and scopes apart, whatever the order of the scopes', async () => {
    const cache = new Map();
    const others = [{}, { clientID: 'another' }, { scope: 'profile' }, { scope: 'profile community' }];
    for (const options of others) {
      emulator.fail('token', toAnswer());
      await create(cache, options).getToken();
    }
    await create(cache, { scope: ['community', 'profile'] }).getToken();
    expect(countRequests()).to.equal(4);
    expect(cache.size).to.equal(4);
    const elsewhere = create(cache, { baseURL: 'http://127.0.0.1:9' });
    expect(await caught(() => elsewhere.getToken())).to.have.property('code', 'network');
  });

  it('seals the token with a secret, for those who know it', async () => {
    const cache = new Map<string, string>();
    const { accessToken } = await create(cache, { secret: olderSecret }).getToken();
    expect([...cache.values()].join()).to.match(/^[\w-]+$/);
    expect(await create(cache, { secret: [secret, olderSecret] }).getToken()).to.include({ accessToken });
    expect(await useToken(emulator, await create(cache, { secret }).getToken())).to.equal(200);
    expect(countRequests(), 'what does not open is done without').to.equal(2);
  });

  for (const hook of ['beforeGet', 'beforeSet'] as const) {
    for (const [how, problem] of [
      ['fails', down],
      ['keeps silent', () => new Promise(() => undefined)],
    ] as const) {
      it(`does without a cache that ${how} (${hook})`, async () => {
        const cache = new RemoteStore();
        cache[hook] = problem;
        const owner = create(cache, { timeoutMs: 300 });
        const tokens = await owner.getToken();
        expect(await owner.getToken()).to.equal(tokens);
        expect(countRequests()).to.equal(1);
      });
    }
  }

  it('revokes the token here, and the one that another machine has put into the cache', async () => {
    const cache = new RemoteStore();
    const [one, two] = [create(cache), create(cache)];
    const first = await one.getToken();
    const second = await two.getToken({ rejectedToken: first.accessToken });
    await one.revoke();
    for (const tokens of [first, second]) expect(await useToken(emulator, tokens)).to.equal(401);
    expect(cache.rows.size).to.equal(0);
  });

  it('keeps the cached token when Metafy could not be asked to revoke it', async () => {
    const cache = new Map();
    const owner = create(cache);
    await owner.getToken();
    emulator.fail('revoke', { status: 503 });
    await caught(() => owner.revoke());
    expect(cache.size).to.equal(1);
  });

  it('keeps a token that was asked for while another was being revoked', async () => {
    const cache = new RemoteStore();
    const { accessToken } = await create(cache).getToken();
    const owner = create(cache);
    const gate = new Gate();
    cache.beforeGet = gate.hook;
    const revocation = owner.revoke();
    await gate.reached;
    const next = owner.getToken({ rejectedToken: accessToken });
    gate.release();
    const [tokens] = await Promise.all([next, revocation]);
    expect(await useToken(emulator, tokens)).to.equal(200);
    expect(await owner.getToken()).to.equal(tokens);
  });

  for (const hook of ['beforeGet', 'beforeDelete'] as const) {
    it(`says that a token may still be in the cache after a revocation (${hook})`, async () => {
      const cache = new RemoteStore();
      const owner = create(cache);
      await owner.getToken();
      cache[hook] = down;
      expect(await caught(() => owner.revoke())).to.have.property('message', 'the cache is down');
    });
  }
});
