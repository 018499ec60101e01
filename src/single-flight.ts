/** Runs one task per key at a time; who asks meanwhile gets the same promise, its failure included. */
export class SingleFlight<Value> {
  readonly #flights = new Map<string, Promise<Value>>();

  run(key: string, task: () => Promise<Value>): Promise<Value> {
    const running = this.#flights.get(key);
    if (running) return running;
    const flight = task().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** Resolves when nothing is running for `key`, however it ended. */
  async settle(key: string): Promise<void> {
    await this.#flights.get(key)?.catch(() => undefined);
  }
}
