import { expect } from 'chai';
import { MetafyOAuthError, MetafyResponseError, MetafyUserTokens } from '../../src';
import type { MetafyEmulatorFault } from '../../src/emulator';
import { caught } from '../support/caught';
import { minuteMs, secondMs, useClock } from './support/clock';
import { atRead, lifetimeMs, type Machine, readOf, startMachine } from './support/machine';
import {
  invalidGrant,
  listGrants,
  listRevocations,
  refreshModes,
  signIn,
  toAnswer,
  toClient,
  useEmulator,
  useToken,
} from './support/metafy';
import { Gate } from './support/remote-store';

for (const mode of refreshModes) {
  describe(`MetafyUserTokens on two machines without a lock when Metafy rotates ${mode}`, () => {
    const clock = useClock({ timers: true });
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
    /** A refresh on the first machine that Metafy has answered, before it reads the store again. */
    async function startRefresh(): Promise<{ refresh: Promise<unknown>; gate: Gate }> {
      const gate = new Gate();
      atRead(one.store, readOf.answer, gate.hook);
      const refresh = one.users.get('ada').catch((error: unknown) => error);
      await gate.reached;
      return { refresh, gate };
    }
    /** A refresh on the second machine that holds the old tokens while the other machine does everything. */
    async function startLateRefresh(): Promise<{ refresh: ReturnType<MetafyUserTokens['get']>; gate: Gate }> {
      const gate = new Gate();
      two.store.afterGet = () => (two.store.reads === readOf.exclusive ? gate.hook() : undefined);
      const refresh = two.users.get('ada');
      await gate.reached;
      return { refresh, gate };
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
      const { refresh, gate } = await startLateRefresh();
      const first = await one.users.get('ada');
      expect(await useToken(emulator, first)).to.equal(200);
      gate.release();
      expect(await refresh).to.deep.equal(first);
      await expectStoredToWork();
    });

    it('refreshes once more when the other machine’s tokens have expired meanwhile', async () => {
      const { refresh, gate } = await startLateRefresh();
      await useToken(emulator, await one.users.get('ada'));
      clock.advance(lifetimeMs);
      gate.release();
      expect(await useToken(emulator, await refresh)).to.equal(200);
      expect(listGrants(emulator).map(({ status }) => status)).to.deep.equal([200, 400, 200]);
      await expectStoredToWork();
    });

    it('does not overwrite tokens that were stored while its own answer was on its way', async () => {
      const { refresh, gate } = await startRefresh();
      const tokens = await signIn(emulator);
      await two.users.set('ada', tokens);
      gate.release();
      expect(await refresh).to.deep.equal(tokens);
      expect(await two.users.get('ada')).to.deep.equal(tokens);
    });

    for (const method of ['delete', 'revoke'] as const) {
      it(`revokes what it got when another machine has done ${method} meanwhile`, async () => {
        const { refresh, gate } = await startRefresh();
        await two.users[method]('ada');
        const revocations = listRevocations(emulator).length;
        gate.release();
        expect(await refresh).to.have.property('code', 'login_required');
        expect(rows.size).to.equal(0);
        expect(listRevocations(emulator)).to.have.length(revocations + 1);
      });
    }

    it('gives the tokens of a new sign-in to who waits for a refresh that is refused', async () => {
      const tokens = await signIn(emulator);
      emulator.fail('token', invalidGrant);
      atRead(one.store, readOf.firstReread, () => two.users.set('ada', tokens));
      expect(await one.users.get('ada')).to.deep.equal(tokens);
    });

    it('looks for newer tokens for three seconds before it sends the user to sign in', async () => {
      emulator.fail('token', invalidGrant);
      const startMs = performance.now();
      expect(await caught(() => one.users.get('ada'))).to.have.property('code', 'login_required');
      expect(performance.now() - startMs).to.be.above(3000);
      expect(listGrants(emulator)).to.have.length(1);
    });

    it('stores what it got although another machine has given the refresh token up', async () => {
      const { refresh, gate } = await startRefresh();
      emulator.fail('token', invalidGrant);
      expect(await caught(() => two.users.get('ada'))).to.have.property('code', 'login_required');
      gate.release();
      expect(await useToken(emulator, (await refresh) as never)).to.equal(200);
      await expectStoredToWork();
    });

    it('costs nothing when the store fails once to keep new tokens', async () => {
      one.store.beforeSet = () => {
        one.store.beforeSet = undefined;
        throw new Error('the store is down');
      };
      const renewed = await one.users.get('ada');
      expect(await useToken(emulator, renewed)).to.equal(200);
      expect(await one.users.get('ada')).to.deep.equal(renewed);
      expect(listGrants(emulator)).to.have.length(1);
    });

    it('costs nothing when the store cannot be read after Metafy’s answer', async () => {
      atRead(one.store, readOf.answer, () => Promise.reject(new Error('the store is down')));
      const renewed = await one.users.get('ada');
      expect(await one.users.get('ada')).to.deep.equal(renewed);
      expect(await useToken(emulator, renewed)).to.equal(200);
    });
  });
}

describe('MetafyUserTokens in one process', () => {
  const clock = useClock({ timers: true });
  const emulator = useEmulator();
  let users: MetafyUserTokens;
  let store: Machine['store'];

  beforeEach(async () => {
    ({ users, store } = startMachine(emulator));
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
  });

  it('keeps a sign-in that ends while a refresh runs, whatever that does last', async () => {
    for (const hold of [
      (hook: () => unknown) => atRead(store, readOf.answer, hook),
      (hook: () => unknown) => (store.beforeSet = hook),
    ]) {
      const gate = new Gate();
      hold(gate.hook);
      const refresh = users.get('ada');
      await gate.reached;
      const tokens = await signIn(emulator);
      const setting = users.set('ada', tokens);
      gate.release();
      await Promise.all([refresh, setting]);
      expect(await users.get('ada')).to.deep.equal(tokens);
      clock.advance(lifetimeMs);
    }
  });

  it('leaves nothing behind when it deletes during a refresh', async () => {
    const gate = new Gate();
    store.beforeSet = gate.hook;
    const refresh = users.get('ada');
    await gate.reached;
    const deletion = users.delete('ada');
    gate.release();
    await Promise.all([refresh, deletion]);
    expect(store.rows.size).to.equal(0);
  });

  it('gives up on tokens that change faster than they can be used', async () => {
    const [row] = store.rows.values();
    let count = 0;
    const changing = {
      get: () =>
        JSON.stringify({
          ...JSON.parse(row as string),
          accessToken: `number-${count}`,
          refreshToken: `number-${count++}`,
        }),
      set: () => true,
      delete: () => true,
    };
    const error = await caught(() => new MetafyUserTokens({ ...toClient(emulator), store: changing }).get('ada'));
    expect(error).to.have.property('code', 'login_required');
    expect(listGrants(emulator)).to.have.length(4);
  });

  for (const [how, set] of [
    ['rejects', () => Promise.reject(new Error('the store is down'))],
    ['answers false', async () => false],
  ] as const) {
    it(`hands out no renewed tokens when the store ${how} instead of keeping them`, async () => {
      const before = [...store.rows];
      const { set: keep } = store;
      store.set = set as typeof keep;
      expect(await caught(() => users.get('ada'))).not.to.have.property('code');
      expect([...store.rows]).to.deep.equal(before);
      expect(listGrants(emulator)).to.have.length(1);
      store.set = keep;
      expect(await useToken(emulator, await users.get('ada')), 'since Metafy rotates on use').to.equal(200);
    });
  }
});

const outages: Record<string, MetafyEmulatorFault> = {
  'resets the connection': { reset: true },
  'answers 500': { status: 500, body: 'Oops' },
  'answers 503 with an OAuth error': { status: 503, body: { error: 'temporarily_unavailable' } },
  'answers 429': { status: 429, headers: { 'Retry-After': '9' }, body: { error: 'rate_limited' } },
  'answers HTML': { status: 200, body: '<!doctype html><title>Maintenance</title>' },
  'answers without an access token': toAnswer({ access_token: undefined }),
  'answers a lifetime that is none': toAnswer({ expires_in: 'soon' }),
};

describe('MetafyUserTokens when Metafy is out of reach', () => {
  const clock = useClock();
  const emulator = useEmulator();
  const store = new Map<string, string>();
  const create = (options: object = {}) => new MetafyUserTokens({ ...toClient(emulator), store, ...options });

  beforeEach(() => store.clear());

  for (const [outage, fault] of Object.entries(outages)) {
    it(`hands out an access token while it is valid, and keeps the refresh token (Metafy ${outage})`, async () => {
      const users = create();
      const tokens = await signIn(emulator);
      await users.set('ada', tokens);
      const rows = [...store];
      clock.advance(lifetimeMs - minuteMs);
      emulator.fail('token', fault, 2);
      const all = await Promise.all(Array.from({ length: 20 }, () => users.get('ada')));
      expect(all).to.deep.equal(Array(20).fill(tokens));
      expect(listGrants(emulator), 'one attempt for all').to.have.length(1);
      clock.advance(minuteMs);
      expect((await caught<MetafyResponseError>(() => users.get('ada'))).status).to.be.within(502, 504);
      expect([...store]).to.deep.equal(rows);
      expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
    });
  }

  it('does not take wrong credentials for an outage', async () => {
    const users = create({ clientSecret: 'wrong' });
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs - minuteMs);
    const error = await caught(() => users.get('ada'));
    expect(error).to.be.instanceOf(MetafyOAuthError).with.property('code', 'invalid_client');
  });

  for (const mode of refreshModes) {
    it(`shows what an answer that was lost on its way costs when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      const users = create();
      await users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
      emulator.fail('token', { truncate: true });
      expect(await caught(() => users.get('ada'))).to.be.instanceOf(MetafyResponseError);
      if (mode === 'on_use') expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
      else expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
    });
  }

  for (const [expires_in, isHandedOutAgain] of [
    [0, false],
    [120, false],
    [121, true],
    [1e308, true],
  ] as const) {
    it(`hands out a renewed token that lives ${expires_in} s ${isHandedOutAgain ? 'again' : 'once'}`, async () => {
      const users = create();
      await users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
      emulator.fail('token', toAnswer({ expires_in, access_token: 'the-first' }));
      const { accessToken, expiresAt } = await users.get('ada');
      expect(expiresAt.getTime()).to.equal(Math.min(Date.now() + expires_in * secondMs, 8.64e15));
      expect(accessToken).to.equal('the-first');
      if (!isHandedOutAgain) emulator.fail('token', toAnswer({ access_token: 'the-next' }));
      expect((await users.get('ada')).accessToken).to.equal(isHandedOutAgain ? 'the-first' : 'the-next');
    });
  }
});
