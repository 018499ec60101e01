import { expect } from 'chai';
import Keyv from 'keyv';
import { MetafyClientCredentials, type MetafyStore } from '../../src';
import { caught } from '../support/caught';
import { minuteMs, secondMs, useClock } from './support/clock';
import { listGrants, toAnswer, toClient, useEmulator, useToken } from './support/metafy';
import { Gate, RemoteStore } from './support/remote-store';

describe('MetafyClientCredentials with a shared cache', () => {
  const clock = useClock();
  const emulator = useEmulator();
  const countRequests = () => listGrants(emulator, 'client_credentials').length;
  const create = (cache: MetafyStore, options: object = {}) =>
    new MetafyClientCredentials({ ...toClient(emulator), cache, ...options });

  const caches: Record<string, () => MetafyStore> = {
    'a Map': () => new Map(),
    'a Keyv': () => new Keyv({ throwOnErrors: true }),
    'a database': () => new RemoteStore(),
  };
  for (const [name, createCache] of Object.entries(caches)) {
    it(`shares one token between two machines through ${name}`, async () => {
      const cache = createCache();
      const { accessToken } = await create(cache).getToken();
      expect((await create(cache).getToken()).accessToken).to.equal(accessToken);
      expect(countRequests()).to.equal(1);
    });
  }

  it('reads the cache once for 1,000 calls at once', async () => {
    const cache = new RemoteStore();
    const owner = create(cache);
    await Promise.all(Array.from({ length: 1000 }, () => owner.getToken()));
    expect(cache.reads).to.equal(1);
    expect(countRequests()).to.equal(1);
  });

  it('shares a token that was forced, too', async () => {
    const cache = new Map();
    const first = create(cache);
    await first.getToken();
    const { accessToken } = await first.getToken({ force: true });
    expect((await create(cache).getToken()).accessToken).to.equal(accessToken);
  });

  it('does not take a token from the cache that is about to expire', async () => {
    const cache = new Map();
    await create(cache).getToken();
    clock.advance(7200 * secondMs - minuteMs);
    await create(cache).getToken();
    expect(countRequests()).to.equal(2);
  });

  it('tells the cache how long the token lives', async () => {
    const lifetimes: unknown[] = [];
    const cache = Object.assign(new Map(), {
      set: (_key: string, _value: string, ttlMs?: number) => lifetimes.push(ttlMs),
    });
    await create(cache).getToken();
    expect(lifetimes).to.deep.equal([7200 * secondMs]);
  });

  it('does not cache a token that has expired when it arrives', async () => {
    const cache = new Map();
    emulator.fail('token', toAnswer({ expires_in: 0 }));
    await create(cache).getToken();
    expect(cache.size).to.equal(0);
  });

  it('keeps tokens of different clients and scopes apart', async () => {
    const cache = new Map();
    await create(cache).getToken();
    emulator.fail('token', toAnswer());
    await create(cache, { clientID: 'another' }).getToken();
    await create(cache, { scope: 'profile' }).getToken();
    await create(cache, { scope: 'profile community' }).getToken();
    expect(countRequests()).to.equal(4);
    expect(cache.size).to.equal(4);
  });

  it('takes scopes in another order for the same', async () => {
    const cache = new Map();
    await create(cache, { scope: 'profile community' }).getToken();
    await create(cache, { scope: ['community', 'profile'] }).getToken();
    expect(countRequests()).to.equal(1);
  });

  it('keeps the token readable without a secret, and sealed with one', async () => {
    const [plain, sealed] = [new Map<string, string>(), new Map<string, string>()];
    const first = await create(plain).getToken();
    const second = await create(sealed, { secret: 'of the cache' }).getToken();
    expect([...plain.values()].join()).to.include(first.accessToken);
    expect([...sealed.values()].join()).not.to.include(second.accessToken);
  });

  it('shares a sealed token between two that know the secret', async () => {
    const cache = new Map();
    const { accessToken } = await create(cache, { secret: 'of the cache' }).getToken();
    const other = create(cache, { secret: ['the next one', 'of the cache'] });
    expect((await other.getToken()).accessToken).to.equal(accessToken);
  });

  const strangeRows: Record<string, (row: string) => unknown> = {
    'was changed': (row) => (row.startsWith('A') ? 'B' : 'A') + row.slice(1),
    'was cut': (row) => row.slice(0, -5),
    'is not sealed': () => JSON.stringify({ accessToken: 'planted', tokenType: 'Bearer', scope: [] }),
    'is no text': () => ({ accessToken: 'planted' }),
    'is empty': () => '',
  };
  for (const [problem, change] of Object.entries(strangeRows)) {
    it(`ignores a sealed row that ${problem}`, async () => {
      const cache = new Map();
      await create(cache, { secret: 'of the cache' }).getToken();
      for (const [key, row] of cache) cache.set(key, change(row));
      expect(await useToken(emulator, await create(cache, { secret: 'of the cache' }).getToken())).to.equal(200);
      expect(countRequests()).to.equal(2);
    });
  }

  it('ignores a row sealed with another secret', async () => {
    const cache = new Map();
    await create(cache, { secret: 'of the cache' }).getToken();
    await create(cache, { secret: 'another' }).getToken();
    expect(countRequests()).to.equal(2);
  });

  it('ignores a row sealed for another scope', async () => {
    const cache = new Map();
    await create(cache, { secret: 'of the cache' }).getToken();
    const [row] = cache.values();
    await create(cache, { secret: 'of the cache', scope: 'profile' }).getToken();
    for (const key of cache.keys()) cache.set(key, row);
    await create(cache, { secret: 'of the cache', scope: 'profile' }).getToken();
    expect(countRequests()).to.equal(3);
  });

  for (const hook of ['beforeGet', 'beforeSet'] as const) {
    it(`does without a cache that fails (${hook})`, async () => {
      const cache = new RemoteStore();
      cache[hook] = () => Promise.reject(new Error('the cache is down'));
      const owner = create(cache);
      const tokens = await owner.getToken();
      expect(await owner.getToken()).to.equal(tokens);
      expect(countRequests()).to.equal(1);
    });
  }

  it('removes a revoked token from the cache', async () => {
    const cache = new Map();
    const owner = create(cache);
    await owner.getToken();
    await owner.revoke();
    expect(cache.size).to.equal(0);
  });

  it('revokes a token that only the cache knows', async () => {
    const cache = new Map();
    const tokens = await create(cache).getToken();
    await create(cache).revoke();
    expect(await useToken(emulator, tokens)).to.equal(401);
    expect(cache.size).to.equal(0);
  });

  it('keeps the cached token when Metafy could not be asked to revoke it', async () => {
    const cache = new Map();
    const owner = create(cache);
    await owner.getToken();
    emulator.fail('revoke', { status: 503 });
    await caught(() => owner.revoke());
    expect(cache.size).to.equal(1);
  });

  it('keeps a token that was forced while another was being revoked', async () => {
    const cache = new RemoteStore();
    await create(cache).getToken();
    const owner = create(cache);
    const gate = new Gate();
    cache.beforeGet = gate.hook;
    const revocation = owner.revoke();
    await gate.reached;
    const forcing = owner.getToken({ force: true });
    gate.release();
    const [forced] = await Promise.all([forcing, revocation]);
    expect(await useToken(emulator, forced)).to.equal(200);
    expect(await owner.getToken()).to.equal(forced);
  });

  it('revokes the token here and the one that another machine has put into the cache', async () => {
    const cache = new RemoteStore();
    const [one, two] = [create(cache), create(cache)];
    const tokens = [await one.getToken(), await two.getToken({ force: true })];
    await one.revoke();
    for (const token of tokens) expect(await useToken(emulator, token)).to.equal(401);
  });

  it('revokes a token that is only on its way', async () => {
    const owner = create(new Map());
    const [tokens] = await Promise.all([owner.getToken(), owner.revoke()]);
    expect(await useToken(emulator, tokens)).to.equal(401);
  });

  it('keeps tokens of different servers apart', async () => {
    const cache = new Map<string, string>();
    await create(cache).getToken();
    const other = create(cache, { baseURL: 'http://127.0.0.1:9' });
    expect(await caught(() => other.getToken())).to.have.property('code', 'network');
  });

  it('says that a revoked token may still be in the cache', async () => {
    const cache = new RemoteStore();
    cache.beforeDelete = () => Promise.reject(new Error('the cache is down'));
    const owner = create(cache);
    const tokens = await owner.getToken();
    expect(await caught(() => owner.revoke())).to.have.property('message', 'the cache is down');
    expect(await useToken(emulator, tokens)).to.equal(401);
  });
});
