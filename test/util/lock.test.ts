import { expect } from 'chai';
import { type MetafyLock, runLocked } from '../../src/util/lock';
import { caught, expectError } from '../support/caught';
import { useClock } from '../tokens/support/clock';
import { Gate } from '../tokens/support/remote-store';

const timeoutMs = 100;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('runLocked', () => {
  const clock = useClock({ timers: true });
  const run = (lock: MetafyLock, task: () => Promise<unknown> = async () => 'the result') =>
    runLocked(lock, 'the key', task, timeoutMs);
  const [down, failure] = [new Error('the lock is down'), new Error('of the task')];

  it('runs the task once, under the key, and leaves no timer', async () => {
    const keys: string[] = [];
    let runs = 0;
    const twice: MetafyLock = async (key, task) => {
      keys.push(key);
      await task();
      return task();
    };
    expect(await run(twice, async () => (runs += 1))).to.equal(1);
    expect({ keys, runs, timers: clock.countTimers() }).to.deep.equal({ keys: ['the key'], runs: 1, timers: 0 });
  });

  const locks: Record<string, MetafyLock> = {
    'passes its result on': (_key, task) => task(),
    'swallows its result': (async (_key, task) => void (await task())) as MetafyLock,
    'does not wait for it': (async (_key, task) => void task()) as MetafyLock,
    'cannot be released': (_key, task) => task().then(() => Promise.reject(down)),
  };
  for (const [does, lock] of Object.entries(locks)) {
    it(`ends as the task does when the lock ${does}`, async () => {
      expect(await run(lock)).to.equal('the result');
      expect(await caught(() => run(lock, () => Promise.reject(failure)))).to.equal(failure);
    });
  }

  for (const ending of ['resolves', 'rejects']) {
    it(`holds the lock until the task ${ending}`, async () => {
      const gate = new Gate();
      let isHeld = true;
      const lock: MetafyLock = (_key, task) => task().finally(() => (isHeld = false));
      const task = () => gate.hook().then(() => (ending === 'rejects' ? Promise.reject(failure) : undefined));
      const result = run(lock, task).catch(() => undefined);
      await gate.reached;
      expect(isHeld).to.equal(true);
      gate.release();
      await result;
      await nextTurn();
      expect(isHeld).to.equal(false);
    });
  }

  it('rejects when the lock rejects, throws, or ends without running the task', async () => {
    const throwing = () => {
      throw down;
    };
    for (const [lock, cause] of [
      [() => Promise.reject(down), down],
      [throwing, down],
      [(async () => undefined) as MetafyLock, undefined],
    ] as const) {
      expect((await caught(() => run(lock))).cause).to.equal(cause);
      expect(clock.countTimers()).to.equal(0);
    }
  });

  it('does not run a task that comes after the lock has failed, or has been silent for too long', async () => {
    for (const isSilent of [true, false]) {
      let runLate: () => Promise<unknown> = async () => undefined;
      let runs = 0;
      const lock: MetafyLock = (_key, task) => {
        runLate = task;
        return isSilent ? new Promise(() => undefined) : Promise.reject(down);
      };
      const rejection = expectError(() => run(lock, async () => (runs += 1)));
      await nextTurn();
      if (isSilent) clock.tick(timeoutMs);
      await rejection;
      await runLate();
      expect(runs).to.equal(0);
    }
  });
});
