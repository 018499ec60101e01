/*
 * One refresh per user on all machines together.
 *
 * The lock is redis-semaphore's: maintained in 2026, every step an atomic Lua script, and the lease is renewed
 * while the task runs. redlock's last stable version is 4.2, of 2020's design; its fork @sesamecare-oss/redlock
 * is released less often. What a lock must do here is small: without it nothing breaks, Metafy is only asked more
 * often than necessary.
 */
import type { Redis } from 'ioredis';
import type { MetafyLock } from 'passport-metafy';
import { Mutex } from 'redis-semaphore';

/** @param leaseMs how long the others wait for a machine that has crashed; above `timeoutMs` */
export function createRedisLock(redis: Redis, leaseMs = 15_000): MetafyLock {
  return async (key, task) => {
    const mutex = new Mutex(redis, key, {
      lockTimeout: leaseMs,
      acquireTimeout: 2 * leaseMs,
      retryInterval: 20,
      // Without this the loss would be an uncaught exception. Redis was away for longer than the lease.
      onLockLost: ({ message }) => console.warn(message),
    });
    await mutex.acquire();
    try {
      return await task();
    } finally {
      // A lock that cannot be released lapses; the tokens are stored all the same.
      await mutex.release().catch(({ message }) => console.warn(message));
    }
  };
}
