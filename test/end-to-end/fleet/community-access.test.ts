import { createKeyv } from '@keyv/redis';
import { expect } from 'chai';
import type Keyv from 'keyv';
import { MetafyCommunityAccess, type MetafyStore, MetafyUserTokens } from '../../../src';
import { MetafyEmulator } from '../../../src/emulator';
import { useRedis } from '../../support/redis';
import { issueTokens, toClient } from '../support/tokens';
import { type Machine, startMachines } from './support/machine';

const [machineCount, userCount, checksPerUser] = [8, 20, 50];
const maxAgeMs = 15 * 60_000;

describe(`${machineCount} processes on one Redis, with ${checksPerUser} checks at once of each of ${userCount} users`, function () {
  this.timeout(60_000);
  const redis = useRedis();
  let emulator: MetafyEmulator;
  let machines: Machine[] = [];
  let keyv: Keyv | undefined;
  let communityId: string;
  let userIds: string[];

  before(async () => {
    // Ids that no other run has used.
    const run = `${process.pid}-${Date.now()}`;
    communityId = `community-${run}`;
    const users = Array.from({ length: userCount }, (_, index) => {
      const id = `user-${run}-${index}`;
      return { id, slug: id, name: `User ${index}` };
    });
    userIds = users.map(({ id }) => id);
    const tiers = [{ id: 'tier-1', name: 'Supporter' }];
    const community = { id: communityId, title: 'Tests', ownerID: userIds[0] as string, tiers };
    emulator = await new MetafyEmulator({ users, communities: [community] }).start();
    const setup = { redisURL: redis.url, emulatorURL: emulator.url, leaseMs: 15_000 };
    machines = await startMachines(machineCount, setup);
    keyv = createKeyv(redis.url, { throwOnErrors: true });
  });
  after(async () => {
    await Promise.all(machines.map((machine) => machine.stop()));
    if (!keyv) return;
    const tokens = new MetafyUserTokens({ ...toClient(emulator), store: keyv });
    const access = new MetafyCommunityAccess({ ...toClient(emulator), tokens, communityId, store: keyv });
    await Promise.all(userIds.flatMap((userId) => [tokens.delete(userId), access.forget(userId)]));
    await keyv.disconnect();
    await emulator.stop();
  });

  /** Everybody is signed in, and Metafy's last answer about them, which no longer holds for half of them, has just expired. */
  async function storeExpiredAnswers(redisStore: Keyv): Promise<string[]> {
    const tokens = new MetafyUserTokens({ ...toClient(emulator), store: redisStore });
    const store: MetafyStore = {
      get: () => undefined,
      set: (key, value, ttlMs) =>
        redisStore.set(key, JSON.stringify({ ...JSON.parse(value), checkedAtMs: Date.now() - maxAgeMs }), ttlMs),
      delete: (key) => redisStore.delete(key),
    };
    const access = new MetafyCommunityAccess({ ...toClient(emulator), tokens, communityId, store });
    const signIns = userIds.map(async (userId) => {
      await tokens.set(userId, await issueTokens(emulator, userId, 'profile purchases'));
      emulator.subscribe(userId, communityId, 'tier-1');
      await access.check(userId);
    });
    await Promise.all(signIns);
    const [lapsed, supporterIds] = [userIds.slice(0, userCount / 2), userIds.slice(userCount / 2)];
    for (const userId of lapsed) emulator.cancel(userId, communityId);
    emulator.clearRequests();
    return supporterIds;
  }

  for (const hasLock of [true, false]) {
    const outcome = hasLock ? 'ask once per user with a lock' : 'ask at most once per user and process without a lock';
    it(outcome, async () => {
      const supporterIds = await storeExpiredAnswers(keyv as Keyv);
      const order = { communityId, userIds, supporterIds, checksPerUser, hasLock };
      const reports = await Promise.all(machines.map((machine) => machine.checkAccess(order)));
      const requests = new Map<string, number>();
      for (const { path, headers } of emulator.requests) {
        if (!path.includes('/purchases/')) continue;
        // One token per user.
        const token = headers.authorization ?? '';
        requests.set(token, (requests.get(token) ?? 0) + 1);
      }
      const total = [...requests.values()].reduce((sum, count) => sum + count, 0);
      console.log(`      ${machineCount * userCount * checksPerUser} checks, ${total} requests`);
      expect(reports.flatMap(({ failures }) => failures)).to.deep.equal([]);
      expect(reports.map(({ calls }) => calls)).to.deep.equal(Array(machineCount).fill(userCount * checksPerUser));
      expect(requests.size).to.equal(userCount);
      expect(Math.max(...requests.values())).to.be.at.most(hasLock ? 1 : machineCount);
    });
  }
});
