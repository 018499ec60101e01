import { randomUUID } from 'node:crypto';
import KeyvPostgres from '@keyv/postgres';
import { expect } from 'chai';
import Keyv from 'keyv';
import { MetafyClientCredentials, MetafyUserTokens } from '../../src';
import { caught } from '../support/caught';
import { usePostgres } from '../support/postgres';
import { secondMs, useClock } from '../tokens/support/clock';
import { listGrants, refreshModes, signIn, toClient, useEmulator, useToken } from '../tokens/support/metafy';

describe('tokens on PostgreSQL', () => {
  const clock = useClock();
  const emulator = useEmulator();
  const postgres = usePostgres();
  let keyv: Keyv | undefined;
  let userId: string;

  /** A Keyv of its own for each machine; `@keyv/postgres` has one pool of connections for all of them. */
  const connect = () => {
    const store = new KeyvPostgres({ uri: postgres.url, table: 'metafy_tokens' });
    keyv = new Keyv({ store, throwOnErrors: true });
    return keyv;
  };
  const create = (options: object = {}) =>
    new MetafyUserTokens({ ...toClient(emulator), store: connect(), ...options });

  beforeEach(() => {
    userId = `ada-${randomUUID()}`;
  });
  afterEach(() => keyv?.delete(`metafy-user:${userId}`));
  after(() => keyv?.disconnect());

  it('are given back as they were set, on another machine', async () => {
    const tokens = await signIn(emulator);
    await create().set(userId, tokens);
    expect(await create().get(userId)).to.deep.equal(tokens);
  });

  for (const mode of refreshModes) {
    it(`are refreshed by two machines at once, without a lock, when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      const [one, two] = [create(), create()];
      await one.set(userId, await signIn(emulator));
      clock.advance(7200 * secondMs);
      const both = await Promise.all([one.get(userId), two.get(userId)]);
      for (const tokens of both) expect(await useToken(emulator, tokens)).to.equal(200);
      clock.advance(7200 * secondMs);
      expect(await useToken(emulator, await create().get(userId))).to.equal(200);
    });
  }

  it('are sealed when there is a secret, and opened on another machine', async () => {
    const tokens = await signIn(emulator);
    await create({ secret: 'of the store' }).set(userId, tokens);
    expect(await connect().get(`metafy-user:${userId}`)).to.match(/^[\w-]+$/);
    expect(await create({ secret: 'of the store' }).get(userId)).to.deep.equal(tokens);
  });

  it('are revoked and gone', async () => {
    const users = create();
    const tokens = await signIn(emulator);
    await users.set(userId, tokens);
    await users.revoke(userId);
    expect(await useToken(emulator, tokens)).to.equal(401);
    expect(await caught(() => create().get(userId))).to.have.property('code', 'login_required');
  });

  it('are not lost quietly when the database refuses a row', async () => {
    const tokens = await signIn(emulator);
    const error = await caught(() => create().set('longer than a key may be '.repeat(20), tokens));
    expect(error.message).to.match(/too long/);
  });

  it('are shared as the application owner’s', async () => {
    const options = { ...toClient(emulator), scope: `profile`, secret: userId };
    const { accessToken } = await new MetafyClientCredentials({ ...options, cache: connect() }).getToken();
    const other = new MetafyClientCredentials({ ...options, cache: connect() });
    expect((await other.getToken()).accessToken).to.equal(accessToken);
    expect(listGrants(emulator, 'client_credentials')).to.have.length(1);
    await other.revoke();
  });
});
