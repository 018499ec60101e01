import { createKeyv } from '@keyv/redis';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type Keyv from 'keyv';
import { createRedisLock } from '../../../examples/fleet/redis-lock';
import { MetafyUserTokens, type MetafyUserTokensOptions } from '../../../src';
import type { MetafyEmulator } from '../../../src/emulator';
import { caught } from '../../support/caught';
import { useRedis } from '../../support/redis';
import { toClient, toRowKey } from '../support/tokens';
import { startCrowdedEmulator, storeExpiredTokens } from './support/people';

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
});
