import { createKeyv } from '@keyv/redis';
import { expect } from 'chai';
import type Keyv from 'keyv';
import { MetafyUserTokens } from '../../../src';
import type { MetafyEmulator } from '../../../src/emulator';
import { useRedis } from '../../support/redis';
import { listGrants, refreshModes, toClient } from '../support/tokens';
import { type Machine, startMachines } from './support/machine';
import { countWorking, startCrowdedEmulator, storeExpiredTokens } from './support/people';

const [machineCount, userCount, callsPerUser] = [8, 20, 50];

describe(`${machineCount} processes on one Redis, with ${callsPerUser} calls at once for each of ${userCount} users`, function () {
  this.timeout(60_000);
  const redis = useRedis();
  let emulator: MetafyEmulator;
  let machines: Machine[] = [];
  let keyv: Keyv;
  let users: MetafyUserTokens;

  before(async () => {
    emulator = await startCrowdedEmulator(userCount);
    const setup = { redisURL: redis.url, emulatorURL: emulator.url, leaseMs: 15_000 };
    machines = await startMachines(machineCount, setup);
    keyv = createKeyv(redis.url, { throwOnErrors: true });
    users = new MetafyUserTokens({ ...toClient(emulator), store: keyv });
  });
  after(async () => {
    await Promise.all(machines.map((machine) => machine.stop()));
    for (const { id } of emulator?.users ?? []) await users?.delete(id);
    await keyv?.disconnect();
    await emulator?.stop();
  });

  for (const mode of refreshModes) {
    for (const hasLock of [true, false]) {
      const outcome = hasLock ? 'make one refresh per user, with a lock' : 'all succeed, without a lock';
      it(`${outcome}, when Metafy rotates ${mode}`, async () => {
        emulator.setRefreshMode(mode);
        const userIds = await storeExpiredTokens(emulator, users);
        const order = { userIds, callsPerUser, hasLock };
        const reports = await Promise.all(machines.map((machine) => machine.getTokens(order)));
        const refreshes = listGrants(emulator);
        expect(reports.flatMap(({ failures }) => failures)).to.deep.equal([]);
        expect(reports.map(({ calls }) => calls)).to.deep.equal(Array(machineCount).fill(userCount * callsPerUser));
        if (hasLock) expect(refreshes).to.have.length(userCount);
        const stored = await Promise.all(userIds.map((userId) => users.get(userId)));
        expect(await countWorking(emulator, stored)).to.equal(userCount);
      });
    }
  }
});
