import { expect } from 'chai';
import Keyv from 'keyv';
import { type MetafyStore, type MetafyTokens, MetafyUserTokens } from '../../src';
import { caught, expectError, expectTypeError } from '../support/caught';
import { minuteMs, useClock } from './support/clock';
import * as metafy from './support/metafy';
import { RemoteStore } from './support/remote-store';

const { invalidGrant, lifetimeMs, listGrants, listRevocations, loginRequired, secret, signIn, toAnswer, useToken } =
  metafy;

describe('MetafyUserTokens', () => {
  const clock = useClock();
  const emulator = metafy.useEmulator();
  const create = (options: object = {}) =>
    new MetafyUserTokens({ ...metafy.toClient(emulator), store: new Map(), ...options });
  const countRefreshes = () => listGrants(emulator).length;
  let users: MetafyUserTokens;
  beforeEach(() => {
    users = create();
  });
  const signInTo = async (scope?: string): Promise<MetafyTokens> => {
    const tokens = await signIn(emulator, undefined, scope);
    await users.set('ada', tokens);
    return tokens;
  };
  const expectWorking = async (tokens: Promise<MetafyTokens>) =>
    expect(await useToken(emulator, await tokens)).to.equal(200);

  for (const mode of metafy.refreshModes) {
    describe(`when Metafy rotates ${mode}`, () => {
      beforeEach(() => emulator.setRefreshMode(mode));

      for (const refreshBeforeMs of [undefined, 30 * minuteMs]) {
        it(`refreshes refreshBeforeMs before the expiry, and not earlier (${refreshBeforeMs ?? '2 minutes'})`, async () => {
          users = create({ refreshBeforeMs });
          const old = await signInTo();
          clock.advance(lifetimeMs - (refreshBeforeMs ?? 2 * minuteMs) - 1);
          expect(await users.get('ada')).to.deep.equal(old);
          clock.advance(1);
          expect((await users.get('ada')).accessToken).not.to.equal(old.accessToken);
          await expectWorking(users.get('ada'));
          expect(countRefreshes()).to.equal(1);
        });
      }

      for (const isRejected of [false, true]) {
        it(`makes one refresh per user of many calls at once${isRejected ? ' that name a rejected token' : ''}`, async () => {
          users = create({ store: new RemoteStore() });
          const ids = ['ada-coach', 'grace-student'];
          for (const id of ids) await users.set(id, { ...(await signIn(emulator, id)), scope: [id] });
          const rejectedToken = isRejected ? (await users.get('ada-coach')).accessToken : undefined;
          clock.advance(lifetimeMs);
          const calls = Array.from({ length: 1000 }, (_, index) => ids[index % 2] as string);
          // An answer without a scope, so that the tokens keep the one that says whose they are.
          emulator.fail('token', toAnswer({ scope: undefined, access_token: 'first' }));
          emulator.fail('token', toAnswer({ scope: undefined, access_token: 'second' }));
          const all = await Promise.all(calls.map((id) => users.get(id, { rejectedToken })));
          expect(all.map(({ scope: [owner] }) => owner)).to.deep.equal(calls);
          expect(new Set(all.map(({ accessToken }) => accessToken)).size).to.equal(2);
          expect(countRefreshes()).to.equal(2);
        });
      }

      it('sends the user to sign in when Metafy no longer takes the refresh token, until they have', async () => {
        const { refreshToken } = await signInTo();
        emulator.expire(refreshToken as string);
        clock.advance(lifetimeMs - minuteMs);
        const { cause } = await expectError(() => users.get('ada'), { ...loginRequired, upstreamStatus: 400 });
        expect(cause).to.have.property('code', 'invalid_grant');
        await expectError(() => users.get('ada'), loginRequired);
        expect(countRefreshes()).to.equal(1);
        await signInTo();
        await expectWorking(users.get('ada'));
      });
    });
  }

  it('sends the user to sign in when nothing is stored, whatever was rejected', async () => {
    await expectError(() => users.get('nobody'), loginRequired);
    await expectError(() => users.get('nobody', { rejectedToken: 'rejected', scope: 'profile' }), loginRequired);
    expect(emulator.requests).to.have.length(0);
  });

  it('forgets the tokens of a deleted user without telling Metafy', async () => {
    const tokens = await signInTo();
    await users.delete('ada');
    await expectError(() => users.get('ada'), loginRequired);
    expect(await useToken(emulator, tokens)).to.equal(200);
  });

  it('hands out an access token that came without a refresh token until it expires', async () => {
    await users.set('ada', { ...(await signIn(emulator)), refreshToken: undefined });
    clock.advance(lifetimeMs - 1);
    await expectWorking(users.get('ada'));
    clock.advance(1);
    await expectError(() => users.get('ada'), loginRequired);
    expect(countRefreshes()).to.equal(0);
  });

  describe('whose access token was rejected', () => {
    const getters: Record<string, (rejectedToken: string) => Promise<{ accessToken: string }>> = {
      get: (rejectedToken) => users.get('ada', { rejectedToken }),
      of: (rejectedToken) => users.of('ada').getToken({ rejectedToken }),
    };
    for (const [method, getToken] of Object.entries(getters)) {
      it(`replace it once for all who name it, at once and one after another (${method})`, async () => {
        const { accessToken: rejectedToken } = await signInTo();
        emulator.expire(rejectedToken);
        const all = await Promise.all(Array.from({ length: 20 }, () => getToken(rejectedToken)));
        for (let count = 0; count < 20; count += 1) all.push(await getToken(rejectedToken));
        expect(new Set(all.map(({ accessToken }) => accessToken)).size).to.equal(1);
        await expectWorking(users.get('ada'));
        expect(countRefreshes()).to.equal(1);
      });
    }

    it('do not hand it out while Metafy is out of reach, but to those who have not been rejected', async () => {
      const tokens = await signInTo();
      clock.advance(lifetimeMs - minuteMs);
      emulator.fail('token', { reset: true }, 2);
      const rejected = expectError(() => users.get('ada', { rejectedToken: tokens.accessToken }), { code: 'network' });
      expect(await users.get('ada')).to.deep.equal(tokens);
      await rejected;
    });
  });

  describe('and scopes', () => {
    const wide = 'profile purchases';

    it('name those that were not granted, before anything is asked', async () => {
      await signInTo();
      clock.advance(lifetimeMs);
      const scope = 'profile purchases community';
      const insufficientScope = { name: 'MetafyOAuthError', code: 'insufficient_scope', status: 403 };
      const { message } = await expectError(() => users.get('ada', { scope }), insufficientScope);
      expect(message).to.include('purchases community').and.not.include('profile');
      expect(countRefreshes()).to.equal(0);
    });

    it('hand out tokens that have them, in text or as a list', async () => {
      await signInTo(wide);
      for (const scope of ['purchases', wide, ['purchases', 'profile'], '', []]) {
        expect((await users.get('ada', { scope })).scope).to.deep.equal(['profile', 'purchases']);
      }
    });

    it('notice those that a refresh has lost', async () => {
      await signInTo(wide);
      clock.advance(lifetimeMs);
      emulator.fail('token', toAnswer({ scope: 'profile' }));
      await expectError(() => users.get('ada', { scope: 'purchases' }), { code: 'insufficient_scope' });
    });

    it('keep a wider token when the same user signs in with less', async () => {
      await signInTo(wide);
      await signInTo();
      await expectWorking(users.get('ada', { scope: 'purchases' }));
      clock.advance(lifetimeMs);
      await expectWorking(users.get('ada', { scope: 'purchases' }));
    });

    for (const [before, after] of [
      [wide, 'purchases profile'],
      ['profile', wide],
      [`${wide} products`, 'profile community'],
    ] as const) {
      it(`replace a token for ${before} when the same user signs in with ${after}`, async () => {
        await signInTo(before);
        const tokens = await signInTo(after);
        expect(await users.get('ada')).to.deep.equal(tokens);
      });
    }

    it('replace a wider token when the answer to the sign-in named none', async () => {
      const { scope: _, ...tokens } = await signInTo(wide);
      await users.set('ada', { ...tokens, accessToken: 'the-next', scope: [] });
      expect(await users.get('ada')).to.include({ accessToken: 'the-next' });
    });

    it('keep a wider token while the store fails to show it', async () => {
      const store = new RemoteStore();
      users = create({ store });
      const tokens = await signInTo(wide);
      store.beforeGet = () => Promise.reject(new Error('the store is down'));
      await expectError(() => users.set('ada', { ...tokens, scope: ['profile'] }), { message: 'the store is down' });
      store.beforeGet = undefined;
      expect(await users.get('ada')).to.deep.equal(tokens);
    });

    it('replace a wider token that has no refresh token', async () => {
      await users.set('ada', { ...(await signIn(emulator, undefined, wide)), refreshToken: undefined });
      const tokens = await signInTo();
      expect(await users.get('ada')).to.deep.equal(tokens);
    });

    it('let the next sign-in replace a wider token that Metafy has refused', async () => {
      const { accessToken: rejectedToken } = await signInTo(wide);
      emulator.fail('token', invalidGrant);
      await expectError(() => users.get('ada', { rejectedToken }), loginRequired);
      const tokens = await signInTo();
      expect(await users.get('ada')).to.deep.equal(tokens);
    });
  });

  describe('and its store', () => {
    const stores: Record<string, () => MetafyStore> = {
      'a Map': () => new Map(),
      'a Keyv': () => new Keyv({ throwOnErrors: true }),
      'an object with three methods': () => new RemoteStore(),
    };
    for (const [name, createStore] of Object.entries(stores)) {
      it(`can be ${name}, sealed or not: set, get after a restart, refresh, revoke`, async () => {
        for (const options of [{}, { secret }]) {
          const store = createStore();
          users = create({ store, ...options });
          const tokens = await signInTo();
          users = create({ store, ...options });
          expect(await users.get('ada')).to.deep.equal(tokens);
          clock.advance(lifetimeMs);
          const renewed = await users.get('ada');
          expect(await users.get('ada')).to.deep.equal(renewed);
          await users.revoke('ada');
          await expectError(() => users.get('ada'), loginRequired);
        }
      });
    }

    it('keeps users, clients and servers apart, and opens no sealed row in the place of another', async () => {
      const store = new Map<string, string>();
      const others = [{}, { clientID: 'another' }, { baseURL: 'http://metafy.localhost' }];
      const ids = ['ada', 'ada@example.com', 'constructor', '__proto__', 'a:b c\n', '💎', '1'.repeat(1000)];
      const tokens = await signIn(emulator);
      const all = others.flatMap((options, number) => {
        const owner = create({ store, secret, ...options });
        return ids.map((id) => ({ owner, id, accessToken: `token-${number}-${id.length}` }));
      });
      for (const { owner, id, accessToken } of all) await owner.set(id, { ...tokens, accessToken });
      for (const { owner, id, accessToken } of all) expect(await owner.get(id)).to.include({ accessToken });
      const [key = '', ...keys] = store.keys();
      for (const other of keys) store.set(other, store.get(key) as string);
      for (const { owner, id } of all.slice(1)) {
        expect(await caught(() => owner.get(id))).not.to.have.property('code');
        await caught(() => owner.revoke(id));
      }
      expect(listRevocations(emulator)).to.have.length(0);
      for (const { owner, id } of all) await owner.delete(id);
      expect(store.size).to.equal(0);
    });

    it('says that a row does not open or is not tokens, and lets a sign-in replace it', async () => {
      const store = new Map<string, string>();
      await create({ store }).set('ada', await signIn(emulator));
      const [key] = store.keys();
      for (const owner of [create({ store, secret }), create({ store })]) {
        users = owner;
        expect(await caught(() => users.get('ada'))).not.to.have.property('code');
        const tokens = await signInTo();
        expect(await users.get('ada')).to.deep.equal(tokens);
        store.set(key as string, '{}');
      }
      expect(countRefreshes()).to.equal(0);
    });
  });

  it('refuses what are no tokens, and stores nothing', async () => {
    const store = new Map();
    const tokens = await signIn(emulator);
    const changes: [field: string, values: unknown[]][] = [
      ['accessToken', metafy.badTokens],
      ['refreshToken', ['', null]],
      ['expiresAt', [undefined, new Date(Number.NaN)]],
      ['scope', [undefined, 'profile']],
    ];
    users = create({ store });
    for (const [field, values] of changes) {
      for (const value of values) {
        const error = await expectError(() => users.set('ada', { ...tokens, [field]: value }), { name: 'TypeError' });
        expect(error).to.have.property('message').that.includes(field);
      }
    }
    await expectTypeError(() => users.set('ada', undefined as unknown as MetafyTokens), 'tokens');
    expect(store.size).to.equal(0);
  });

  it('refuses what is no user id', async () => {
    for (const method of ['get', 'set', 'revoke', 'delete'] as const) {
      await expectTypeError(() => users[method]('', {} as never), 'userId');
    }
  });

  it('refuses options at fault, by their name', async () => {
    await expectTypeError(() => create({ clientID: '' }), 'clientID');
    await expectTypeError(() => create({ store: undefined }), 'store');
    await expectTypeError(() => create({ secret: undefined }), 'secret');
    await expectTypeError(() => create({ refreshBeforeMs: -1 }), 'refreshBeforeMs');
    for (const lock of ['redis', null]) await expectTypeError(() => create({ lock }), 'lock');
  });
});
