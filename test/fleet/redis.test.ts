import { createKeyv } from '@keyv/redis';
import { expect } from 'chai';
import type Keyv from 'keyv';
import { MetafyUserTokens } from '../../src';
import type { MetafyEmulator } from '../../src/emulator';
import { useRedis } from '../support/redis';
import { listGrants, refreshModes, toClient } from '../tokens/support/metafy';
import { type Machine, startMachines } from './support/fleet';
import { countWorking, startCrowdedEmulator, storeExpiredTokens } from './support/people';

const machineCount = 8;
const userCount = 20;
const callsPerUser = 50;

describe(`${machineCount} processes on one Redis that each make ${callsPerUser} calls at once for the same ${userCount} users`, function () {
  this.timeout(60_000);
  const redis = useRedis();
  let emulator: MetafyEmulator;
  let machines: Machine[];
  let keyv: Keyv;
  let users: MetafyUserTokens;

  before(async () => {
    emulator = await startCrowdedEmulator(userCount);
    machines = await startMachines(machineCount, {
      redisURL: redis.url,
      emulatorURL: emulator.url,
      leaseMs: 15_000,
    });
    keyv = createKeyv(redis.url, { throwOnErrors: true });
    users = new MetafyUserTokens({ ...toClient(emulator), store: keyv });
  });
  after(async () => {
    await Promise.all((machines ?? []).map((machine) => machine.stop()));
    for (const { id } of emulator?.users ?? []) await users?.delete(id);
    await keyv?.disconnect();
    await emulator?.stop();
  });

  for (const mode of refreshModes) {
    for (const hasLock of [true, false]) {
      const name = `${hasLock ? 'with' : 'without'} a lock when Metafy rotates ${mode}`;
      it(`${hasLock ? 'make one refresh per user' : 'see no failure'} ${name}`, async () => {
        emulator.setRefreshMode(mode);
        const userIds = await storeExpiredTokens(emulator, users);
        const reports = await Promise.all(
          machines.map((machine) => machine.storm({ userIds, callsPerUser, hasLock })),
        );
        const refreshes = listGrants(emulator);
        const refused = refreshes.filter(({ status }) => status !== 200).length;
        const failures = reports.flatMap((report) => report.failures);
        const calls = reports.reduce((sum, report) => sum + report.calls, 0);
        const handedOut = new Set(reports.flatMap(({ accessTokens }) => accessTokens)).size;
        const stored = await Promise.all(userIds.map((userId) => users.get(userId)));
        const working = await countWorking(emulator, stored);
        console.log(
          `      ${name}: ${calls} calls, ${refreshes.length} upstream refreshes (${refused} refused), ` +
            `${handedOut} access tokens, ${failures.length} failures, ${working} stored refresh tokens work`,
        );
        expect(calls).to.equal(machineCount * userCount * callsPerUser);
        expect(failures).to.deep.equal([]);
        expect(working).to.equal(userCount);
        if (hasLock) expect(refreshes).to.have.length(userCount);
      });
    }
  }
});
