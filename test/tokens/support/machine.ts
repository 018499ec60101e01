import { type MetafyLock, MetafyUserTokens, type MetafyUserTokensOptions } from '../../../src';
import { toClient } from './metafy';
import { Gate, RemoteStore } from './remote-store';

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

/**
 * The reads of one `get` of tokens that have expired, by their number: `get` itself, once more when nothing else changes
 * the row, after Metafy's answer, and, when that is `invalid_grant`, after the first delay.
 */
export const readOf = { get: 1, exclusive: 2, answer: 3, firstReread: 4 };

type Hook = 'beforeGet' | 'afterGet' | 'beforeSet' | 'beforeDelete';

/** Makes `action` happen at the `count`th call from now that meets `hook`. */
export function atCall(store: RemoteStore, hook: Hook, count: number, action: () => unknown): void {
  let calls = 0;
  store[hook] = () => (++calls === count ? action() : undefined);
}

/** Starts `call`, which is held up at `hook`, and waits until it is there. */
export async function holdUp<Result>(store: RemoteStore, hook: Hook, call: () => Promise<Result>, count = 1) {
  const gate = new Gate();
  atCall(store, hook, count, gate.hook);
  const outcome = call();
  // How it ends is for whoever waits for it.
  outcome.catch(() => undefined);
  await gate.reached;
  return { outcome, release: gate.release };
}

/** A lock that works, for machines in one process; `keys` are those it was asked for. */
export function createLock(): { lock: MetafyLock; keys: string[] } {
  const ends = new Map<string, Promise<unknown>>();
  const keys: string[] = [];
  const lock: MetafyLock = (key, task) => {
    keys.push(key);
    const run = (ends.get(key) ?? Promise.resolve()).then(task);
    const end = run.catch(() => undefined);
    ends.set(key, end);
    return run;
  };
  return { lock, keys };
}
