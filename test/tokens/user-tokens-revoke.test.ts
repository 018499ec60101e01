import { expect } from 'chai';
import { MetafyOAuthError, MetafyResponseError, MetafyUserTokens, refreshTokens } from '../../src';
import type { MetafyEmulatorFault } from '../../src/emulator';
import { caught } from '../support/caught';
import { secondMs, useClock } from './support/clock';
import { atRead, readOf } from './support/machine';
import { listGrants, listRevocations, refreshModes, signIn, toClient, useEmulator, useToken } from './support/metafy';
import { Gate, RemoteStore } from './support/remote-store';

describe('MetafyUserTokens.revoke', () => {
  const clock = useClock();
  const emulator = useEmulator();
  let store: RemoteStore;
  const create = (options: object = {}) => new MetafyUserTokens({ ...toClient(emulator), store, ...options });

  beforeEach(() => {
    store = new RemoteStore();
  });

  for (const mode of refreshModes) {
    it(`ends the whole authorization, then forgets it, when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      const users = create();
      await users.set('ada', await signIn(emulator));
      clock.advance(7200 * secondMs);
      const tokens = await users.get('ada');
      await users.revoke('ada');
      expect(await useToken(emulator, tokens)).to.equal(401);
      const error = await caught(() => refreshTokens(toClient(emulator), tokens.refreshToken as string));
      expect(error).to.have.property('code', 'invalid_grant');
      expect(store.rows.size).to.equal(0);
    });
  }

  it('leaves the user to sign in again', async () => {
    const users = create();
    await users.set('ada', await signIn(emulator));
    await users.revoke('ada');
    expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
  });

  it('leaves other users as they are', async () => {
    const users = create();
    const grace = await signIn(emulator, 'grace-student');
    await users.set('ada', await signIn(emulator, 'ada-coach'));
    await users.set('grace', grace);
    await users.revoke('ada');
    expect(await users.get('grace')).to.deep.equal(grace);
    expect(await useToken(emulator, grace)).to.equal(200);
  });

  it('revokes an access token that came without a refresh token', async () => {
    const users = create();
    const tokens = { ...(await signIn(emulator)), refreshToken: undefined };
    await users.set('ada', tokens);
    await users.revoke('ada');
    expect(await useToken(emulator, tokens)).to.equal(401);
  });

  it('forgets tokens that are already dead at Metafy', async () => {
    const users = create();
    await users.set('ada', await signIn(emulator));
    await users.revoke('ada');
    await users.set('ada', await signIn(emulator));
    const { accessToken } = await users.get('ada');
    await refreshTokens(toClient(emulator), (await users.get('ada')).refreshToken as string);
    await users.revoke('ada');
    expect(accessToken).to.be.a('string');
    expect(store.rows.size).to.equal(0);
  });

  it('asks nothing of Metafy when nothing is stored', async () => {
    await create().revoke('nobody');
    expect(listRevocations(emulator)).to.have.length(0);
  });

  const outages: Record<string, MetafyEmulatorFault> = {
    'resets the connection': { reset: true },
    'answers 503': { status: 503, body: 'Oops' },
    'answers HTML': { status: 200, body: '<title>Maintenance</title>' },
  };
  for (const [outage, fault] of Object.entries(outages)) {
    it(`says so, and loses nothing, when Metafy ${outage}`, async () => {
      const users = create();
      const tokens = await signIn(emulator);
      await users.set('ada', tokens);
      emulator.fail('revoke', fault);
      expect(await caught(() => users.revoke('ada'))).to.be.instanceOf(MetafyResponseError);
      expect(await users.get('ada')).to.deep.equal(tokens);
      expect(listRevocations(emulator), 'never repeated').to.have.length(1);
    });
  }

  it('can be tried again after an outage', async () => {
    const users = create();
    const tokens = await signIn(emulator);
    await users.set('ada', tokens);
    emulator.fail('revoke', { reset: true });
    await caught(() => users.revoke('ada'));
    await users.revoke('ada');
    expect(await useToken(emulator, tokens)).to.equal(401);
    expect(store.rows.size).to.equal(0);
  });

  it('keeps the tokens when Metafy refuses the credentials', async () => {
    const users = create({ clientSecret: 'wrong' });
    await users.set('ada', await signIn(emulator));
    const error = await caught(() => users.revoke('ada'));
    expect(error).to.be.instanceOf(MetafyOAuthError).with.property('code', 'unauthorized_client');
    expect(store.rows.size).to.equal(1);
  });

  it('waits for a refresh that is under way and revokes its tokens', async () => {
    const users = create();
    await users.set('ada', await signIn(emulator));
    clock.advance(7200 * secondMs);
    const gate = new Gate();
    store.beforeSet = gate.hook;
    const refresh = users.get('ada');
    await gate.reached;
    const revocation = users.revoke('ada');
    gate.release();
    const [tokens] = await Promise.all([refresh, revocation]);
    expect(await useToken(emulator, tokens)).to.equal(401);
    expect(store.rows.size).to.equal(0);
  });

  it('makes a refresh wait that is asked for meanwhile, and find nothing', async () => {
    const users = create();
    await users.set('ada', await signIn(emulator));
    clock.advance(7200 * secondMs);
    const gate = new Gate();
    store.beforeDelete = gate.hook;
    const revocation = users.revoke('ada');
    await gate.reached;
    const refresh = caught(() => users.get('ada'));
    gate.release();
    await revocation;
    expect(await refresh).to.have.property('code', 'login_required');
    expect(listGrants(emulator)).to.have.length(0);
    expect(store.rows.size).to.equal(0);
  });

  it('revokes also when a refresh that is under way fails', async () => {
    const users = create();
    const tokens = await signIn(emulator);
    await users.set('ada', tokens);
    clock.advance(7200 * secondMs);
    emulator.fail('token', { reset: true });
    const gate = new Gate();
    atRead(store, readOf.turn, gate.hook);
    const refresh = caught(() => users.get('ada'));
    await gate.reached;
    const revocation = users.revoke('ada');
    gate.release();
    await Promise.all([refresh, revocation]);
    const error = await caught(() => refreshTokens(toClient(emulator), tokens.refreshToken as string));
    expect(error).to.have.property('code', 'invalid_grant');
    expect(store.rows.size).to.equal(0);
  });

  it('says that the store could not forget, and can be tried again', async () => {
    const users = create();
    await users.set('ada', await signIn(emulator));
    store.beforeDelete = () => Promise.reject(new Error('the store is down'));
    expect(await caught(() => users.revoke('ada'))).to.have.property('message', 'the store is down');
    store.beforeDelete = undefined;
    await users.revoke('ada');
    expect(store.rows.size).to.equal(0);
  });
});
