import { expect } from 'chai';
import { type MetafyTokens, MetafyUserTokens } from '../../src';
import type { MetafyEmulatorFault } from '../../src/emulator';
import { caught, expectError } from '../support/caught';
import { minuteMs, useClock } from './support/clock';
import { atCall, holdUp, type Machine, readOf, startMachine } from './support/machine';
import * as metafy from './support/metafy';

const { invalidGrant, lifetimeMs, listGrants, loginRequired, refreshModes, signIn, toAnswer, useToken } = metafy;

for (const mode of refreshModes) {
  describe(`MetafyUserTokens on two machines without a lock when Metafy rotates ${mode}`, () => {
    const clock = useClock({ timers: true });
    const emulator = metafy.useEmulator();
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

    const expectWorking = async (tokens: MetafyTokens) => expect(await useToken(emulator, tokens)).to.equal(200);
    /** What is stored can be refreshed, and what that gives works. */
    async function expectStoredToWork(): Promise<void> {
      clock.advance(lifetimeMs);
      await expectWorking(await two.users.get('ada'));
    }
    /** A refresh on the first machine that Metafy has answered, before it reads the store again. */
    const startRefresh = () => holdUp(one.store, 'beforeGet', () => one.users.get('ada'), readOf.answer);
    /** A refresh on the second machine that holds the old tokens while the other machine does everything. */
    const startLateRefresh = () => holdUp(two.store, 'afterGet', () => two.users.get('ada'), readOf.exclusive);

    it('gives both a token that works when both refresh at once', async () => {
      const both = await Promise.all([one.users.get('ada'), two.users.get('ada')]);
      for (const tokens of both) await expectWorking(tokens);
      expect(listGrants(emulator).length).to.be.at.most(2);
      await expectStoredToWork();
    });

    it('gives both a token that works when the first has its answer but has not stored it yet', async () => {
      const first = await holdUp(one.store, 'beforeSet', () => one.users.get('ada'));
      // Metafy has rotated for the first machine; the second cannot know yet.
      if (mode === 'immediate') atCall(two.store, 'beforeGet', readOf.firstReread, first.release);
      const second = await two.users.get('ada');
      first.release();
      for (const tokens of [await first.outcome, second]) await expectWorking(tokens);
      await expectStoredToWork();
    });

    it('gives the second the first one’s tokens when it reads before and asks after', async () => {
      const { outcome, release } = await startLateRefresh();
      const first = await one.users.get('ada');
      await expectWorking(first);
      release();
      expect(await outcome).to.deep.equal(first);
      await expectStoredToWork();
    });

    it('refreshes once more when the other machine’s tokens have expired meanwhile', async () => {
      const { outcome, release } = await startLateRefresh();
      await expectWorking(await one.users.get('ada'));
      clock.advance(lifetimeMs);
      release();
      await expectWorking(await outcome);
      expect(listGrants(emulator).map(({ status }) => status)).to.deep.equal([200, 400, 200]);
      await expectStoredToWork();
    });

    it('does not overwrite tokens that were stored while its own answer was on its way', async () => {
      const { outcome, release } = await startRefresh();
      const tokens = await signIn(emulator);
      await two.users.set('ada', tokens);
      release();
      expect(await outcome).to.deep.equal(tokens);
      expect(await two.users.get('ada')).to.deep.equal(tokens);
    });

    for (const method of ['delete', 'revoke'] as const) {
      it(`revokes what it got when another machine has done ${method} meanwhile`, async () => {
        const { outcome, release } = await startRefresh();
        await two.users[method]('ada');
        const revocations = metafy.listRevocations(emulator).length;
        release();
        await expectError(() => outcome, loginRequired);
        expect(rows.size).to.equal(0);
        const [revocation, ...more] = metafy.listRevocations(emulator).slice(revocations);
        expect(revocation?.body?.token).to.be.a('string');
        expect(more).to.deep.equal([]);
      });
    }

    it('gives the tokens of a new sign-in to whoever waits for a refresh that is refused', async () => {
      const tokens = await signIn(emulator);
      emulator.fail('token', invalidGrant);
      atCall(one.store, 'beforeGet', readOf.firstReread, () => two.users.set('ada', tokens));
      expect(await one.users.get('ada')).to.deep.equal(tokens);
    });

    it('looks for newer tokens for three seconds before it sends the user to sign in', async () => {
      emulator.fail('token', invalidGrant);
      const startMs = performance.now();
      await expectError(() => one.users.get('ada'), loginRequired);
      expect(performance.now() - startMs).to.be.above(3000);
      expect(listGrants(emulator)).to.have.length(1);
    });

    it('stores what it got although another machine has given the refresh token up', async () => {
      const { outcome, release } = await startRefresh();
      emulator.fail('token', invalidGrant);
      await expectError(() => two.users.get('ada'), loginRequired);
      release();
      await expectWorking(await outcome);
      await expectStoredToWork();
    });

    it('costs nothing when the store fails three times to keep new tokens, or once to read', async () => {
      let failures = 3;
      one.store.beforeSet = () => (failures-- > 0 ? Promise.reject(new Error('the store is down')) : undefined);
      atCall(one.store, 'beforeGet', readOf.answer, () => Promise.reject(new Error('the store is down')));
      const renewed = await one.users.get('ada');
      await expectWorking(renewed);
      expect(await one.users.get('ada')).to.deep.equal(renewed);
      expect(listGrants(emulator)).to.have.length(1);
    });
  });
}

describe('MetafyUserTokens in one process', () => {
  const clock = useClock({ timers: true });
  const emulator = metafy.useEmulator();
  let users: MetafyUserTokens;
  let store: Machine['store'];

  beforeEach(async () => {
    ({ users, store } = startMachine(emulator));
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
  });

  for (const [hook, count] of [
    ['beforeGet', readOf.answer],
    ['beforeSet', 1],
  ] as const) {
    it(`keeps a sign-in that ends while a refresh is at its last step but one or its last (${hook})`, async () => {
      const { outcome, release } = await holdUp(store, hook, () => users.get('ada'), count);
      const tokens = await signIn(emulator);
      const setting = users.set('ada', tokens);
      release();
      await Promise.all([outcome, setting]);
      expect(await users.get('ada')).to.deep.equal(tokens);
    });
  }

  it('leaves nothing behind when it deletes during a refresh', async () => {
    const { outcome, release } = await holdUp(store, 'beforeSet', () => users.get('ada'));
    const deletion = users.delete('ada');
    release();
    await Promise.all([outcome, deletion]);
    expect(store.rows.size).to.equal(0);
  });

  it('gives up on tokens that change faster than they can be used', async () => {
    const [row = ''] = store.rows.values();
    let count = 0;
    store.get = async () => {
      count += 1;
      return JSON.stringify({ ...JSON.parse(row), accessToken: `number-${count}`, refreshToken: `number-${count}` });
    };
    await expectError(() => users.get('ada'), loginRequired);
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
  'answers an OAuth error with 500': { status: 500, body: { error: 'server_error' } },
  'answers 429': { status: 429, headers: { 'Retry-After': '9' }, body: { error: 'rate_limited' } },
  'answers HTML': { status: 200, body: '<!doctype html><title>Maintenance</title>' },
  'answers without an access token': toAnswer({ access_token: undefined }),
};

describe('MetafyUserTokens when Metafy is out of reach', () => {
  const clock = useClock();
  const emulator = metafy.useEmulator();
  let store: Map<string, string>;
  let tokens: MetafyTokens;
  let users: MetafyUserTokens;
  const create = (options: object = {}) => new MetafyUserTokens({ ...metafy.toClient(emulator), store, ...options });

  beforeEach(async () => {
    store = new Map();
    users = create();
    tokens = await signIn(emulator);
    await users.set('ada', tokens);
  });

  for (const [outage, fault] of Object.entries(outages)) {
    it(`hands out an access token while it is valid, and keeps the refresh token (Metafy ${outage})`, async () => {
      const rows = [...store];
      clock.advance(lifetimeMs - minuteMs);
      emulator.fail('token', fault, 2);
      const all = await Promise.all(Array.from({ length: 20 }, () => users.get('ada')));
      expect(all).to.deep.equal(Array(20).fill(tokens));
      expect(listGrants(emulator), 'one attempt for all').to.have.length(1);
      clock.advance(minuteMs);
      expect(await caught(() => users.get('ada')))
        .to.have.property('status')
        .that.is.within(502, 504);
      expect([...store]).to.deep.equal(rows);
      expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
    });
  }

  it('does not take wrong credentials for an outage', async () => {
    clock.advance(lifetimeMs - minuteMs);
    await expectError(() => create({ clientSecret: 'wrong' }).get('ada'), { code: 'invalid_client' });
  });

  for (const [expires_in, isHandedOutAgain] of [
    [0, false],
    [120, false],
    [121, true],
  ] as const) {
    it(`hands out a renewed token that lives ${expires_in} s ${isHandedOutAgain ? 'again' : 'once'}`, async () => {
      clock.advance(lifetimeMs);
      emulator.fail('token', toAnswer({ expires_in, access_token: 'the-first' }));
      expect((await users.get('ada')).accessToken).to.equal('the-first');
      if (!isHandedOutAgain) emulator.fail('token', toAnswer({ access_token: 'the-next' }));
      expect((await users.get('ada')).accessToken).to.equal(isHandedOutAgain ? 'the-first' : 'the-next');
    });
  }
});
