import { expect } from 'chai';
import Keyv from 'keyv';
import { MetafyOAuthError, type MetafyStore, type MetafyTokens, MetafyUserTokens } from '../../src';
import { caught } from '../support/caught';
import { minuteMs, useClock } from './support/clock';
import { lifetimeMs } from './support/machine';
import {
  badTokens,
  invalidGrant,
  listGrants,
  refreshModes,
  secret,
  signIn,
  toClient,
  useEmulator,
  useToken,
} from './support/metafy';
import { RemoteStore } from './support/remote-store';

describe('MetafyUserTokens', () => {
  const clock = useClock();
  const emulator = useEmulator();
  const create = (options: object = {}) =>
    new MetafyUserTokens({ ...toClient(emulator), store: new Map(), ...options });
  const countRefreshes = () => listGrants(emulator).length;
  const signInTo = async (users: MetafyUserTokens, scope?: string): Promise<MetafyTokens> => {
    const tokens = await signIn(emulator, undefined, scope);
    await users.set('ada', tokens);
    return tokens;
  };

  for (const mode of refreshModes) {
    describe(`when Metafy rotates ${mode}`, () => {
      beforeEach(() => emulator.setRefreshMode(mode));

      for (const [when, ageMs] of [
        ['120 seconds before the expiry', lifetimeMs - 2 * minuteMs],
        ['a month later', 30 * 24 * 60 * minuteMs],
      ] as const) {
        it(`refreshes ${when}`, async () => {
          const users = create();
          const old = await signInTo(users);
          clock.advance(ageMs - 1);
          if (ageMs < lifetimeMs) expect(await users.get('ada')).to.deep.equal(old);
          clock.advance(1);
          const renewed = await users.get('ada');
          expect(renewed.accessToken).not.to.equal(old.accessToken);
          expect(await useToken(emulator, renewed)).to.equal(200);
          expect(countRefreshes()).to.equal(1);
        });
      }

      it('goes on for many lifetimes', async () => {
        const users = create();
        await signInTo(users);
        for (let count = 1; count <= 5; count += 1) {
          clock.advance(lifetimeMs);
          expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
        }
        expect(countRefreshes()).to.equal(5);
      });

      it('makes one refresh per user of many calls at once', async () => {
        const users = create({ store: new RemoteStore() });
        for (const user of ['ada-coach', 'grace-student']) await users.set(user, await signIn(emulator, user));
        clock.advance(lifetimeMs);
        const calls = Array.from({ length: 1000 }, (_, index) => users.get(index % 2 ? 'ada-coach' : 'grace-student'));
        const accessTokens = (await Promise.all(calls)).map(({ accessToken }) => accessToken);
        expect(new Set(accessTokens).size).to.equal(2);
        expect(countRefreshes()).to.equal(2);
      });

      it('sends the user to sign in when Metafy no longer takes the refresh token, until they have', async () => {
        const users = create();
        const tokens = await signInTo(users);
        emulator.expire(tokens.refreshToken as string);
        clock.advance(lifetimeMs - minuteMs);
        const error = await caught<MetafyOAuthError>(() => users.get('ada'));
        expect(error).to.be.instanceOf(MetafyOAuthError);
        expect(error).to.include({ code: 'login_required', status: 401, upstreamStatus: 400 });
        expect(error.cause).to.be.instanceOf(MetafyOAuthError).with.property('code', 'invalid_grant');
        expect(await caught(() => users.get('ada')), 'the second time').to.have.property('code', 'login_required');
        expect(countRefreshes()).to.equal(1);
        await signInTo(users);
        expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
      });
    });
  }

  it('refreshes refreshBeforeMs before the expiry', async () => {
    const users = create({ refreshBeforeMs: 30 * minuteMs });
    await signInTo(users);
    clock.advance(lifetimeMs - 30 * minuteMs);
    await users.get('ada');
    expect(countRefreshes()).to.equal(1);
  });

  it('stores the new refresh token before it hands out the new access token', async () => {
    const store = new RemoteStore();
    const users = create({ store });
    await signInTo(users);
    clock.advance(lifetimeMs);
    const { refreshToken } = await users.get('ada');
    expect([...store.rows.values()].join()).to.include(refreshToken);
  });

  it('keeps the scope when the answer to a refresh names none', async () => {
    const users = create();
    await signInTo(users, 'profile community');
    clock.advance(lifetimeMs);
    emulator.fail('token', {
      status: 200,
      body: { access_token: 'new', token_type: 'Bearer', refresh_token: 'newer' },
    });
    expect((await users.get('ada')).scope).to.deep.equal(['profile', 'community']);
  });

  it('sends the user to sign in when nothing is stored', async () => {
    const error = await caught(() => create().get('nobody'));
    expect(error).to.be.instanceOf(MetafyOAuthError);
    expect(error).to.include({ code: 'login_required', status: 401 });
    expect(emulator.requests).to.have.length(0);
  });

  it('forgets the tokens of a deleted user without telling Metafy', async () => {
    const users = create();
    const tokens = await signInTo(users);
    await users.delete('ada');
    expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
    expect(await useToken(emulator, tokens)).to.equal(200);
  });

  it('hands out an access token that came without a refresh token until it expires', async () => {
    const users = create();
    await users.set('ada', { ...(await signIn(emulator)), refreshToken: undefined });
    clock.advance(lifetimeMs - 1);
    expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
    clock.advance(1);
    expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
    expect(countRefreshes()).to.equal(0);
  });

  describe('whose access token was rejected', () => {
    it('replaces it, though it seems valid', async () => {
      const users = create();
      const { accessToken: rejectedToken } = await signInTo(users);
      emulator.expire(rejectedToken);
      const renewed = await users.get('ada', { rejectedToken });
      expect(await useToken(emulator, renewed)).to.equal(200);
      expect(await users.get('ada')).to.deep.equal(renewed);
    });

    for (const [source, getToken] of [
      ['get', (users: MetafyUserTokens, rejectedToken: string) => users.get('ada', { rejectedToken })],
      ['of', (users: MetafyUserTokens, rejectedToken: string) => users.of('ada').getToken({ rejectedToken })],
    ] as const) {
      it(`replaces it once for all who name it, at once and one after another (${source})`, async () => {
        const users = create();
        const { accessToken: rejectedToken } = await signInTo(users);
        const all = await Promise.all(Array.from({ length: 20 }, () => getToken(users, rejectedToken)));
        for (let count = 0; count < 20; count += 1) all.push(await getToken(users, rejectedToken));
        expect(new Set(all.map(({ accessToken }) => accessToken)).size).to.equal(1);
        expect(all[0]?.accessToken).not.to.equal(rejectedToken);
        expect(countRefreshes()).to.equal(1);
      });
    }

    it('does not hand it out while Metafy is out of reach', async () => {
      const users = create();
      const tokens = await signInTo(users);
      emulator.fail('token', { reset: true });
      const error = await caught(() => users.get('ada', { rejectedToken: tokens.accessToken }));
      expect(error).to.have.property('code', 'network');
      expect(await users.get('ada'), 'for who has not been rejected').to.deep.equal(tokens);
    });
  });

  describe('and scopes', () => {
    const wide = 'profile purchases';

    it('names the scopes that were not granted, before anything is asked', async () => {
      const users = create();
      await signInTo(users);
      clock.advance(lifetimeMs);
      const error = await caught(() => users.get('ada', { scope: 'profile purchases community' }));
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ code: 'insufficient_scope', status: 403 });
      expect(error.message).to.include('purchases').and.include('community').and.not.include('profile');
      expect(countRefreshes()).to.equal(0);
    });

    it('hands out tokens that have the scopes wanted, in text or as a list', async () => {
      const users = create();
      await signInTo(users, wide);
      for (const scope of ['purchases', wide, ['purchases', 'profile'], '', []]) {
        expect((await users.get('ada', { scope })).scope).to.deep.equal(['profile', 'purchases']);
      }
    });

    it('notices scopes that a refresh has lost', async () => {
      const users = create();
      await signInTo(users, wide);
      clock.advance(lifetimeMs);
      emulator.fail('token', { status: 200, body: { access_token: 'new', token_type: 'Bearer', scope: 'profile' } });
      expect(await caught(() => users.get('ada', { scope: 'purchases' }))).to.have.property(
        'code',
        'insufficient_scope',
      );
    });

    it('keeps a wider token when the same user signs in with less', async () => {
      const users = create();
      await signInTo(users, wide);
      await signInTo(users);
      expect(await useToken(emulator, await users.get('ada', { scope: 'purchases' }))).to.equal(200);
      clock.advance(lifetimeMs);
      expect(await useToken(emulator, await users.get('ada', { scope: 'purchases' }))).to.equal(200);
    });

    for (const [what, before, after] of [
      ['as much', wide, 'purchases profile'],
      ['more', 'profile', wide],
      ['something else', wide, 'profile community'],
    ] as const) {
      it(`replaces a token when the same user signs in with ${what}`, async () => {
        const users = create();
        await signInTo(users, before);
        const tokens = await signInTo(users, after);
        expect(await users.get('ada')).to.deep.equal(tokens);
      });
    }

    it('replaces a wider token that has no refresh token', async () => {
      const users = create();
      await users.set('ada', { ...(await signIn(emulator, undefined, wide)), refreshToken: undefined });
      const tokens = await signInTo(users);
      expect(await users.get('ada')).to.deep.equal(tokens);
    });

    for (const scope of ['profile', wide]) {
      it(`lets the next sign-in for ${scope} replace a wider token that Metafy has refused`, async () => {
        const users = create();
        const old = await signInTo(users, wide);
        emulator.fail('token', invalidGrant);
        const rejected = await caught(() => users.get('ada', { rejectedToken: old.accessToken }));
        expect(rejected).to.have.property('code', 'login_required');
        const tokens = await signInTo(users, scope);
        expect(await users.get('ada')).to.deep.equal(tokens);
        expect(await useToken(emulator, tokens)).to.equal(200);
      });
    }
  });

  describe('and its store', () => {
    const stores: Record<string, () => MetafyStore> = {
      'a Map': () => new Map(),
      'a Keyv': () => new Keyv({ throwOnErrors: true }),
      'a Keyv with a namespace on a Map': () => new Keyv({ store: new Map(), namespace: 'tokens' }),
      'an object with three methods': () => new RemoteStore(),
    };
    for (const [name, createStore] of Object.entries(stores)) {
      for (const options of [{}, { secret }]) {
        it(`can be ${name}${'secret' in options ? ', sealed' : ''}: set, get, restart, refresh, revoke`, async () => {
          const store = createStore();
          const tokens = await signIn(emulator);
          await create({ store, ...options }).set('ada', tokens);
          const users = create({ store, ...options });
          expect(await users.get('ada')).to.deep.equal(tokens);
          clock.advance(lifetimeMs);
          const renewed = await users.get('ada');
          expect(await useToken(emulator, renewed)).to.equal(200);
          expect(await users.get('ada')).to.deep.equal(renewed);
          await users.revoke('ada');
          expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
        });
      }
    }

    it('keeps users, clients and servers apart', async () => {
      const store = new Map<string, string>();
      const owners = [{}, { clientID: 'another' }, { baseURL: 'http://metafy.localhost' }].map((options) =>
        create({ store, ...options }),
      );
      const ids = ['ada', 'ada@example.com', 'constructor', '__proto__', 'a:b c\n', '💎', '1'.repeat(1000)];
      const tokens = await signIn(emulator);
      const rows = owners.flatMap((users, owner) =>
        ids.map((id) => ({ users, id, accessToken: `token-${owner}-${id.length}` })),
      );
      for (const { users, id, accessToken } of rows) await users.set(id, { ...tokens, accessToken });
      for (const { users, id, accessToken } of rows) expect(await users.get(id)).to.include({ accessToken });
      for (const { users, id } of rows) await users.delete(id);
      expect(store.size).to.equal(0);
    });

    it('does not open a sealed row that was pasted over another user’s, client’s or server’s', async () => {
      const store = new Map<string, string>();
      const ada = create({ store, secret });
      const tokens = await signIn(emulator);
      await ada.set('ada', tokens);
      const [row] = store.values();
      for (const [users, userId] of [
        [ada, 'grace'],
        [create({ store, secret, clientID: 'another' }), 'ada'],
        [create({ store, secret, baseURL: 'http://metafy.localhost' }), 'ada'],
      ] as const) {
        await users.set(userId, tokens);
        const key = [...store.keys()].at(-1) as string;
        store.set(key, row as string);
        expect(await caught(() => users.get(userId))).not.to.have.property('code');
        await caught(() => users.revoke(userId));
      }
      expect(await useToken(emulator, tokens)).to.equal(200);
    });

    it('says that a row does not open, and lets a sign-in replace it', async () => {
      const store = new Map<string, string>();
      const users = create({ store, secret });
      await create({ store }).set('ada', await signIn(emulator));
      expect(await caught(() => users.get('ada'))).not.to.have.property('code');
      await signInTo(users);
      expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
    });

    it('says that a row is not tokens', async () => {
      const store = new Map<string, string>();
      await create({ store }).set('ada', await signIn(emulator));
      for (const key of store.keys()) store.set(key, '{}');
      expect(await caught(() => create({ store }).get('ada'))).not.to.have.property('code');
      expect(listGrants(emulator)).to.have.length(0);
    });
  });

  describe('refuses', () => {
    it('what are no tokens, and stores nothing', async () => {
      const store = new Map();
      const tokens = await signIn(emulator);
      const changes: [field: string, value: unknown][] = [
        ...badTokens.map((token) => ['accessToken', token] as [string, unknown]),
        ...['', null].map((token) => ['refreshToken', token] as [string, unknown]),
        ['expiresAt', undefined],
        ['expiresAt', new Date(Number.NaN)],
        ['scope', undefined],
        ['scope', 'profile'],
      ];
      for (const [field, value] of changes) {
        const set = () => create({ store }).set('ada', { ...tokens, [field]: value } as MetafyTokens);
        expect(await caught(set))
          .to.be.instanceOf(TypeError)
          .with.property('message')
          .that.includes(field);
      }
      for (const none of [undefined, null, 'token'] as unknown as MetafyTokens[]) {
        expect(await caught(() => create({ store }).set('ada', none))).to.be.instanceOf(TypeError);
      }
      expect(store.size).to.equal(0);
    });

    it('a user id that is empty, no string, or not well-formed Unicode', async () => {
      const tokens = await signIn(emulator);
      for (const method of ['get', 'set', 'revoke', 'delete'] as const) {
        for (const userId of ['', undefined, null, 7, {}, '\ud800', 'a\udc00b'] as string[]) {
          const error = await caught(async () => create()[method](userId, tokens));
          expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`userId`');
        }
      }
    });

    for (const [options, option] of [
      [{ clientID: '' }, 'clientID'],
      [{ store: undefined }, 'store'],
      [{ secret: undefined }, 'secret'],
      [{ secret: 'shorter than 32 characters' }, 'secret'],
      [{ lock: 'redis' }, 'lock'],
      [{ lock: null }, 'lock'],
      [{ refreshBeforeMs: -1 }, 'refreshBeforeMs'],
    ] as const) {
      it(`${option} that is ${JSON.stringify(Object.values(options)[0])}`, () => {
        expect(() => create(options)).to.throw(TypeError, `\`${option}\``);
      });
    }
  });
});
