/** Runs one task per key at a time, in this process. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `task` when every task given before it for `key` has ended, however it ended. */
  runExclusive<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const run = Promise.resolve(this.#last.get(key)).then(task);
    const release = (): void => {
      if (this.#last.get(key) === end) this.#last.delete(key);
    };
    const end: Promise<void> = run.then(release, release);
    this.#last.set(key, end);
    return run;
  }
}

/** Runs one task per key at a time; whoever asks meanwhile gets the same promise, its failure included. */
export function shareInFlight<Result>(
  inFlight: Map<string, Promise<Result>>,
  key: string,
  task: () => Promise<Result>,
): Promise<Result> {
  const running = inFlight.get(key);
  if (running) return running;
  const promise = task().finally(() => inFlight.delete(key));
  inFlight.set(key, promise);
  return promise;
}
