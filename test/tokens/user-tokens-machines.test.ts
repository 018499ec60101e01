import { expect } from 'chai';
import { MetafyUserTokens } from '../../src';
import { caught } from '../support/caught';
import { secondMs, useClock } from './support/clock';
import { atRead, type Machine, readOf, startMachine } from './support/machine';
import { listGrants, refreshModes, signIn, toClient, useEmulator, useToken } from './support/metafy';
import { Gate } from './support/remote-store';

const lifetimeMs = 7200 * secondMs;

for (const mode of refreshModes) {
  describe(`MetafyUserTokens on two machines without a lock when Metafy rotates ${mode}`, () => {
    const clock = useClock();
    const emulator = useEmulator();
    let rows: Map<string, string>;
    let one: Machine;
    let two: Machine;

    beforeEach(async () => {
      emulator.setRefreshMode(mode);
      rows = new Map();
      one = startMachine(emulator, rows);
      two = startMachine(emulator, rows);
      await one.users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
    });

    /** What is stored can be refreshed, and what that gives works. */
    async function expectStoredToWork(): Promise<void> {
      clock.advance(lifetimeMs);
      expect(await useToken(emulator, await two.users.get('ada'))).to.equal(200);
    }

    it('gives both a token that works when both refresh at once', async () => {
      const both = await Promise.all([one.users.get('ada'), two.users.get('ada')]);
      for (const tokens of both) expect(await useToken(emulator, tokens)).to.equal(200);
      expect(listGrants(emulator).length).to.be.at.most(2);
      await expectStoredToWork();
    });

    it('gives both a token that works when the first has its answer but has not stored it yet', async () => {
      const gate = new Gate();
      one.store.beforeSet = gate.hook;
      const first = one.users.get('ada');
      await gate.reached;
      // Metafy has rotated for the first machine; the second cannot know yet.
      if (mode === 'immediate') atRead(two.store, readOf.firstReread, () => gate.release());
      const second = await two.users.get('ada');
      gate.release();
      for (const tokens of [await first, second]) expect(await useToken(emulator, tokens)).to.equal(200);
      await expectStoredToWork();
    });

    it('gives the second the first one’s tokens when it reads before and asks after', async () => {
      const gate = new Gate();
      // It holds the old tokens while the other machine does everything.
      two.store.afterGet = () => (two.store.reads === readOf.turn ? gate.hook() : undefined);
      const second = two.users.get('ada');
      await gate.reached;
      const first = await one.users.get('ada');
      expect(await useToken(emulator, first)).to.equal(200);
      gate.release();
      expect(await second).to.deep.equal(first);
      await expectStoredToWork();
    });

    it('does not overwrite tokens that were stored while its own answer was on its way', async () => {
      const gate = new Gate();
      atRead(one.store, readOf.answer, gate.hook);
      const first = one.users.get('ada');
      await gate.reached;
      const tokens = await signIn(emulator);
      await two.users.set('ada', tokens);
      gate.release();
      expect(await first).to.deep.equal(tokens);
      expect(await two.users.get('ada')).to.deep.equal(tokens);
      expect(await useToken(emulator, tokens)).to.equal(200);
    });

    it('refreshes once more when the other machine’s tokens have expired meanwhile', async () => {
      const gate = new Gate();
      two.store.afterGet = () => (two.store.reads === readOf.turn ? gate.hook() : undefined);
      const second = two.users.get('ada');
      await gate.reached;
      await useToken(emulator, await one.users.get('ada'));
      clock.advance(lifetimeMs);
      gate.release();
      expect(await useToken(emulator, await second)).to.equal(200);
      expect(listGrants(emulator).map(({ status }) => status)).to.deep.equal([200, 400, 200]);
      await expectStoredToWork();
    });

    it('sends the user to sign in when another machine deletes the tokens during a refresh', async () => {
      const gate = new Gate();
      atRead(one.store, readOf.answer, gate.hook);
      const first = caught(() => one.users.get('ada'));
      await gate.reached;
      await two.users.delete('ada');
      gate.release();
      expect(await first).to.have.property('code', 'login_required');
      expect(rows.size).to.equal(0);
    });

    it('sends the user to sign in when another machine revokes during a refresh', async () => {
      const gate = new Gate();
      atRead(one.store, readOf.answer, gate.hook);
      const first = caught(() => one.users.get('ada'));
      await gate.reached;
      await two.users.revoke('ada');
      gate.release();
      expect(await first).to.have.property('code', 'login_required');
      expect(rows.size).to.equal(0);
    });

    it('gives the tokens of a new sign-in to who waits for a refresh that is refused', async () => {
      const tokens = await signIn(emulator);
      emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
      atRead(one.store, readOf.firstReread, () => two.users.set('ada', tokens));
      expect(await one.users.get('ada')).to.deep.equal(tokens);
    });

    it('sends the user to sign in when the refresh token is dead, having looked for a newer one', async () => {
      emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
      const error = await caught(() => one.users.get('ada'));
      expect(error).to.have.property('code', 'login_required');
      expect(one.store.reads).to.be.above(readOf.firstReread);
      expect(listGrants(emulator)).to.have.length(1);
    });
  });
}

describe('MetafyUserTokens in one process', () => {
  const clock = useClock();
  const emulator = useEmulator();
  let machine: Machine;

  beforeEach(async () => {
    machine = startMachine(emulator, new Map());
    await machine.users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
  });

  it('hands out newly set tokens to who waits for a refresh', async () => {
    const { users, store } = machine;
    const tokens = await signIn(emulator);
    const turn = store.reads + readOf.turn;
    store.afterGet = async () => {
      if (store.reads === turn) await users.set('ada', tokens);
    };
    expect(await users.get('ada')).to.deep.equal(tokens);
  });

  it('leaves nothing behind when it deletes during a refresh', async () => {
    const gate = new Gate();
    machine.store.beforeSet = gate.hook;
    const waiting = machine.users.get('ada');
    await gate.reached;
    const deletion = machine.users.delete('ada');
    gate.release();
    await Promise.all([waiting, deletion]);
    expect(machine.store.rows.size).to.equal(0);
  });

  it('gives up on tokens that change faster than they can be used', async () => {
    let count = 0;
    const [[key, row]] = machine.store.rows as unknown as [[string, string]];
    const store = {
      get: () => JSON.stringify({ ...JSON.parse(row), refreshToken: `number-${count++}` }),
      set: () => true,
      delete: () => true,
    };
    const users = new MetafyUserTokens({ ...toClient(emulator), store });
    const error = await caught(() => users.get('ada'));
    expect(key).to.equal('metafy-user:ada');
    expect(error).to.have.property('code', 'login_required');
    expect(error.message).to.include('faster');
    expect(listGrants(emulator).length).to.equal(4);
  });
});
