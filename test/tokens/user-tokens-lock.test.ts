import { expect } from 'chai';
import { type MetafyLock, MetafyResponseError } from '../../src';
import { caught } from '../support/caught';
import { minuteMs, secondMs, useClock } from './support/clock';
import { createLock, readOf, startMachine } from './support/machine';
import { listGrants, listRevocations, refreshModes, signIn, useEmulator, useToken } from './support/metafy';
import { Signal } from './support/remote-store';

const lifetimeMs = 7200 * secondMs;

for (const mode of refreshModes) {
  describe(`MetafyUserTokens on many machines with a lock when Metafy rotates ${mode}`, () => {
    const clock = useClock();
    const emulator = useEmulator();
    beforeEach(() => emulator.setRefreshMode(mode));

    it('makes one refresh, whose tokens all machines hand out', async () => {
      const { lock } = createLock();
      const rows = new Map<string, string>();
      const machines = Array.from({ length: 10 }, () => startMachine(emulator, rows, { lock }));
      await machines[0]?.users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
      const all = await Promise.all(machines.map(({ users }) => users.get('ada')));
      expect(new Set(all.map(({ accessToken }) => accessToken)).size).to.equal(1);
      expect(await useToken(emulator, all[0] as (typeof all)[0])).to.equal(200);
      expect(listGrants(emulator)).to.have.length(1);
    });

    it('lets the next machine refresh when one has failed', async () => {
      const { lock } = createLock();
      const rows = new Map<string, string>();
      const [one, two] = [startMachine(emulator, rows, { lock }), startMachine(emulator, rows, { lock })];
      await one.users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
      emulator.fail('token', { reset: true });
      const [first, second] = await Promise.all([caught(() => one.users.get('ada')), two.users.get('ada')]);
      expect(first).to.be.instanceOf(MetafyResponseError);
      expect(await useToken(emulator, second)).to.equal(200);
    });

    it('sends the user to sign in when the refresh token is dead, having looked whether the lock had lapsed', async () => {
      const { users, store } = startMachine(emulator, new Map(), createLock());
      await users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
      emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
      expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
      expect(store.reads).to.be.above(readOf.firstReread);
    });
  });
}

describe('the lock of MetafyUserTokens', () => {
  const clock = useClock();
  const emulator = useEmulator();

  it('is not asked for while the tokens are fresh', async () => {
    const { lock, keys } = createLock();
    const { users } = startMachine(emulator, new Map(), { lock });
    await users.set('ada', await signIn(emulator));
    await users.get('ada');
    expect(keys).to.deep.equal([]);
  });

  it('is asked for once by many calls in a process, with a key that belongs to the user', async () => {
    const { lock, keys } = createLock();
    const { users } = startMachine(emulator, new Map(), { lock });
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
    await Promise.all(Array.from({ length: 50 }, () => users.get('ada')));
    expect(keys).to.deep.equal(['metafy-user:ada']);
  });

  it('is held while tokens are revoked and deleted', async () => {
    const { lock, keys } = createLock();
    const { users } = startMachine(emulator, new Map(), { lock });
    await users.revoke('ada');
    await users.delete('ada');
    expect(keys).to.deep.equal(['metafy-user:ada', 'metafy-user:ada']);
  });

  it('keeps a refresh of another machine from storing tokens that were revoked', async () => {
    const { lock } = createLock();
    const rows = new Map<string, string>();
    const [one, two] = [startMachine(emulator, rows, { lock }), startMachine(emulator, rows, { lock })];
    await one.users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
    const storing = new Signal();
    one.store.beforeSet = () => storing.fire();
    const refresh = one.users.get('ada');
    await storing.fired;
    await Promise.all([refresh, two.users.revoke('ada')]);
    expect(rows.size).to.equal(0);
    expect(await useToken(emulator, await refresh)).to.equal(401);
    expect(listRevocations(emulator)).to.have.length(1);
  });

  const brokenLocks: Record<string, MetafyLock> = {
    'cannot be had': () => Promise.reject(new Error('the lock is down')),
    throws: () => {
      throw new Error('the lock is down');
    },
  };
  for (const [problem, lock] of Object.entries(brokenLocks)) {
    it(`does not stand between a caller and a token that is still valid when it ${problem}`, async () => {
      const { users } = startMachine(emulator, new Map(), { lock });
      const tokens = await signIn(emulator);
      await users.set('ada', tokens);
      clock.advance(lifetimeMs - minuteMs);
      expect(await users.get('ada')).to.deep.equal(tokens);
    });

    it(`fails the call when it ${problem} and the token has expired`, async () => {
      const { users, store } = startMachine(emulator, new Map(), { lock });
      await users.set('ada', await signIn(emulator));
      const rows = [...store.rows];
      clock.advance(lifetimeMs);
      expect(await caught(() => users.get('ada'))).to.have.property('message', 'the lock is down');
      expect([...store.rows]).to.deep.equal(rows);
      expect(listGrants(emulator)).to.have.length(0);
    });

    it(`keeps the tokens when it ${problem} for a revocation`, async () => {
      const { users, store } = startMachine(emulator, new Map(), { lock });
      await users.set('ada', await signIn(emulator));
      await caught(() => users.revoke('ada'));
      expect(store.rows.size).to.equal(1);
      expect(listRevocations(emulator)).to.have.length(0);
    });
  }

  it('can be asked again after it has failed', async () => {
    let isBroken = true;
    const { users } = startMachine(emulator, new Map(), {
      lock: (_key, task) => (isBroken ? Promise.reject(new Error('the lock is down')) : task()),
    });
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
    await caught(() => users.get('ada'));
    isBroken = false;
    expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
  });
});
