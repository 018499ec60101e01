/** Brings order into what is asked for at the same time, key by key, in this process. */
export class SingleFlight<Value> {
  readonly #flights = new Map<string, Promise<Value>>();
  readonly #lastTurns = new Map<string, Promise<unknown>>();

  /** Runs one task per key at a time; who asks meanwhile gets the same promise, its failure included. */
  run(key: string, task: () => Promise<Value>): Promise<Value> {
    const running = this.#flights.get(key);
    if (running) return running;
    const flight = task().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** Runs `task` when all turns taken before it for `key` have ended, however they ended. */
  takeTurn<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const turn = Promise.resolve(this.#lastTurns.get(key)).then(task);
    const forget = (): void => {
      if (this.#lastTurns.get(key) === end) this.#lastTurns.delete(key);
    };
    const end: Promise<void> = turn.then(forget, forget);
    this.#lastTurns.set(key, end);
    return turn;
  }
}
