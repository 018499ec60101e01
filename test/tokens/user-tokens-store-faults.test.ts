import { expect } from 'chai';
import { MetafyClientCredentials, MetafyUserTokens } from '../../src';
import { caught } from '../support/caught';
import { minuteMs, secondMs, useClock } from './support/clock';
import { atRead, createLock, readOf, startMachine } from './support/machine';
import { listGrants, refreshModes, signIn, toClient, useEmulator, useToken } from './support/metafy';
import { Gate } from './support/remote-store';

const lifetimeMs = 7200 * secondMs;
const never = () => new Promise<never>(() => undefined);
const fail = () => Promise.reject(new Error('the store is down'));

/** What a client does that queues its commands until its server is back. */
const silentStore = { get: never, set: never, delete: never };

describe('a store of tokens that fails', () => {
  const clock = useClock();
  const emulator = useEmulator();

  for (const mode of refreshModes) {
    describe(`when Metafy rotates ${mode}`, () => {
      beforeEach(() => emulator.setRefreshMode(mode));

      it('costs nothing when it fails once to keep new tokens', async () => {
        const { users, store } = startMachine(emulator, new Map());
        await users.set('ada', await signIn(emulator));
        clock.advance(lifetimeMs);
        store.beforeSet = () => {
          store.beforeSet = undefined;
          return fail();
        };
        const renewed = await users.get('ada');
        expect(await useToken(emulator, renewed)).to.equal(200);
        expect(await users.get('ada')).to.deep.equal(renewed);
        expect(listGrants(emulator)).to.have.length(1);
      });

      it('costs nothing when it cannot be read after Metafy’s answer', async () => {
        const { users, store } = startMachine(emulator, new Map());
        await users.set('ada', await signIn(emulator));
        clock.advance(lifetimeMs);
        atRead(store, readOf.answer, fail);
        const renewed = await users.get('ada');
        expect(await users.get('ada')).to.deep.equal(renewed);
        expect(await useToken(emulator, renewed)).to.equal(200);
      });
    });
  }

  it('fails a call when it keeps silent, instead of holding it', async () => {
    const users = new MetafyUserTokens({ ...toClient(emulator), timeoutMs: 50, store: silentStore });
    for (const call of [() => users.get('ada'), () => users.delete('ada'), () => users.revoke('ada')]) {
      expect(await caught(call)).to.have.property('message', 'The token store gave no answer in time.');
    }
  });

  it('is done without as a cache that keeps silent', async () => {
    const owner = new MetafyClientCredentials({ ...toClient(emulator), timeoutMs: 300, cache: silentStore });
    const tokens = await owner.getToken();
    expect(await useToken(emulator, tokens)).to.equal(200);
    expect(await owner.getToken()).to.equal(tokens);
  });

  it('does not lose a sign-in that ends while a refresh is being stored', async () => {
    const { users, store } = startMachine(emulator, new Map(), createLock());
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
    const gate = new Gate();
    atRead(store, readOf.answer, gate.hook);
    const waiting = users.get('ada');
    await gate.reached;
    const tokens = await signIn(emulator);
    const setting = users.set('ada', tokens);
    gate.release();
    await Promise.all([waiting, setting]);
    expect(await users.get('ada')).to.deep.equal(tokens);
  });
});

describe('a lock of MetafyUserTokens that fails', () => {
  const clock = useClock();
  const emulator = useEmulator();

  it('does not stand between a caller and a valid token when it keeps silent', async () => {
    const rows = new Map<string, string>();
    const tokens = await signIn(emulator);
    await startMachine(emulator, rows).users.set('ada', tokens);
    clock.advance(lifetimeMs - minuteMs);
    const store = startMachine(emulator, rows).store;
    const users = new MetafyUserTokens({ ...toClient(emulator), timeoutMs: 50, store, lock: never });
    expect(await users.get('ada')).to.deep.equal(tokens);
    expect(listGrants(emulator)).to.have.length(0);
  });

  it('does not sign the user out when its lease has lapsed under a machine that is slow to store', async () => {
    emulator.setRefreshMode('immediate');
    const rows = new Map<string, string>();
    const lapsed = { lock: <Value>(_key: string, task: () => Promise<Value>) => task() };
    const [slow, other] = [startMachine(emulator, rows, lapsed), startMachine(emulator, rows, lapsed)];
    await slow.users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
    const gate = new Gate();
    slow.store.beforeSet = gate.hook;
    const first = slow.users.get('ada');
    await gate.reached;
    atRead(other.store, readOf.firstReread, () => gate.release());
    expect(await other.users.get('ada')).to.deep.equal(await first);
  });

  it('does not keep an authorization alive that is revoked while another machine refreshes it', async () => {
    const rows = new Map<string, string>();
    const [one, two] = [startMachine(emulator, rows), startMachine(emulator, rows)];
    await one.users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
    const gate = new Gate();
    // Read by one, rotated by two, and only then revoked by one.
    one.store.afterGet = async () => {
      one.store.afterGet = undefined;
      await gate.hook();
    };
    const revoking = one.users.revoke('ada');
    await gate.reached;
    const renewed = await two.users.get('ada');
    gate.release();
    await revoking;
    expect(rows.size).to.equal(0);
    expect(await useToken(emulator, renewed)).to.equal(401);
    const tokens = emulator.requests.filter(({ path }) => path === '/irk/oauth/revoke');
    expect(tokens, 'the token read first, and the one that replaced it').to.have.length(2);
  });
});
