import { expect } from 'chai';
import type { MetafyLock, MetafyTokens } from '../../src';
import { expectError } from '../support/caught';
import { minuteMs, useClock } from './support/clock';
import { atCall, createLock, holdUp, type Machine, readOf, startMachine } from './support/machine';
import { invalidGrant, lifetimeMs, listGrants, refreshModes, signIn, useEmulator, useToken } from './support/metafy';

const timeoutMs = 5000;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

for (const mode of refreshModes) {
  describe(`MetafyUserTokens on many machines with a lock when Metafy rotates ${mode}`, () => {
    const clock = useClock({ timers: true });
    const emulator = useEmulator();
    let machines: Machine[];
    let one: Machine;
    let two: Machine;

    /** Machines with one database and one lock, and tokens that have expired. */
    async function startMachines(lock: MetafyLock): Promise<void> {
      const rows = new Map<string, string>();
      machines = Array.from({ length: 10 }, () => startMachine(emulator, rows, { lock }));
      [one, two] = machines as [Machine, Machine];
      await one.users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
    }
    beforeEach(() => {
      emulator.setRefreshMode(mode);
      return startMachines(createLock().lock);
    });
    /** A refresh on the first machine that has its answer, and is about to store it. */
    const startRefresh = () => holdUp(one.store, 'beforeSet', () => one.users.get('ada'));

    it('makes one refresh, whose tokens all machines hand out', async () => {
      const all = await Promise.all(machines.map(({ users }) => users.get('ada')));
      expect(new Set(all.map(({ accessToken }) => accessToken)).size).to.equal(1);
      expect(await useToken(emulator, all[0] as MetafyTokens)).to.equal(200);
      expect(listGrants(emulator)).to.have.length(1);
    });

    it('lets the next machine refresh when one has failed', async () => {
      emulator.fail('token', { reset: true });
      const first = expectError(() => one.users.get('ada'), { code: 'network' });
      expect(await useToken(emulator, await two.users.get('ada'))).to.equal(200);
      await first;
    });

    it('keeps a sign-in on one machine that ends while another refreshes', async () => {
      const { outcome, release } = await startRefresh();
      const tokens = await signIn(emulator);
      const setting = two.users.set('ada', tokens);
      await nextTurn();
      release();
      await Promise.all([outcome, setting]);
      expect(await one.users.get('ada')).to.deep.equal(tokens);
    });

    it('revokes on one machine what another is about to store', async () => {
      const { outcome, release } = await startRefresh();
      const revocation = two.users.revoke('ada');
      await nextTurn();
      release();
      const [tokens] = await Promise.all([outcome, revocation]);
      expect(one.store.rows.size).to.equal(0);
      expect(await useToken(emulator, tokens)).to.equal(401);
    });

    it('does not sign the user out when the store lags behind for seconds', async () => {
      const [old] = one.store.rows.values();
      const first = await one.users.get('ada');
      const startMs = performance.now();
      two.store.get = async (key) => (performance.now() - startMs < 3000 ? old : two.store.rows.get(key));
      emulator.fail('token', invalidGrant);
      expect(await two.users.get('ada')).to.deep.equal(first);
    });

    it('does not sign the user out when the lock has lapsed under a machine that is slow to store', async () => {
      await startMachines((_key, task) => task());
      const { outcome, release } = await startRefresh();
      emulator.fail('token', invalidGrant);
      atCall(two.store, 'beforeGet', readOf.firstReread, release);
      expect(await two.users.get('ada')).to.deep.equal(await outcome);
    });
  });
}

describe('the lock of MetafyUserTokens', () => {
  const clock = useClock({ timers: true });
  const emulator = useEmulator();
  let lock: MetafyLock;
  let keys: string[];
  let machine: Machine;
  let tokens: MetafyTokens;

  beforeEach(async () => {
    ({ lock, keys } = createLock());
    machine = startMachine(emulator, new Map(), { timeoutMs, lock: (key, task) => lock(key, task) });
    tokens = await signIn(emulator);
    await machine.users.set('ada', tokens);
  });

  it('is not asked for while the tokens are fresh', async () => {
    keys.length = 0;
    await machine.users.get('ada');
    expect(keys).to.deep.equal([]);
  });

  it('is asked for once by many calls, and by all that changes a row, with one key that is not the row’s', async () => {
    const { users, store } = machine;
    const [row] = store.rows.keys();
    clock.advance(lifetimeMs);
    await Promise.all(Array.from({ length: 50 }, () => users.get('ada')));
    await users.revoke('ada');
    await users.delete('ada');
    expect(keys).to.have.length(4);
    expect(new Set(keys).size).to.equal(1);
    await users.delete('grace');
    expect(keys[0]).not.to.be.oneOf([row, keys.at(-1)]);
  });

  describe('when it keeps silent', () => {
    let works: MetafyLock;
    beforeEach(() => {
      works = lock;
      lock = () => new Promise(() => undefined);
    });
    /** The outcome of a call, after as much time as a lock may take. */
    async function settle(promise: Promise<unknown>): Promise<unknown> {
      const outcome = promise.catch((error: Error) => error);
      await nextTurn();
      clock.tick(timeoutMs);
      return outcome;
    }

    it('does not stand between a caller and a token that is still valid', async () => {
      clock.advance(lifetimeMs - minuteMs);
      expect(await settle(machine.users.get('ada'))).to.deep.equal(tokens);
    });

    it('fails a call that needs other tokens, and each kind of change, which changes nothing', async () => {
      const { users, store } = machine;
      const rows = [...store.rows];
      const requests = emulator.requests.length;
      clock.advance(lifetimeMs - minuteMs);
      const calls = [
        () => users.get('ada', { rejectedToken: tokens.accessToken }),
        () => users.get('nobody'),
        () => users.set('ada', { ...tokens, accessToken: 'another' }),
        () => users.revoke('ada'),
        () => users.delete('ada'),
      ];
      for (const call of calls)
        expect(await settle(call()))
          .to.be.instanceOf(Error)
          .and.not.instanceOf(TypeError);
      clock.advance(minuteMs);
      expect(await settle(users.get('ada')), 'expired').to.be.instanceOf(Error);
      expect([...store.rows]).to.deep.equal(rows);
      expect(emulator.requests).to.have.length(requests);
    });

    it('holds up calls that wait behind it for no longer than its time', async () => {
      const [first, second] = [expectError(() => machine.users.delete('ada')), machine.users.delete('ada')];
      await nextTurn();
      lock = works;
      clock.tick(timeoutMs);
      await Promise.all([first, second]);
    });
  });
});
