import { createKeyv } from '@keyv/redis';
import { Redis } from 'ioredis';
import { createRedisLock } from '../../../examples/fleet/redis-lock';
import { type MetafyLock, type MetafyStore, type MetafyTokens, MetafyUserTokens } from '../../../src';
import { toClient, useToken } from '../../tokens/support/metafy';
import type { Order, Report, Setup } from './fleet';

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

function createUsers(store: MetafyStore, lock?: MetafyLock): MetafyUserTokens {
  return new MetafyUserTokens({ ...toClient({ url: emulatorURL }), store, lock });
}

const report = (message: Report) => process.send?.(message);

/** Tells the parent that this is the moment, and never goes on. */
const stopHere = (): Promise<never> => {
  report({ kind: 'stopped' });
  return new Promise(() => {});
};

async function storm({ userIds, callsPerUser, hasLock }: Extract<Order, { kind: 'storm' }>): Promise<void> {
  const users = createUsers(keyv, hasLock ? redisLock : undefined);
  const calls = userIds.flatMap((userId) => Array.from({ length: callsPerUser }, () => users.get(userId)));
  const outcomes = await Promise.allSettled(calls);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [String(outcome.reason)] : [],
  );
  const handedOut = new Map<string, MetafyTokens>();
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') handedOut.set(outcome.value.accessToken, outcome.value);
  }
  for (const tokens of handedOut.values()) {
    const status = await useToken({ url: emulatorURL }, tokens);
    if (status !== 200) failures.push(`the API answered ${status} to a token that was handed out`);
  }
  report({ kind: 'stormed', calls: calls.length, failures, accessTokens: [...handedOut.keys()] });
}

async function obey(order: Order): Promise<void> {
  if (order.kind === 'storm') return storm(order);
  if (order.kind === 'stopBeforeStore') {
    const store: MetafyStore = {
      get: (key) => keyv.get(key),
      delete: (key) => keyv.delete(key),
      set: stopHere,
    };
    await createUsers(store, order.hasLock ? redisLock : undefined).get(order.userId);
  }
  if (order.kind === 'stopInLock') {
    await createUsers(keyv, (key) => redisLock(key, stopHere)).get(order.userId);
  }
}

process.on('message', (order: Order) => void obey(order));
process.on('disconnect', () => process.exit());
redis.once('ready', () => report({ kind: 'ready' }));
