import { expect } from 'chai';
import type { MetafyLock, MetafyTokens } from '../../src';
import { caught } from '../support/caught';
import { minuteMs, useClock } from './support/clock';
import { atRead, createLock, lifetimeMs, readOf, startMachine } from './support/machine';
import { invalidGrant, listGrants, refreshModes, signIn, useEmulator, useToken } from './support/metafy';
import { Gate } from './support/remote-store';

const timeoutMs = 5000;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

for (const mode of refreshModes) {
  describe(`MetafyUserTokens on many machines with a lock when Metafy rotates ${mode}`, () => {
    const clock = useClock({ timers: true });
    const emulator = useEmulator();
    beforeEach(() => emulator.setRefreshMode(mode));

    /** Machines with one database and one lock, and tokens that have expired. */
    async function startMachines(count: number, lock = createLock().lock) {
      const rows = new Map<string, string>();
      const machines = Array.from({ length: count }, () => startMachine(emulator, rows, { lock }));
      const [one, two] = machines as [(typeof machines)[0], (typeof machines)[0]];
      await one.users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
      return { machines, one, two, rows };
    }

    it('makes one refresh, whose tokens all machines hand out', async () => {
      const { machines } = await startMachines(10);
      const all = await Promise.all(machines.map(({ users }) => users.get('ada')));
      expect(new Set(all.map(({ accessToken }) => accessToken)).size).to.equal(1);
      expect(await useToken(emulator, all[0] as MetafyTokens)).to.equal(200);
      expect(listGrants(emulator)).to.have.length(1);
    });

    it('lets the next machine refresh when one has failed', async () => {
      const { one, two } = await startMachines(2);
      emulator.fail('token', { reset: true });
      const [first, second] = await Promise.all([caught(() => one.users.get('ada')), two.users.get('ada')]);
      expect(first).to.have.property('code', 'network');
      expect(await useToken(emulator, second)).to.equal(200);
    });

    it('keeps a sign-in on one machine that ends while another refreshes, whatever that does last', async () => {
      for (const hold of ['read', 'write']) {
        const { one, two } = await startMachines(2);
        const gate = new Gate();
        if (hold === 'read') atRead(one.store, readOf.answer, gate.hook);
        else one.store.beforeSet = gate.hook;
        const refresh = one.users.get('ada');
        await gate.reached;
        const tokens = await signIn(emulator);
        const setting = two.users.set('ada', tokens);
        await nextTurn();
        gate.release();
        await Promise.all([refresh, setting]);
        expect(await one.users.get('ada')).to.deep.equal(tokens);
      }
    });

    it('revokes on one machine what another is about to store', async () => {
      const { one, two, rows } = await startMachines(2);
      const gate = new Gate();
      one.store.beforeSet = gate.hook;
      const refresh = one.users.get('ada');
      await gate.reached;
      const revocation = two.users.revoke('ada');
      await nextTurn();
      gate.release();
      const [tokens] = await Promise.all([refresh, revocation]);
      expect(rows.size).to.equal(0);
      expect(await useToken(emulator, tokens)).to.equal(401);
    });

    it('does not sign the user out when the store lags behind for seconds', async () => {
      const { one, two } = await startMachines(2);
      const [old] = one.store.rows.values();
      const first = await one.users.get('ada');
      const startMs = performance.now();
      two.store.get = async (key) => (performance.now() - startMs < 3000 ? old : two.store.rows.get(key));
      emulator.fail('token', invalidGrant);
      expect(await two.users.get('ada')).to.deep.equal(first);
    });

    it('does not sign the user out when the lock has lapsed under a machine that is slow to store', async () => {
      const lapsed: MetafyLock = (_key, task) => task();
      const { one, two } = await startMachines(2, lapsed);
      const gate = new Gate();
      one.store.beforeSet = gate.hook;
      const first = one.users.get('ada');
      await gate.reached;
      emulator.fail('token', invalidGrant);
      atRead(two.store, readOf.firstReread, () => gate.release());
      expect(await two.users.get('ada')).to.deep.equal(await first);
    });
  });
}

describe('the lock of MetafyUserTokens', () => {
  const clock = useClock({ timers: true });
  const emulator = useEmulator();

  it('is not asked for while the tokens are fresh', async () => {
    const { lock, keys } = createLock();
    const { users } = startMachine(emulator, new Map(), { lock });
    await users.set('ada', await signIn(emulator));
    keys.length = 0;
    await users.get('ada');
    expect(keys).to.deep.equal([]);
  });

  it('is asked for once by many calls, and by all that changes a row, with one key that is not the row’s', async () => {
    const { lock, keys } = createLock();
    const { users, store } = startMachine(emulator, new Map(), { lock });
    await users.set('ada', await signIn(emulator));
    const [row] = store.rows.keys();
    clock.advance(lifetimeMs);
    await Promise.all(Array.from({ length: 50 }, () => users.get('ada')));
    await users.revoke('ada');
    await users.delete('ada');
    expect(keys).to.have.length(4);
    expect(new Set(keys).size).to.equal(1);
    expect(keys[0]).not.to.equal(row);
    await users.delete('grace');
    expect(keys.at(-1)).not.to.equal(keys[0]);
  });

  const brokenLocks: Record<string, MetafyLock> = {
    'cannot be acquired': () => Promise.reject(new Error('the lock is down')),
    throws: () => {
      throw new Error('the lock is down');
    },
    'ends without running its task': (async () => undefined) as MetafyLock,
    'keeps silent': () => new Promise(() => undefined),
  };
  for (const [problem, brokenLock] of Object.entries(brokenLocks)) {
    describe(`when it ${problem}`, () => {
      let lock: MetafyLock;
      let machine: ReturnType<typeof startMachine>;
      let tokens: MetafyTokens;

      beforeEach(async () => {
        lock = createLock().lock;
        machine = startMachine(emulator, new Map(), { timeoutMs, lock: (key, task) => lock(key, task) });
        tokens = await signIn(emulator);
        await machine.users.set('ada', tokens);
        lock = brokenLock;
      });
      /** The outcome of a call, after as much time as a lock may take. */
      async function settle<Value>(promise: Promise<Value>): Promise<Value | Error> {
        const outcome = promise.catch((error: Error) => error);
        await nextTurn();
        clock.tick(timeoutMs);
        return outcome;
      }

      it('does not stand between a caller and a token that is still valid', async () => {
        clock.advance(lifetimeMs - minuteMs);
        expect(await settle(machine.users.get('ada'))).to.deep.equal(tokens);
      });

      it('fails a call for each kind of change, and changes nothing', async () => {
        const { users, store } = machine;
        const rows = [...store.rows];
        const rejectedToken = tokens.accessToken;
        clock.advance(lifetimeMs - minuteMs);
        const calls = [
          () => users.get('ada', { rejectedToken }),
          () => users.set('ada', { ...tokens, accessToken: 'another' }),
          () => users.revoke('ada'),
          () => users.delete('ada'),
        ];
        for (const call of calls) expect(await settle<unknown>(call())).to.be.instanceOf(Error);
        clock.advance(minuteMs);
        expect(await settle(users.get('ada')), 'expired').to.be.instanceOf(Error);
        expect([...store.rows]).to.deep.equal(rows);
        expect(emulator.requests.filter(({ path }) => path === '/irk/oauth/revoke')).to.have.length(0);
        expect(listGrants(emulator)).to.have.length(0);
      });

      it('costs nothing more as soon as it is well again', async () => {
        clock.advance(lifetimeMs);
        expect(await settle(machine.users.get('ada'))).to.be.instanceOf(Error);
        lock = createLock().lock;
        expect(await useToken(emulator, await machine.users.get('ada'))).to.equal(200);
        await machine.users.revoke('ada');
        expect(machine.store.rows.size).to.equal(0);
      });
    });
  }

  it('holds up calls that wait behind a silent one for no longer than its time', async () => {
    let isSilent = true;
    const { users } = startMachine(emulator, new Map(), {
      timeoutMs,
      lock: (_key, task) => (isSilent ? new Promise(() => undefined) : task()),
    });
    const [first, second] = [caught(() => users.delete('ada')), users.delete('ada')];
    await nextTurn();
    isSilent = false;
    clock.tick(timeoutMs);
    expect(await first).to.be.instanceOf(Error);
    await second;
  });
});
