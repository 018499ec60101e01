import { type MetafyLock, MetafyUserTokens, type MetafyUserTokensOptions } from '../../../src';
import { secondMs } from './clock';
import { toClient } from './metafy';
import { RemoteStore } from './remote-store';

export const lifetimeMs = 7200 * secondMs;

/** One of several machines: its own process as far as this package can tell, on a database that all share. */
export interface Machine {
  store: RemoteStore;
  users: MetafyUserTokens;
}

export function startMachine(
  emulator: { url: string },
  rows = new Map<string, string>(),
  options: Partial<MetafyUserTokensOptions> = {},
): Machine {
  const store = new RemoteStore(rows);
  return { store, users: new MetafyUserTokens({ ...toClient(emulator), store, ...options }) };
}

/** Makes `hook` happen at the `count`th read from now. */
export function atRead(store: RemoteStore, count: number, hook: () => unknown): void {
  const target = store.reads + count;
  store.beforeGet = () => (store.reads === target ? hook() : undefined);
}

/**
 * The reads of one `get` of tokens that have expired, by their number: `get` itself, once more when nothing else changes
 * the row, after Metafy's answer, and, when that is a refusal, after the first pause.
 */
export const readOf = { get: 1, exclusive: 2, answer: 3, firstReread: 4 };

/** A lock that works, for machines in one process; `keys` are those it was asked for. */
export function createLock(): { lock: MetafyLock; keys: string[] } {
  const ends = new Map<string, Promise<unknown>>();
  const keys: string[] = [];
  const lock: MetafyLock = (key, task) => {
    keys.push(key);
    const run = (ends.get(key) ?? Promise.resolve()).then(task);
    ends.set(
      key,
      run.catch(() => undefined),
    );
    return run;
  };
  return { lock, keys };
}
