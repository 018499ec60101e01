import { expect } from 'chai';
import { MetafyOAuthError, type MetafyStore, type MetafyTokens, MetafyUserTokens } from '../../src';
import { caught } from '../support/caught';
import { badTokens } from './support/bad-tokens';
import { minuteMs, secondMs, useClock } from './support/clock';
import { listGrants, refreshModes, signIn, toClient, useEmulator, useToken } from './support/metafy';
import { RemoteStore } from './support/remote-store';

const lifetimeMs = 7200 * secondMs;

for (const mode of refreshModes) {
  describe(`MetafyUserTokens when Metafy rotates ${mode}`, () => {
    const clock = useClock();
    const emulator = useEmulator();
    const create = (store: MetafyStore = new Map(), options: object = {}) =>
      new MetafyUserTokens({ ...toClient(emulator), store, ...options });
    const countRefreshes = () => listGrants(emulator).length;

    beforeEach(() => emulator.setRefreshMode(mode));

    it('gives back what was set', async () => {
      const users = create();
      const tokens = await signIn(emulator);
      await users.set('ada', tokens);
      expect(await users.get('ada')).to.deep.equal(tokens);
    });

    it('keeps users apart', async () => {
      const users = create();
      const [ada, grace] = [await signIn(emulator, 'ada-coach'), await signIn(emulator, 'grace-student')];
      await users.set('ada', ada);
      await users.set('grace', grace);
      expect(await users.get('ada')).to.deep.equal(ada);
      expect(await users.get('grace')).to.deep.equal(grace);
    });

    it('does not refresh until 120 seconds before the expiry', async () => {
      const users = create();
      await users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs - 2 * minuteMs - 1);
      await users.get('ada');
      expect(countRefreshes()).to.equal(0);
    });

    for (const [when, ageMs] of [
      ['120 seconds before the expiry', lifetimeMs - 2 * minuteMs],
      ['at the expiry', lifetimeMs],
      ['a month later', 30 * 24 * 60 * minuteMs],
    ] as const) {
      it(`refreshes ${when}`, async () => {
        const users = create();
        const old = await signIn(emulator);
        await users.set('ada', old);
        clock.advance(ageMs);
        const renewed = await users.get('ada');
        expect(renewed.accessToken).not.to.equal(old.accessToken);
        expect(await useToken(emulator, renewed)).to.equal(200);
        expect(countRefreshes()).to.equal(1);
      });
    }

    it('refreshes refreshBeforeMs before the expiry', async () => {
      const users = create(new Map(), { refreshBeforeMs: 30 * minuteMs });
      await users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs - 30 * minuteMs);
      await users.get('ada');
      expect(countRefreshes()).to.equal(1);
    });

    it('goes on for many lifetimes', async () => {
      const users = create();
      await users.set('ada', await signIn(emulator));
      for (let count = 1; count <= 5; count += 1) {
        clock.advance(lifetimeMs);
        expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
      }
      expect(countRefreshes()).to.equal(5);
    });

    for (const [name, createStore] of [
      ['a Map', () => new Map()],
      ['a database', () => new RemoteStore()],
    ] as const) {
      it(`makes one refresh of 1,000 calls at once on ${name}`, async () => {
        const users = create(createStore());
        await users.set('ada', await signIn(emulator));
        clock.advance(lifetimeMs);
        const all = await Promise.all(Array.from({ length: 1000 }, () => users.get('ada')));
        expect(new Set(all.map(({ accessToken }) => accessToken)).size).to.equal(1);
        expect(countRefreshes()).to.equal(1);
      });
    }

    it('makes one refresh per user', async () => {
      const users = create();
      await users.set('ada', await signIn(emulator, 'ada-coach'));
      await users.set('grace', await signIn(emulator, 'grace-student'));
      clock.advance(lifetimeMs);
      const [ada, grace] = await Promise.all([users.get('ada'), users.get('grace'), users.get('ada')]);
      expect(ada.accessToken).not.to.equal(grace?.accessToken);
      expect(countRefreshes()).to.equal(2);
    });

    it('stores the new refresh token before it hands out the new access token', async () => {
      const store = new RemoteStore();
      const users = create(store);
      await users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
      const events: string[] = [];
      const storeRow = store.rows.set.bind(store.rows);
      store.rows.set = (key, row) => {
        events.push('stored');
        return storeRow(key, row);
      };
      const { refreshToken } = await users.get('ada');
      events.push('handed out');
      expect(events).to.deep.equal(['stored', 'handed out']);
      expect([...store.rows.values()].join()).to.include(refreshToken);
    });

    it('keeps the scope when the answer to a refresh names none', async () => {
      const users = create();
      const tokens = await signIn(emulator, undefined, 'profile community');
      await users.set('ada', tokens);
      clock.advance(lifetimeMs);
      emulator.fail('token', {
        status: 200,
        body: { access_token: 'new', token_type: 'Bearer', refresh_token: 'newer' },
      });
      expect((await users.get('ada')).scope).to.deep.equal(['profile', 'community']);
    });

    it('sends the user to sign in when nothing is stored', async () => {
      const error = await caught<MetafyOAuthError>(() => create().get('nobody'));
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ code: 'login_required', status: 401 });
      expect(emulator.requests).to.have.length(0);
    });

    it('sends the user to sign in when Metafy no longer takes the refresh token', async () => {
      const users = create();
      const tokens = await signIn(emulator);
      await users.set('ada', tokens);
      emulator.expire(tokens.refreshToken as string);
      clock.advance(lifetimeMs);
      const error = await caught<MetafyOAuthError>(() => users.get('ada'));
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ code: 'login_required', status: 401, upstreamStatus: 400 });
      expect(error.cause).to.be.instanceOf(MetafyOAuthError).with.property('code', 'invalid_grant');
    });

    it('works again as soon as the user has signed in', async () => {
      const users = create();
      const tokens = await signIn(emulator);
      await users.set('ada', tokens);
      emulator.expire(tokens.refreshToken as string);
      clock.advance(lifetimeMs);
      await caught(() => users.get('ada'));
      await users.set('ada', await signIn(emulator));
      expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
    });

    it('forgets the tokens of a deleted user without telling Metafy', async () => {
      const users = create();
      const tokens = await signIn(emulator);
      await users.set('ada', tokens);
      await users.delete('ada');
      expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
      expect(await useToken(emulator, tokens)).to.equal(200);
    });
  });
}

describe('MetafyUserTokens', () => {
  const clock = useClock();
  const emulator = useEmulator();
  const create = (options: object = {}) =>
    new MetafyUserTokens({ ...toClient(emulator), store: new Map(), ...options });

  it('hands out an access token that came without a refresh token until it expires', async () => {
    const users = create();
    await users.set('ada', { ...(await signIn(emulator)), refreshToken: undefined });
    clock.advance(lifetimeMs - 1);
    expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
    clock.advance(1);
    expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
    expect(listGrants(emulator)).to.have.length(0);
  });

  it('masks tokens in console.log, also those that come out of the store', async () => {
    const users = create();
    await users.set('ada', await signIn(emulator));
    const { inspect } = await import('node:util');
    const tokens = await users.get('ada');
    expect(inspect(tokens)).not.to.include(tokens.accessToken).and.not.to.include(tokens.refreshToken);
  });

  const { undefined: _, ...badRefreshTokens } = badTokens;
  for (const [field, values] of Object.entries({ accessToken: badTokens, refreshToken: badRefreshTokens })) {
    for (const [name, value] of Object.entries(values)) {
      it(`does not store ${name} as ${field}`, async () => {
        const store = new Map();
        const tokens = { ...(await signIn(emulator)), [field]: value } as MetafyTokens;
        const error = await caught(() => create({ store }).set('ada', tokens));
        expect(error).to.be.instanceOf(TypeError);
        expect(error.message).to.match(new RegExp(`^MetafyUserTokens: \`tokens.${field}\``));
        expect(store.size).to.equal(0);
      });
    }
  }

  for (const change of [{ expiresAt: undefined }, { expiresAt: new Date(Number.NaN) }, { scope: 'profile' }]) {
    it(`does not store tokens that it could not read again: ${JSON.stringify(change)}`, async () => {
      const store = new Map();
      const tokens = { ...(await signIn(emulator)), ...change } as MetafyTokens;
      expect(await caught(() => create({ store }).set('ada', tokens))).to.be.instanceOf(TypeError);
      expect(store.size).to.equal(0);
    });
  }

  it('does not store nothing', async () => {
    for (const tokens of [undefined, null, 'token'] as unknown as MetafyTokens[]) {
      expect(await caught(() => create().set('ada', tokens))).to.be.instanceOf(TypeError);
    }
  });

  for (const method of ['get', 'set', 'revoke', 'delete'] as const) {
    it(`refuses a user id that is none (${method})`, async () => {
      for (const userId of ['', undefined, null, 7, {}] as string[]) {
        const error = await caught(async () => create()[method](userId, await signIn(emulator)));
        expect(error).to.be.instanceOf(TypeError);
        expect(error.message).to.match(/^MetafyUserTokens: .*`userId`/);
      }
    });
  }

  for (const [options, option] of [
    [{ clientID: '' }, 'clientID'],
    [{ clientSecret: undefined }, 'clientSecret'],
    [{ store: undefined }, 'store'],
    [{ store: { get() {}, set() {} } }, 'store'],
    [{ secret: '' }, 'secret'],
    [{ secret: [] }, 'secret'],
    [{ lock: 'redis' }, 'lock'],
    [{ lock: null }, 'lock'],
    [{ refreshBeforeMs: -1 }, 'refreshBeforeMs'],
    [{ refreshBeforeMs: Number.NaN }, 'refreshBeforeMs'],
  ] as const) {
    it(`refuses ${option} that is ${JSON.stringify(Object.values(options)[0])}`, () => {
      expect(() => create(options)).to.throw(TypeError, new RegExp(`^MetafyUserTokens: .*\`${option}\``));
    });
  }
});
