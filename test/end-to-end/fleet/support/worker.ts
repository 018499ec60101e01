import { createKeyv } from '@keyv/redis';
import { Redis } from 'ioredis';
import { createRedisLock } from '../../../../examples/fleet/redis-lock';
import { MetafyCommunityAccess, type MetafyLock, type MetafyStore, MetafyUserTokens } from '../../../../src';
import { toClient, useToken } from '../../support/tokens';
import type { CheckAccess, GetTokens, Order, Report, Setup } from './machine';

/*
 * One machine of the fleet. It takes orders from its parent and answers each with a report; the orders that it
 * does not survive end with a `stopped` report, upon which the parent kills it.
 */
const { redisURL, emulatorURL, leaseMs } = JSON.parse(process.argv[2] as string) as Setup;
const keyv = createKeyv(redisURL, { throwOnErrors: true });
keyv.on('error', () => {});
const redis = new Redis(redisURL);
redis.on('error', () => {});
const redisLock = createRedisLock(redis, leaseMs);

const createUsers = (store: MetafyStore, lock: MetafyLock | undefined) =>
  new MetafyUserTokens({ ...toClient({ url: emulatorURL }), store, lock });
const report = (kind: Report['kind'], calls = 0, failures: string[] = []) => process.send?.({ kind, calls, failures });

/** Tells the parent that this is the moment, and never goes on. */
const stopHere = (): Promise<never> => {
  report('stopped');
  return new Promise(() => {});
};

/** A token that is handed out and does not work is a failure as well. */
async function getTokens({ userIds, callsPerUser, hasLock }: GetTokens): Promise<void> {
  const users = createUsers(keyv, hasLock ? redisLock : undefined);
  const calls = userIds.flatMap((userId) => Array.from({ length: callsPerUser }, () => users.get(userId)));
  const outcomes = await Promise.allSettled(calls);
  const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
  const received = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = rejected.map(({ reason }) => String(reason));
  for (const tokens of new Map(received.map((tokens) => [tokens.accessToken, tokens])).values()) {
    const status = await useToken({ url: emulatorURL }, tokens);
    if (status !== 200) failures.push(`the API answered ${status} to a token that was handed out`);
  }
  report('done', calls.length, failures);
}

/** An answer that is wrong, or not Metafy's newest, is a failure as well. */
async function checkAccess({ communityId, userIds, supporterIds, checksPerUser, hasLock }: CheckAccess): Promise<void> {
  const client = toClient({ url: emulatorURL });
  const lock = hasLock ? redisLock : undefined;
  const tokens = createUsers(keyv, lock);
  const access = new MetafyCommunityAccess({ ...client, tokens, communityId, store: keyv, lock });
  const failures: string[] = [];
  const checks = userIds.flatMap((userId) =>
    Array.from({ length: checksPerUser }, async () => {
      try {
        const { hasAccess, isStale } = await access.check(userId);
        if (isStale || hasAccess !== supporterIds.includes(userId)) failures.push(`${hasAccess} is wrong or stale`);
      } catch (error) {
        failures.push(String(error));
      }
    }),
  );
  await Promise.all(checks);
  report('done', checks.length, failures);
}

async function obey(order: Order): Promise<void> {
  if (order.kind === 'getTokens') await getTokens(order);
  if (order.kind === 'checkAccess') await checkAccess(order);
  if (order.kind === 'stopBeforeStore') {
    const store = { get: keyv.get.bind(keyv), delete: keyv.delete.bind(keyv), set: stopHere };
    await createUsers(store, order.hasLock ? redisLock : undefined).get(order.userId);
  }
  if (order.kind === 'stopInLock') {
    await createUsers(keyv, (key) => redisLock(key, stopHere)).get(order.userId);
  }
}

process.on('message', (order: Order) => void obey(order));
process.on('disconnect', () => process.exit());
redis.once('ready', () => report('ready'));
