import type { MetafyStore } from '../../../src';

type Hook = (key: string) => unknown;

/**
 * One machine's connection to a shared database: rows behind promises. A test can hold up or fail each call
 * before it reaches the rows, and each answer of a `get` on its way back.
 */
export class RemoteStore implements MetafyStore {
  beforeGet: Hook | undefined;
  afterGet: Hook | undefined;
  beforeSet: Hook | undefined;
  beforeDelete: Hook | undefined;
  /** How often anything was read. */
  reads = 0;

  constructor(readonly rows = new Map<string, string>()) {}

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

/** Holds up one kind of call: `reached` says that it is waiting, `release` lets it go on. */
export class Gate {
  reach = (): void => {};
  release = (): void => {};
  readonly reached = new Promise<void>((resolve) => {
    this.reach = resolve;
  });
  readonly #released = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  readonly hook = (): Promise<void> => {
    this.reach();
    return this.#released;
  };
}
