import { setTimeout as sleep } from 'node:timers/promises';
import { createKeyv } from '@keyv/redis';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type Keyv from 'keyv';
import { createRedisLock } from '../../../examples/fleet/redis-lock';
import { type MetafyStore, MetafyUserTokens, type MetafyUserTokensOptions } from '../../../src';
import type { MetafyEmulator } from '../../../src/emulator';
import { caught } from '../../support/caught';
import { useRedis } from '../../support/redis';
import { issueTokens, refreshModes, toClient, toRowKey, useToken } from '../support/tokens';
import { Machine } from './support/machine';
import { startCrowdedEmulator, storeExpiredTokens } from './support/people';

/** Reads what was in the row before, until a second after the first write, as from a replica. */
function lagBehind(keyv: Keyv, oldRow: string | undefined): MetafyStore {
  let isReplicated = false;
  return {
    get: (key) => (isReplicated ? keyv.get(key) : oldRow),
    set: async (key, value) => {
      const isKept = await keyv.set(key, value);
      setTimeout(() => {
        isReplicated = true;
      }, 1000);
      return isKept;
    },
    delete: (key) => keyv.delete(key),
  };
}

describe('tokens on Redis with a lock of redis-semaphore', function () {
  this.timeout(60_000);
  const service = useRedis();
  let emulator: MetafyEmulator;
  let redis: Redis;
  let keyv: Keyv;
  let userId: string;
  let users: MetafyUserTokens;

  const createUsers = (options: Partial<MetafyUserTokensOptions> = {}) =>
    new MetafyUserTokens({ ...toClient(emulator), store: keyv, lock: createRedisLock(redis, 4000), ...options });
  const readRow = () => keyv.get<string>(toRowKey(emulator, userId));

  before(async () => {
    emulator = await startCrowdedEmulator(1);
    redis = new Redis(service.url);
    keyv = createKeyv(service.url, { throwOnErrors: true });
    users = createUsers();
  });
  beforeEach(async () => {
    [userId = ''] = await storeExpiredTokens(emulator, users);
  });
  after(async () => {
    await users.delete(userId);
    redis.disconnect();
    await keyv.disconnect();
    await emulator.stop();
  });

  describe('when Redis keeps the lock waiting for longer than a call may take', () => {
    /** Writes wait, the lock's among them; reads are answered. */
    async function pauseWrites(): Promise<{ isOver: () => boolean; end: () => Promise<unknown> }> {
      let isOver = false;
      const [control, client] = [redis.duplicate(), redis.duplicate()];
      await control.call('CLIENT', 'PAUSE', '20000', 'WRITE');
      const write = client.set(`probe-${userId}`, '', 'PX', 1).then(() => {
        isOver = true;
      });
      const end = async () => {
        await control.call('CLIENT', 'UNPAUSE');
        await write;
        for (const connection of [control, client]) connection.disconnect();
      };
      return { isOver: () => isOver, end };
    }

    for (const [method, kept] of [
      ['get', true],
      ['revoke', false],
      ['delete', false],
    ] as const) {
      it(`${method} fails and changes nothing, and succeeds as soon as the lock is well again`, async () => {
        const impatient = createUsers({ timeoutMs: 500 });
        const row = await readRow();
        const pause = await pauseWrites();
        try {
          expect(await caught(() => impatient[method](userId))).to.be.instanceOf(Error);
          expect(pause.isOver(), 'Redis has answered in time').to.equal(false);
        } finally {
          await pause.end();
        }
        expect(await readRow()).to.equal(row);
        expect(emulator.requests).to.have.length(0);
        await impatient[method](userId);
        expect((await readRow()) !== undefined).to.equal(kept);
      });
    }
  });

  describe('while another process is between Metafy’s answer and the store’s write', () => {
    let machine: Machine;
    before(async () => {
      machine = await Machine.start({ redisURL: service.url, emulatorURL: emulator.url, leaseMs: 4000 });
    });
    after(() => machine?.stop());
    /** Time for what does not wait for the lock. */
    const letOthersAct = () => sleep(200);

    it('keep the sign-in that ends here', async () => {
      const goOn = await machine.refreshUntilStore(userId);
      const tokens = await issueTokens(emulator, userId);
      const setting = users.set(userId, tokens);
      await letOthersAct();
      await Promise.all([goOn(), setting]);
      expect(await users.get(userId)).to.deep.equal(tokens);
    });

    it('are revoked here, those of the other process as well', async () => {
      const goOn = await machine.refreshUntilStore(userId);
      const revoking = users.revoke(userId);
      await letOthersAct();
      const { accessToken = '' } = await goOn();
      await revoking;
      expect(await readRow()).to.equal(undefined);
      expect(await useToken(emulator, { accessToken })).to.equal(401);
    });
  });

  for (const mode of refreshModes) {
    it(`send nobody to sign in when reads lag a second behind writes and Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      // What the replica still has.
      const oldRow = await readRow();
      const store = lagBehind(keyv, oldRow);
      const [one, two] = [createUsers({ store }), createUsers({ store })];
      for (const users of [one, two]) expect(await useToken(emulator, await users.get(userId))).to.equal(200);
    });
  }
});
