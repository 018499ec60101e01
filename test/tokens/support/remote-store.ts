import type { MetafyStore } from '../../../src';

type Hook = (key: string) => unknown;

/**
 * One machine's connection to a shared database: rows behind promises. A test can hold up or fail each call
 * before it reaches the rows, and each answer of a `get` on its way back.
 */
export class RemoteStore implements MetafyStore {
  readonly rows: Map<string, string>;
  beforeGet: Hook | undefined;
  afterGet: Hook | undefined;
  beforeSet: Hook | undefined;
  beforeDelete: Hook | undefined;
  /** How often anything was read. */
  reads = 0;

  constructor(rows = new Map<string, string>()) {
    this.rows = rows;
  }

  async get(key: string): Promise<string | undefined> {
    this.reads += 1;
    await this.beforeGet?.(key);
    const value = this.rows.get(key);
    await this.afterGet?.(key);
    return value;
  }

  async set(key: string, value: string): Promise<boolean> {
    await this.beforeSet?.(key);
    this.rows.set(key, value);
    return true;
  }

  async delete(key: string): Promise<boolean> {
    await this.beforeDelete?.(key);
    return this.rows.delete(key);
  }
}

/** A point in time that one part of a test waits for and another brings about. */
export class Signal {
  #fire: () => void = () => {};
  readonly fired = new Promise<void>((resolve) => {
    this.#fire = resolve;
  });

  fire(): void {
    this.#fire();
  }
}

/** Holds up one kind of call: `reached` says that it is waiting, `release` lets it go on. */
export class Gate {
  readonly #reached = new Signal();
  readonly #released = new Signal();

  readonly hook = async (): Promise<void> => {
    this.#reached.fire();
    await this.#released.fired;
  };

  get reached(): Promise<void> {
    return this.#reached.fired;
  }

  release(): void {
    this.#released.fire();
  }
}
