import { expect } from 'chai';
import { type MetafyLock, runLocked } from '../../src/util/lock';
import { caught } from '../support/caught';
import { useClock } from '../tokens/support/clock';
import { Gate } from '../tokens/support/remote-store';

const timeoutMs = 100;

describe('runLocked', () => {
  const clock = useClock({ timers: true });
  const immediateLock: MetafyLock = (_key, task) => task();
  const run = (lock: MetafyLock, task: () => Promise<unknown> = async () => 'the result') =>
    runLocked(lock, 'the key', task, timeoutMs);
  const downError = new Error('the lock is down');

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

  it('ends as the task does, whatever the lock makes of it', async () => {
    const swallowing = (async (_key, task) => {
      await task();
    }) as MetafyLock;
    const failingToRelease: MetafyLock = async (_key, task) => {
      await task();
      throw downError;
    };
    const impatient = (async (_key, task) => {
      task();
    }) as MetafyLock;
    for (const lock of [immediateLock, swallowing, failingToRelease, impatient]) {
      expect(await run(lock)).to.equal('the result');
      const error = await caught(() => run(lock, () => Promise.reject(new Error('of the task'))));
      expect(error).to.have.property('message', 'of the task');
    }
  });

  it('holds the lock until the task has ended, also when it fails', async () => {
    for (const gateEnd of ['resolves', 'rejects']) {
      const gate = new Gate();
      let isHeld = true;
      const lock: MetafyLock = (_key, task) => task().finally(() => (isHeld = false));
      const result = run(lock, async () => {
        await gate.hook();
        if (gateEnd === 'rejects') throw new Error('of the task');
      }).catch(() => undefined);
      await gate.reached;
      expect(isHeld).to.equal(true);
      gate.release();
      await result;
      await new Promise((resolve) => setImmediate(resolve));
      expect(isHeld).to.equal(false);
    }
  });

  const failing: Record<string, [MetafyLock, cause: Error | undefined]> = {
    rejects: [() => Promise.reject(downError), downError],
    throws: [
      () => {
        throw downError;
      },
      downError,
    ],
    'ends without running the task': [(async () => undefined) as MetafyLock, undefined],
  };
  for (const [how, [lock, cause]] of Object.entries(failing)) {
    it(`rejects when the lock ${how}`, async () => {
      const error = await caught(() => run(lock));
      expect(error.cause).to.equal(cause);
      expect(clock.countTimers()).to.equal(0);
    });
  }

  it('rejects when the lock keeps silent, and does not run a task that comes late', async () => {
    let runLate: () => Promise<unknown> = async () => undefined;
    let runs = 0;
    const silent: MetafyLock = (_key, task) => {
      runLate = task;
      return new Promise(() => undefined);
    };
    const failure = caught(() => run(silent, async () => (runs += 1)));
    await new Promise((resolve) => setImmediate(resolve));
    clock.tick(timeoutMs);
    expect(await failure).to.be.instanceOf(Error);
    await runLate();
    expect(runs).to.equal(0);
  });
});
