import { expect } from 'chai';
import Keyv from 'keyv';
import { type MetafyStore, MetafyUserTokens } from '../../src';
import { caught } from '../support/caught';
import { secondMs, useClock } from './support/clock';
import { listGrants, signIn, toClient, useEmulator, useToken } from './support/metafy';
import { RemoteStore } from './support/remote-store';

const lifetimeMs = 7200 * secondMs;

describe('the store of MetafyUserTokens', () => {
  const clock = useClock();
  const emulator = useEmulator();
  const create = (store: MetafyStore, options: object = {}) =>
    new MetafyUserTokens({ ...toClient(emulator), store, ...options });

  const stores: Record<string, () => MetafyStore> = {
    'a Map': () => new Map(),
    'a Keyv': () => new Keyv({ throwOnErrors: true }),
    'a Keyv with a namespace on a Map': () => new Keyv({ store: new Map(), namespace: 'tokens' }),
    'an object with three methods': () => new RemoteStore(),
  };
  for (const [name, createStore] of Object.entries(stores)) {
    for (const secret of [undefined, 'of the store']) {
      it(`can be ${name}${secret ? ', sealed' : ''}: set, get, refresh, revoke`, async () => {
        const users = create(createStore(), { secret });
        const tokens = await signIn(emulator);
        await users.set('ada', tokens);
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

  it('survives a restart of the process', async () => {
    const store = new Map();
    const tokens = await signIn(emulator);
    await create(store).set('ada', tokens);
    expect(await create(store).get('ada')).to.deep.equal(tokens);
  });

  for (const userId of ['ada@example.com', 'constructor', '__proto__', 'a:b c\n', '💎', '1'.repeat(1000)]) {
    it(`keeps tokens under the user id ${JSON.stringify(userId.slice(0, 20))}`, async () => {
      for (const store of [new Map(), new Keyv()]) {
        const users = create(store);
        const tokens = await signIn(emulator);
        await users.set(userId, tokens);
        expect(await users.get(userId)).to.deep.equal(tokens);
        await users.delete(userId);
        expect(await caught(() => users.get(userId))).to.have.property('code', 'login_required');
      }
    });
  }

  const rows: Record<string, unknown> = {
    'no JSON': 'tokens',
    'a list': '[]',
    null: 'null',
    'an empty object': '{}',
    'cut off': '{"accessToken":"a","refreshToken":"b","scope":[],"expiresAt":"2026-05',
    'without a date': '{"accessToken":"a","refreshToken":"b","scope":[]}',
    'with a bad date': '{"accessToken":"a","refreshToken":"b","scope":[],"expiresAt":"soon"}',
    'with a bad scope': '{"accessToken":"a","refreshToken":"b","scope":"x","expiresAt":"2030-01-01"}',
    'with a bad access token': '{"accessToken":7,"refreshToken":"b","scope":[],"expiresAt":"2030-01-01"}',
    'with a bad refresh token': '{"accessToken":"a","refreshToken":"\\n","scope":[],"expiresAt":"2030-01-01"}',
    'an object': { accessToken: 'a', scope: [], expiresAt: new Date(4e12) },
    'a number': 7,
  };
  for (const [problem, row] of Object.entries(rows)) {
    it(`sends the user to sign in when the row is ${problem}`, async () => {
      const users = create(new Map([['metafy-user:ada', row as string]]));
      expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
      expect(emulator.requests).to.have.length(0);
    });
  }

  const failures: Record<string, Pick<RemoteStore, 'beforeGet'> | Pick<RemoteStore, 'beforeSet'>> = {
    get: { beforeGet: () => Promise.reject(new Error('the store is down')) },
    set: { beforeSet: () => Promise.reject(new Error('the store is down')) },
  };

  it('passes its error on when it cannot be read, instead of sending everybody to sign in', async () => {
    const store = Object.assign(new RemoteStore(), failures.get);
    expect(await caught(() => create(store).get('ada'))).to.have.property('message', 'the store is down');
  });

  it('passes its error on when it cannot keep a sign-in’s tokens', async () => {
    const store = Object.assign(new RemoteStore(), failures.set);
    const tokens = await signIn(emulator);
    expect(await caught(() => create(store).set('ada', tokens))).to.have.property('message', 'the store is down');
  });

  it('passes its error on when it cannot keep renewed tokens, which are not handed out', async () => {
    const store = new RemoteStore();
    const users = create(store);
    await users.set('ada', await signIn(emulator));
    const before = [...store.rows];
    clock.advance(lifetimeMs);
    Object.assign(store, failures.set);
    expect(await caught(() => users.get('ada'))).to.have.property('message', 'the store is down');
    expect([...store.rows]).to.deep.equal(before);
    store.beforeSet = undefined;
    expect(await useToken(emulator, await users.get('ada')), 'since Metafy rotates on use').to.equal(200);
  });

  it('must keep tokens when it answers: false is a failure', async () => {
    const store = new Map();
    const users = create({ get: (key) => store.get(key), set: () => false, delete: () => true });
    const tokens = await signIn(emulator);
    expect((await caught(() => users.set('ada', tokens))).message).to.include('did not keep');
  });

  it('must keep renewed tokens when it answers: false is a failure', async () => {
    const store = new RemoteStore();
    const users = create(store);
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
    store.set = async () => false;
    expect((await caught(() => users.get('ada'))).message).to.include('did not keep');
    expect(listGrants(emulator)).to.have.length(1);
  });

  it('fails loudly as a Keyv with throwOnErrors whose database is down', async () => {
    const adapter = Object.assign(new Map(), {
      get: () => Promise.reject(new Error('the database is down')),
      set: () => Promise.reject(new Error('the database is down')),
    });
    const keyv = new Keyv({ store: adapter, throwOnErrors: true });
    keyv.on('error', () => {});
    const users = create(keyv);
    expect(await caught(() => users.get('ada'))).to.have.property('message', 'the database is down');
    const tokens = await signIn(emulator);
    expect(await caught(() => users.set('ada', tokens))).to.have.property('message', 'the database is down');
  });
});
