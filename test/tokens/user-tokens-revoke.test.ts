import { expect } from 'chai';
import { MetafyOAuthError, MetafyResponseError, MetafyUserTokens, refreshTokens } from '../../src';
import type { MetafyEmulatorFault } from '../../src/emulator';
import { caught } from '../support/caught';
import { useClock } from './support/clock';
import { atRead, lifetimeMs, readOf } from './support/machine';
import {
  listGrants,
  listRevocations,
  refreshModes,
  secret,
  signIn,
  toClient,
  useEmulator,
  useToken,
} from './support/metafy';
import { Gate, RemoteStore } from './support/remote-store';

describe('MetafyUserTokens.revoke', () => {
  const clock = useClock({ timers: true });
  const emulator = useEmulator();
  let store: RemoteStore;
  let users: MetafyUserTokens;
  const create = (options: object = {}) => new MetafyUserTokens({ ...toClient(emulator), store, ...options });

  beforeEach(() => {
    store = new RemoteStore();
    users = create();
  });

  for (const mode of refreshModes) {
    it(`ends the user's whole authorization, and no other, then forgets it, when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      const grace = await signIn(emulator, 'grace-student');
      await users.set('ada', await signIn(emulator, 'ada-coach'));
      await users.set('grace', grace);
      clock.advance(lifetimeMs);
      const tokens = await users.get('ada');
      await users.revoke('ada');
      expect(await useToken(emulator, tokens)).to.equal(401);
      const error = await caught(() => refreshTokens(toClient(emulator), tokens.refreshToken as string));
      expect(error).to.have.property('code', 'invalid_grant');
      expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
      expect(await useToken(emulator, await users.get('grace'))).to.equal(200);
    });
  }

  it('revokes an access token that came without a refresh token', async () => {
    const tokens = { ...(await signIn(emulator)), refreshToken: undefined };
    await users.set('ada', tokens);
    await users.revoke('ada');
    expect(await useToken(emulator, tokens)).to.equal(401);
  });

  it('revokes what is left of tokens whose refresh token Metafy has refused', async () => {
    const tokens = await signIn(emulator);
    await users.set('ada', tokens);
    emulator.expire(tokens.refreshToken as string);
    await caught(() => users.get('ada', { rejectedToken: tokens.accessToken }));
    await users.revoke('ada');
    expect(listRevocations(emulator)).to.have.length(1);
    expect(await useToken(emulator, tokens)).to.equal(401);
    expect(store.rows.size).to.equal(0);
  });

  it('asks nothing of Metafy when nothing is stored', async () => {
    await users.revoke('nobody');
    expect(listRevocations(emulator)).to.have.length(0);
  });

  describe('rejects and keeps the tokens', () => {
    const down = () => Promise.reject(new Error('it is down'));
    const outages: Record<string, MetafyEmulatorFault> = {
      'resets the connection': { reset: true },
      'answers 503': { status: 503, body: 'Oops' },
      'answers a redirect': { status: 302, headers: { Location: '/' } },
    };
    for (const [outage, fault] of Object.entries(outages)) {
      it(`when Metafy ${outage}, and can be tried again`, async () => {
        const tokens = await signIn(emulator);
        await users.set('ada', tokens);
        emulator.fail('revoke', fault);
        expect(await caught(() => users.revoke('ada'))).to.be.instanceOf(MetafyResponseError);
        expect(await users.get('ada')).to.deep.equal(tokens);
        await users.revoke('ada');
        expect(await useToken(emulator, tokens)).to.equal(401);
        expect(store.rows.size).to.equal(0);
      });
    }

    it('when Metafy refuses the credentials', async () => {
      await users.set('ada', await signIn(emulator));
      const error = await caught(() => create({ clientSecret: 'wrong' }).revoke('ada'));
      expect(error).to.be.instanceOf(MetafyOAuthError).with.property('code', 'unauthorized_client');
      expect(store.rows.size).to.equal(1);
    });

    it('when they do not open', async () => {
      const tokens = await signIn(emulator);
      await create({ secret }).set('ada', tokens);
      for (const wrong of [users, create({ secret: 'another'.repeat(5) })]) {
        await caught(() => wrong.revoke('ada'));
        expect(store.rows.size).to.equal(1);
      }
      await create({ secret }).revoke('ada');
      expect(await useToken(emulator, tokens)).to.equal(401);
    });

    it('when the store cannot forget them, and can be tried again', async () => {
      await users.set('ada', await signIn(emulator));
      store.beforeDelete = down;
      expect(await caught(() => users.revoke('ada'))).to.have.property('message', 'it is down');
      store.beforeDelete = undefined;
      await users.revoke('ada');
      expect(store.rows.size).to.equal(0);
    });
  });

  describe('and a refresh', () => {
    beforeEach(async () => {
      await users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
    });

    it('that is under way: waits and revokes its tokens', async () => {
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

    it('that is under way and fails: revokes all the same', async () => {
      emulator.fail('token', { reset: true });
      const gate = new Gate();
      atRead(store, readOf.exclusive, gate.hook);
      const refresh = caught(() => users.get('ada'));
      await gate.reached;
      const revocation = users.revoke('ada');
      gate.release();
      await Promise.all([refresh, revocation]);
      expect(listRevocations(emulator)).to.have.length(1);
      expect(store.rows.size).to.equal(0);
    });

    it('that is asked for meanwhile: makes it wait, and find nothing', async () => {
      const gate = new Gate();
      store.beforeDelete = gate.hook;
      const revocation = users.revoke('ada');
      await gate.reached;
      const refresh = caught(() => users.get('ada'));
      gate.release();
      await revocation;
      expect(await refresh).to.have.property('code', 'login_required');
      expect(listGrants(emulator)).to.have.length(0);
    });

    it('of another machine, after it has read the tokens: revokes those as well', async () => {
      const gate = new Gate();
      store.afterGet = async () => {
        store.afterGet = undefined;
        await gate.hook();
      };
      const revocation = users.revoke('ada');
      await gate.reached;
      const renewed = await create({ store: new RemoteStore(store.rows) }).get('ada');
      gate.release();
      await revocation;
      expect(store.rows.size).to.equal(0);
      expect(await useToken(emulator, renewed)).to.equal(401);
      expect(listRevocations(emulator), 'the token read first, and the one that replaced it').to.have.length(2);
    });
  });

  it('keeps the tokens of a sign-in that ends meanwhile', async () => {
    await users.set('ada', await signIn(emulator));
    const tokens = await signIn(emulator);
    const gate = new Gate();
    store.beforeDelete = gate.hook;
    const revocation = users.revoke('ada');
    await gate.reached;
    const setting = users.set('ada', tokens);
    gate.release();
    await Promise.all([revocation, setting]);
    expect(await users.get('ada')).to.deep.equal(tokens);
    expect(await useToken(emulator, tokens)).to.equal(200);
  });
});
