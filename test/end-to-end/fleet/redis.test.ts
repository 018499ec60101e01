import { createKeyv } from '@keyv/redis';
import { expect } from 'chai';
import type Keyv from 'keyv';
import { MetafyCommunityAccess, type MetafyStore, MetafyUserTokens } from '../../../src';
import type { MetafyEmulator } from '../../../src/emulator';
import { useRedis } from '../../support/redis';
import { issueTokens, listGrants, refreshModes, toClient } from '../support/tokens';
import { type Machine, type Report, startMachines } from './support/machine';
import { communityId, countWorking, startCrowdedEmulator, storeExpiredTokens } from './support/people';

const [machineCount, userCount, callsPerUser] = [8, 20, 50];
const maxAgeMs = 15 * 60_000;

describe(`${machineCount} processes on one Redis, with ${callsPerUser} calls at once for each of ${userCount} users`, function () {
  this.timeout(60_000);
  const redis = useRedis();
  let emulator: MetafyEmulator;
  let machines: Machine[] = [];
  let keyv: Keyv;
  let users: MetafyUserTokens;

  const createAccess = (store: MetafyStore) =>
    new MetafyCommunityAccess({ ...toClient(emulator), tokens: users, communityId, store });

  before(async () => {
    emulator = await startCrowdedEmulator(userCount);
    const setup = { redisURL: redis.url, emulatorURL: emulator.url, leaseMs: 15_000 };
    machines = await startMachines(machineCount, setup);
    keyv = createKeyv(redis.url, { throwOnErrors: true });
    users = new MetafyUserTokens({ ...toClient(emulator), store: keyv });
  });
  after(async () => {
    await Promise.all(machines.map((machine) => machine.stop()));
    if (keyv) {
      const access = createAccess(keyv);
      for (const { id } of emulator.users) await Promise.all([users.delete(id), access.forget(id)]);
      await keyv.disconnect();
    }
    await emulator?.stop();
  });

  function expectAllToSucceed(reports: Report[]): void {
    expect(reports.flatMap(({ failures }) => failures)).to.deep.equal([]);
    expect(reports.map(({ calls }) => calls)).to.deep.equal(Array(machineCount).fill(userCount * callsPerUser));
  }

  for (const mode of refreshModes) {
    for (const hasLock of [true, false]) {
      const outcome = hasLock ? 'make one refresh per user, with a lock' : 'all succeed, without a lock';
      it(`${outcome}, when Metafy rotates ${mode}`, async () => {
        emulator.setRefreshMode(mode);
        const userIds = await storeExpiredTokens(emulator, users);
        const order = { userIds, callsPerUser, hasLock };
        const reports = await Promise.all(machines.map((machine) => machine.getTokens(order)));
        const refreshes = listGrants(emulator);
        expectAllToSucceed(reports);
        if (hasLock) expect(refreshes).to.have.length(userCount);
        const stored = await Promise.all(userIds.map((userId) => users.get(userId)));
        expect(await countWorking(emulator, stored)).to.equal(userCount);
      });
    }
  }

  /** Everybody is signed in, and Metafy's last answer about them, which no longer holds for the first half, has just expired. */
  async function storeExpiredAnswers(): Promise<string[]> {
    const access = createAccess({
      get: () => undefined,
      set: (key, value, ttlMs) =>
        keyv.set(key, JSON.stringify({ ...JSON.parse(value), checkedAtMs: Date.now() - maxAgeMs }), ttlMs),
      delete: (key) => keyv.delete(key),
    });
    const userIds = emulator.users.map(({ id }) => id);
    for (const userId of userIds) {
      await users.set(userId, await issueTokens(emulator, userId, 'profile purchases'));
      emulator.subscribe(userId, communityId, 'tier-1');
      await access.check(userId);
    }
    for (const userId of userIds.slice(0, userCount / 2)) emulator.cancel(userId, communityId);
    emulator.clearRequests();
    return userIds;
  }

  for (const hasLock of [true, false]) {
    const times = hasLock ? 'once per user with a lock' : 'at most once per user and process without a lock';
    it(`ask ${times} whether somebody supports a community`, async () => {
      const userIds = await storeExpiredAnswers();
      const supporterIds = userIds.slice(userCount / 2);
      const order = { communityId, userIds, supporterIds, checksPerUser: callsPerUser, hasLock };
      expectAllToSucceed(await Promise.all(machines.map((machine) => machine.checkAccess(order))));
      // There is one token per user.
      const asked = emulator.requests
        .filter(({ path }) => path.includes('/purchases/'))
        .map(({ headers }) => String(headers.authorization));
      const counts = [...new Set(asked)].map((token) => asked.filter((other) => other === token).length);
      expect(counts).to.have.length(userCount);
      expect(Math.max(...counts)).to.be.at.most(hasLock ? 1 : machineCount);
    });
  }
});
