import { randomUUID } from 'node:crypto';
import KeyvPostgres from '@keyv/postgres';
import { expect } from 'chai';
import Keyv from 'keyv';
import { type MetafyTokens, MetafyUserTokens } from '../../../src';
import { MetafyEmulator } from '../../../src/emulator';
import { caught } from '../../support/caught';
import { usePostgres } from '../../support/postgres';
import { issueTokens, refreshModes, toClient, toRowKey, useToken } from '../support/tokens';

describe('tokens on PostgreSQL', () => {
  const postgres = usePostgres();
  const emulator = new MetafyEmulator();
  let keyv: Keyv | undefined;
  let userId: string;

  before(() => emulator.start());
  beforeEach(() => {
    userId = `ada-${randomUUID()}`;
  });
  afterEach(() => keyv?.delete(toRowKey(emulator, userId)));
  after(async () => {
    await keyv?.disconnect();
    await emulator.stop();
  });

  /** A Keyv of its own for each machine; `@keyv/postgres` has one pool of connections for all of them. */
  const connect = () => {
    const store = new KeyvPostgres({ uri: postgres.url, table: 'metafy_tokens' });
    keyv = new Keyv({ store, throwOnErrors: true });
    return keyv;
  };
  const create = (options: object = {}) =>
    new MetafyUserTokens({ ...toClient(emulator), store: connect(), ...options });

  for (const mode of refreshModes) {
    it(`are refreshed by two machines at once, without a lock, when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      const [one, two] = [create(), create()];
      const expire = (tokens: MetafyTokens) => one.set(userId, { ...tokens, expiresAt: new Date(Date.now() - 1) });
      await expire(await issueTokens(emulator));
      const both = await Promise.all([one.get(userId), two.get(userId)]);
      for (const tokens of both) expect(await useToken(emulator, tokens)).to.equal(200);
      await expire(await one.get(userId));
      expect(await useToken(emulator, await create().get(userId))).to.equal(200);
    });
  }

  it('are sealed when there is a secret, and opened on another machine', async () => {
    const tokens = await issueTokens(emulator);
    const secret = 'of the store, at least 32 characters';
    await create({ secret }).set(userId, tokens);
    expect(await connect().get(toRowKey(emulator, userId)))
      .to.be.a('string')
      .and.not.to.include(tokens.accessToken);
    expect(await create({ secret }).get(userId)).to.deep.equal(tokens);
  });

  it('are not lost quietly when the database refuses a row', async () => {
    const tokens = await issueTokens(emulator);
    const error = await caught(() => create().set('longer than a key may be '.repeat(20), tokens));
    expect(error.message).to.match(/too long/);
  });
});
