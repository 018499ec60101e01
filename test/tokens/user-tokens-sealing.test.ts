import { expect } from 'chai';
import { MetafyUserTokens } from '../../src';
import { caught } from '../support/caught';
import { secondMs, useClock } from './support/clock';
import { signIn, toClient, useEmulator, useToken } from './support/metafy';

describe('MetafyUserTokens with a secret', () => {
  const clock = useClock();
  const emulator = useEmulator();
  let store: Map<string, string>;
  const create = (secret?: string | string[]) => new MetafyUserTokens({ ...toClient(emulator), store, secret });
  const keyOf = (userId: string) => `metafy-user:${userId}`;

  beforeEach(() => {
    store = new Map();
  });

  it('stores nothing that can be read, before and after a refresh', async () => {
    const users = create('of the store');
    const tokens = await signIn(emulator);
    await users.set('ada', tokens);
    const texts = [...store.values()];
    clock.advance(7200 * secondMs);
    const renewed = await users.get('ada');
    texts.push(...store.values());
    for (const { accessToken, refreshToken } of [tokens, renewed]) {
      expect(texts.join()).not.to.include(accessToken).and.not.to.include(refreshToken);
    }
    expect(texts.join()).to.match(/^[\w-]+,[\w-]+$/);
  });

  it('stores readable JSON without one', async () => {
    const tokens = await signIn(emulator);
    await create().set('ada', tokens);
    expect(JSON.parse([...store.values()].join())).to.include({ accessToken: tokens.accessToken });
  });

  it('does not open one user’s row that was pasted over another’s', async () => {
    const users = create('of the store');
    await users.set('ada', await signIn(emulator, 'ada-coach'));
    await users.set('grace', await signIn(emulator, 'grace-student'));
    store.set(keyOf('grace'), store.get(keyOf('ada')) as string);
    expect(await caught(() => users.get('grace'))).to.have.property('code', 'login_required');
    expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
  });

  it('does not revoke another user’s tokens that were pasted', async () => {
    const users = create('of the store');
    const ada = await signIn(emulator, 'ada-coach');
    await users.set('ada', ada);
    store.set(keyOf('grace'), store.get(keyOf('ada')) as string);
    await users.revoke('grace');
    expect(await useToken(emulator, ada)).to.equal(200);
  });

  it('opens a user’s older row again', async () => {
    const users = create('of the store');
    await users.set('ada', await signIn(emulator));
    const row = store.get(keyOf('ada')) as string;
    await users.delete('ada');
    store.set(keyOf('ada'), row);
    expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
  });

  it('does not open a row that was changed anywhere', async () => {
    const users = create('of the store');
    await users.set('ada', await signIn(emulator));
    const row = store.get(keyOf('ada')) as string;
    for (const at of [0, 21, 22, 40, Math.floor(row.length / 2), row.length - 2]) {
      const changed = row.slice(0, at) + (row[at] === 'A' ? 'B' : 'A') + row.slice(at + 1);
      store.set(keyOf('ada'), changed);
      expect(await caught(() => users.get('ada')), `at ${at}`).to.have.property('code', 'login_required');
    }
  });

  it('does not open what was stored without a secret', async () => {
    await create().set('ada', await signIn(emulator));
    expect(await caught(() => create('of the store').get('ada'))).to.have.property('code', 'login_required');
  });

  it('does not open what another secret sealed', async () => {
    await create('of the store').set('ada', await signIn(emulator));
    expect(await caught(() => create('another').get('ada'))).to.have.property('code', 'login_required');
    expect(await caught(() => create().get('ada'))).to.have.property('code', 'login_required');
  });

  it('opens what an older secret sealed', async () => {
    const tokens = await signIn(emulator);
    await create('older').set('ada', tokens);
    expect(await create(['newer', 'older']).get('ada')).to.deep.equal(tokens);
  });

  it('seals with the newest secret when it refreshes, so that the older can go', async () => {
    await create('older').set('ada', await signIn(emulator));
    clock.advance(7200 * secondMs);
    const renewed = await create(['newer', 'older']).get('ada');
    expect(await create('newer').get('ada')).to.deep.equal(renewed);
    expect(await caught(() => create('older').get('ada'))).to.have.property('code', 'login_required');
  });
});
