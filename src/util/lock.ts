/**
 * Runs `task` while no other process holds the lock of `key`, and returns its result. The key is not one of the store's,
 * so both may be in one Redis.
 */
export type MetafyLock = <Value>(key: string, task: () => Promise<Value>) => Promise<Value>;

/**
 * Runs `task` under `lock`, and resolves or rejects as `task` does, whatever the lock makes of it.
 *
 * @param timeoutMs how long the lock may take to run the task; one that comes later does nothing
 * @throws Error when the lock fails or does not run the task
 */
export function runLocked<Value>(
  lock: MetafyLock,
  key: string,
  task: () => Promise<Value>,
  timeoutMs: number,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let isDecided = false;
    const giveUp = (error: unknown): void => {
      isDecided = true;
      reject(error);
    };
    const runTask = async (): Promise<void> => {
      if (isDecided) return;
      isDecided = true;
      clearTimeout(timer);
      const outcome = task();
      resolve(outcome);
      // The lock is held until then; that it failed is the caller's to know.
      await outcome.catch(() => undefined);
    };
    const timer = setTimeout(giveUp, timeoutMs, new Error(`The lock was not acquired within ${timeoutMs} ms.`));
    Promise.resolve()
      .then(() => lock(key, runTask))
      .then(
        () => giveUp(new Error('The lock ended without running its task.')),
        (cause) => giveUp(new Error('The lock could not be acquired.', { cause })),
      )
      .finally(() => clearTimeout(timer));
  });
}
