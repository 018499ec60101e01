import { expect } from 'chai';
import Keyv from 'keyv';
import { MetafyClientCredentials, type MetafyStore } from '../../src';
import { expectError, expectTypeError } from '../support/caught';
import { documentedTokens } from '../support/nock-metafy';
import { minuteMs, useClock } from './support/clock';
import { holdUp } from './support/machine';
import * as metafy from './support/metafy';
import { RemoteStore } from './support/remote-store';

const { lifetimeMs, listGrants, listRevocations, olderSecret, secret, toAnswer, toClient, useToken } = metafy;

describe('MetafyClientCredentials', () => {
  const clock = useClock({ timers: true });
  const emulator = metafy.useEmulator();
  const countRequests = () => listGrants(emulator, 'client_credentials').length;
  const create = (options: object = {}) => new MetafyClientCredentials({ ...toClient(emulator), ...options });
  let owner: MetafyClientCredentials;
  beforeEach(() => {
    owner = create();
  });

  it('makes one request of 1,000 calls at once, for a token that works for the application’s owner', async () => {
    const older = { rejectedToken: 'an older one' };
    const tokens = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => owner.getToken(index % 2 ? {} : older)),
    );
    expect(new Set(tokens).size).to.equal(1);
    expect(countRequests()).to.equal(1);
    expect(await useToken(emulator, await owner.getToken())).to.equal(200);
  });

  for (const refreshBeforeMs of [undefined, 10 * minuteMs]) {
    it(`keeps the token until refreshBeforeMs before its expiry (${refreshBeforeMs ?? 'one minute'})`, async () => {
      owner = create({ refreshBeforeMs });
      const tokens = await owner.getToken();
      clock.advance(lifetimeMs - (refreshBeforeMs ?? minuteMs) - 1);
      expect(await owner.getToken()).to.equal(tokens);
      clock.advance(1);
      expect((await owner.getToken()).accessToken).not.to.equal(tokens.accessToken);
    });
  }

  it('keeps the scope asked for when the answer names none, and ignores a refresh token in it', async () => {
    emulator.fail('token', toAnswer({ scope: undefined }));
    const tokens = await create({ scope: 'profile community' }).getToken();
    expect(tokens.scope).to.deep.equal(['profile', 'community']);
    expect(JSON.stringify(tokens)).not.to.include(documentedTokens.refresh_token);
  });

  it('replaces a rejected token once for all who name it, at once and one after another', async () => {
    const { accessToken: rejectedToken } = await owner.getToken();
    const all = await Promise.all(Array.from({ length: 20 }, () => owner.getToken({ rejectedToken })));
    for (let count = 0; count < 20; count += 1) all.push(await owner.getToken({ rejectedToken }));
    expect(new Set(all).size).to.equal(1);
    expect(all[0]?.accessToken).not.to.equal(rejectedToken);
    expect(countRequests()).to.equal(2);
  });

  it('keeps the token it has when the request for another fails', async () => {
    const tokens = await owner.getToken();
    emulator.fail('token', { status: 500 });
    await expectError(() => owner.getToken({ rejectedToken: tokens.accessToken }), { code: 'bad_status' });
    expect(await owner.getToken()).to.equal(tokens);
  });

  it('revokes the token at Metafy and forgets it', async () => {
    const tokens = await owner.getToken();
    await owner.revoke();
    expect(await useToken(emulator, tokens)).to.equal(401);
    expect(await useToken(emulator, await owner.getToken())).to.equal(200);
    for (let count = 0; count < 2; count += 1) await owner.revoke();
    expect(listRevocations(emulator), 'nothing is left to revoke').to.have.length(2);
  });

  it('keeps the token when Metafy could not be asked to revoke it', async () => {
    const tokens = await owner.getToken();
    emulator.fail('revoke', { reset: true });
    await expectError(() => owner.revoke(), { code: 'network' });
    expect(await owner.getToken()).to.equal(tokens);
  });

  it('revokes a token that is only on its way', async () => {
    const [tokens] = await Promise.all([owner.getToken(), owner.revoke()]);
    expect(await useToken(emulator, tokens)).to.equal(401);
    expect(listRevocations(emulator)).to.have.length(1);
  });

  it('refuses options at fault, by their name', async () => {
    await expectTypeError(() => create({ clientID: '' }), 'clientID');
    await expectTypeError(() => create({ scope: 42 }), 'scope');
    await expectTypeError(() => create({ refreshBeforeMs: -1 }), 'refreshBeforeMs');
    await expectTypeError(() => create({ cache: {} }), 'cache');
    await expectTypeError(() => create({ cache: new Map(), secret: undefined }), 'secret');
  });

  describe('with a shared cache', () => {
    const down = () => Promise.reject(new Error('the cache is down'));
    let cache: RemoteStore;
    let one: MetafyClientCredentials;
    let two: MetafyClientCredentials;
    beforeEach(() => {
      cache = new RemoteStore();
      [one, two] = [create({ cache }), create({ cache })];
    });

    const caches: Record<string, () => MetafyStore> = {
      'a Map': () => new Map(),
      'a Keyv': () => new Keyv({ throwOnErrors: true }),
      'a database': () => cache,
    };
    for (const [name, createCache] of Object.entries(caches)) {
      it(`shares one token between machines through ${name}, for as long as it lives`, async () => {
        const shared = createCache();
        [one, two] = [create({ cache: shared }), create({ cache: shared })];
        const { accessToken } = await one.getToken();
        expect(await two.getToken()).to.include({ accessToken });
        expect(countRequests()).to.equal(1);
        clock.advance(lifetimeMs - minuteMs);
        const renewed = await two.getToken();
        expect(await one.getToken()).to.include({ accessToken: renewed.accessToken });
        expect(countRequests()).to.equal(2);
      });
    }

    it('reads the cache once for 1,000 calls at once, and not again', async () => {
      await one.getToken();
      cache.reads = 0;
      await Promise.all(Array.from({ length: 1000 }, () => two.getToken()));
      await two.getToken();
      expect(cache.reads).to.equal(1);
      expect(countRequests()).to.equal(1);
    });

    it('makes one request of machines that name the same rejected token, which those who do not may have', async () => {
      const { accessToken: rejectedToken } = await one.getToken();
      const [{ accessToken: cached }, { accessToken }] = await Promise.all([
        two.getToken(),
        two.getToken({ rejectedToken }),
      ]);
      expect(cached).to.equal(rejectedToken);
      expect(accessToken).not.to.equal(rejectedToken);
      expect(await one.getToken({ rejectedToken })).to.include({ accessToken });
      expect(countRequests()).to.equal(2);
    });

    it('tells the cache how long the token lives, and caches none that has expired when it arrives', async () => {
      const lifetimesMs: unknown[] = [];
      const set = (_key: string, _value: string, ttlMs?: number) => lifetimesMs.push(ttlMs);
      const noting = create({ cache: Object.assign(new Map(), { set }) });
      emulator.fail('token', toAnswer({ expires_in: 0 }));
      for (let count = 0; count < 2; count += 1) await noting.getToken();
      expect(lifetimesMs).to.deep.equal([lifetimeMs]);
    });

    it('keeps tokens of different servers, clients and scopes apart, whatever the order of the scopes', async () => {
      const others = [{}, { clientID: 'another' }, { scope: 'profile' }, { scope: 'profile community' }];
      for (const options of others) {
        emulator.fail('token', toAnswer());
        await create({ cache, ...options }).getToken();
      }
      await create({ cache, scope: ['community', 'profile'] }).getToken();
      expect(countRequests()).to.equal(4);
      expect(cache.rows.size).to.equal(4);
      const elsewhere = create({ cache, baseURL: 'http://127.0.0.1:9' });
      await expectError(() => elsewhere.getToken(), { code: 'network' });
    });

    it('seals the token with a secret, for those who know it', async () => {
      const { accessToken } = await create({ cache, secret: olderSecret }).getToken();
      expect([...cache.rows.values()].join()).not.to.include(accessToken);
      expect(await create({ cache, secret: [secret, olderSecret] }).getToken()).to.include({ accessToken });
      expect((await create({ cache, secret }).getToken()).accessToken).not.to.equal(accessToken);
      expect(countRequests(), 'what does not open is done without').to.equal(2);
    });

    for (const hook of ['beforeGet', 'beforeSet'] as const) {
      it(`does without a cache that fails, and without one that keeps silent for a second (${hook})`, async () => {
        cache[hook] = down;
        expect(await one.getToken()).to.equal(await one.getToken());
        cache[hook] = () => {
          setImmediate(clock.tick, 1000);
          return new Promise(() => undefined);
        };
        expect(await two.getToken()).to.equal(await two.getToken());
      });
    }

    it('waits for a silent cache no longer than timeoutMs', async () => {
      cache.beforeGet = () => {
        setImmediate(clock.tick, 300);
        return new Promise(() => undefined);
      };
      await create({ cache, timeoutMs: 300 }).getToken();
    });

    it('revokes the token here, and the one that another machine has put into the cache', async () => {
      const first = await one.getToken();
      const second = await two.getToken({ rejectedToken: first.accessToken });
      await one.revoke();
      for (const tokens of [first, second]) expect(await useToken(emulator, tokens)).to.equal(401);
      expect(cache.rows.size).to.equal(0);
    });

    it('keeps the cached token when Metafy could not be asked to revoke it', async () => {
      await one.getToken();
      emulator.fail('revoke', { status: 503 });
      await expectError(() => one.revoke(), { code: 'bad_status' });
      expect(cache.rows.size).to.equal(1);
    });

    it('keeps a token that was asked for while another was being revoked', async () => {
      const { accessToken: rejectedToken } = await one.getToken();
      const { outcome, release } = await holdUp(cache, 'beforeGet', () => two.revoke());
      const next = two.getToken({ rejectedToken });
      release();
      const [tokens] = await Promise.all([next, outcome]);
      expect(await useToken(emulator, tokens)).to.equal(200);
      expect(await two.getToken()).to.equal(tokens);
    });

    for (const hook of ['beforeGet', 'beforeDelete'] as const) {
      it(`says that a token may still be in the cache after a revocation (${hook})`, async () => {
        await one.getToken();
        cache[hook] = down;
        await expectError(() => one.revoke(), { message: 'the cache is down' });
      });
    }
  });
});
