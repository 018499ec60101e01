import { expect } from 'chai';
import { type MetafyTokens, MetafyUserTokens, refreshTokens } from '../../src';
import type { MetafyEmulatorFault } from '../../src/emulator';
import { caught, expectError } from '../support/caught';
import { useClock } from './support/clock';
import { holdUp, readOf, startMachine } from './support/machine';
import * as metafy from './support/metafy';
import { RemoteStore } from './support/remote-store';

const { lifetimeMs, listRevocations, loginRequired, secret, signIn, toClient, useToken } = metafy;

describe('MetafyUserTokens.revoke', () => {
  const clock = useClock({ timers: true });
  const emulator = metafy.useEmulator();
  let store: RemoteStore;
  let users: MetafyUserTokens;
  let tokens: MetafyTokens;
  const create = (options: object = {}) => new MetafyUserTokens({ ...toClient(emulator), store, ...options });

  beforeEach(async () => {
    store = new RemoteStore();
    users = create();
    tokens = await signIn(emulator, 'ada-coach');
    await users.set('ada', tokens);
  });

  async function expectRevoked(revoked = tokens): Promise<void> {
    expect(await useToken(emulator, revoked)).to.equal(401);
    expect(store.rows.size).to.equal(0);
  }

  for (const mode of metafy.refreshModes) {
    it(`ends the user's whole authorization, and no other, then forgets it, when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      clock.advance(lifetimeMs);
      const grace = await signIn(emulator, 'grace-student');
      const renewed = await users.get('ada');
      await users.revoke('ada');
      await expectRevoked(renewed);
      const refresh = () => refreshTokens(toClient(emulator), renewed.refreshToken as string);
      await expectError(refresh, { code: 'invalid_grant' });
      await expectError(() => users.get('ada'), loginRequired);
      expect(await useToken(emulator, grace)).to.equal(200);
    });
  }

  it('revokes an access token that came without a refresh token', async () => {
    await users.delete('ada');
    await users.set('ada', { ...tokens, refreshToken: undefined });
    await users.revoke('ada');
    await expectRevoked();
  });

  it('revokes what is left of tokens whose refresh token Metafy has refused', async () => {
    emulator.expire(tokens.refreshToken as string);
    await caught(() => users.get('ada', { rejectedToken: tokens.accessToken }));
    await users.revoke('ada');
    expect(listRevocations(emulator)).to.have.length(1);
    await expectRevoked();
  });

  it('asks nothing of Metafy when nothing is stored', async () => {
    await users.revoke('nobody');
    expect(listRevocations(emulator)).to.have.length(0);
  });

  const outages: [outage: string, fault: MetafyEmulatorFault, code: string][] = [
    ['resets the connection', { reset: true }, 'network'],
    ['answers 503', { status: 503, body: 'Oops' }, 'bad_status'],
    ['answers a redirect', { status: 302, headers: { Location: '/' } }, 'bad_status'],
    ['refuses', { status: 403, body: { error: 'unauthorized_client' } }, 'unauthorized_client'],
  ];
  for (const [outage, fault, code] of outages) {
    it(`rejects and keeps the tokens when Metafy ${outage}, and can be tried again`, async () => {
      emulator.fail('revoke', fault);
      await expectError(() => users.revoke('ada'), { code });
      expect(await users.get('ada')).to.deep.equal(tokens);
      await users.revoke('ada');
      await expectRevoked();
    });
  }

  it('rejects and keeps the tokens when they do not open', async () => {
    await create({ secret }).set('ada', tokens);
    for (const wrong of [users, create({ secret: 'another'.repeat(5) })]) await caught(() => wrong.revoke('ada'));
    await create({ secret }).revoke('ada');
    await expectRevoked();
  });

  it('rejects when the store cannot forget them, and can be tried again', async () => {
    store.beforeDelete = () => Promise.reject(new Error('the store is down'));
    await expectError(() => users.revoke('ada'), { message: 'the store is down' });
    store.beforeDelete = undefined;
    await users.revoke('ada');
    expect(store.rows.size).to.equal(0);
  });

  describe('and a refresh', () => {
    beforeEach(() => clock.advance(lifetimeMs));

    it('that is under way: waits and revokes its tokens', async () => {
      const { outcome, release } = await holdUp(store, 'beforeSet', () => users.get('ada'));
      const revocation = users.revoke('ada');
      release();
      const [renewed] = await Promise.all([outcome, revocation]);
      await expectRevoked(renewed);
    });

    it('that is under way and fails: revokes all the same', async () => {
      emulator.fail('token', { reset: true });
      const { outcome, release } = await holdUp(store, 'beforeGet', () => users.get('ada'), readOf.exclusive);
      const revocation = users.revoke('ada');
      release();
      await Promise.all([expectError(() => outcome), revocation]);
      await expectRevoked();
    });

    it('that is asked for meanwhile: makes it wait, and find nothing', async () => {
      const { outcome, release } = await holdUp(store, 'beforeDelete', () => users.revoke('ada'));
      const refresh = expectError(() => users.get('ada'), loginRequired);
      release();
      await Promise.all([outcome, refresh]);
      expect(metafy.listGrants(emulator)).to.have.length(0);
    });

    it('of another machine, after it has read the tokens: revokes those as well', async () => {
      const { outcome, release } = await holdUp(store, 'afterGet', () => users.revoke('ada'));
      const renewed = await startMachine(emulator, store.rows).users.get('ada');
      release();
      await outcome;
      await expectRevoked(renewed);
      expect(listRevocations(emulator), 'the token read first, and the one that replaced it').to.have.length(2);
    });
  });

  it('keeps the tokens of a sign-in that ends meanwhile', async () => {
    const later = await signIn(emulator);
    const { outcome, release } = await holdUp(store, 'beforeDelete', () => users.revoke('ada'));
    const setting = users.set('ada', later);
    release();
    await Promise.all([outcome, setting]);
    expect(await users.get('ada')).to.deep.equal(later);
    expect(await useToken(emulator, later)).to.equal(200);
  });
});
