import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { KeyedMutex, shareInFlight } from '../../src/util/keyed-mutex';
import { caught, expectError } from '../support/caught';
import { Gate } from '../tokens/support/remote-store';

const failure = new Error('of the task');
const fail = () => Promise.reject(failure);

describe('shareInFlight', () => {
  let inFlight: Map<string, Promise<unknown>>;
  beforeEach(() => {
    inFlight = new Map();
  });

  it('gives everybody who asks meanwhile the same result, or the same failure', async () => {
    const results = await Promise.all(['a', 'a'].map((key) => shareInFlight(inFlight, key, async () => ({}))));
    expect(results[0]).to.equal(results[1]);
    const newFailure = async () => Promise.reject(new Error('of a task'));
    const errors = await Promise.all(['a', 'a'].map((key) => caught(() => shareInFlight(inFlight, key, newFailure))));
    expect(errors[0]).to.equal(errors[1]);
  });

  it('runs again for whoever asks afterwards, also after a failure', async () => {
    await caught(() => shareInFlight(inFlight, 'a', fail));
    expect(await shareInFlight(inFlight, 'a', async () => 1)).to.equal(1);
    expect(await shareInFlight(inFlight, 'a', async () => 2)).to.equal(2);
    expect(inFlight.size).to.equal(0);
  });

  it('keeps keys apart', async () => {
    const keys = ['a', 'b', '__proto__'];
    expect(await Promise.all(keys.map((key) => shareInFlight(inFlight, key, async () => key)))).to.deep.equal(keys);
  });
});

describe('KeyedMutex', () => {
  let mutex: KeyedMutex;
  let gate: Gate;
  let events: string[];
  beforeEach(() => {
    mutex = new KeyedMutex();
    gate = new Gate();
    events = [];
  });
  const run = (name: string) =>
    mutex.runExclusive('a', async () => {
      events.push(`${name} begins`);
      await gate.hook();
      events.push(`${name} ends`);
    });

  it('runs tasks in the order they were given, one at a time', async () => {
    const tasks = ['1', '2', '3'].map(run);
    await gate.reached;
    expect(events).to.deep.equal(['1 begins']);
    gate.release();
    await Promise.all(tasks);
    expect(events.map((event) => event[0]).join('')).to.equal('112233');
  });

  it('makes whoever comes later wait, also when earlier tasks have ended', async () => {
    const tasks = [mutex.runExclusive('a', async () => {}), run('1')];
    await Promise.all([tasks[0], gate.reached]);
    tasks.push(run('2'));
    gate.release();
    await Promise.all(tasks);
    expect(events.map((event) => event[0]).join('')).to.equal('1122');
  });

  it('goes on with the next task when one fails', async () => {
    const failing = expectError(() => mutex.runExclusive('a', fail), { message: failure.message });
    expect(await mutex.runExclusive('a', async () => 'the next')).to.equal('the next');
    await failing;
  });

  it('does not make tasks of other keys wait', async () => {
    const waiting = run('1');
    await gate.reached;
    expect(await mutex.runExclusive('b', async () => 'at once')).to.equal('at once');
    gate.release();
    await waiting;
  });

  it('keeps nothing of the keys whose tasks have ended', async () => {
    setFlagsFromString('--expose-gc');
    const measureBytes = () => {
      runInNewContext('gc')();
      return process.memoryUsage().heapUsed;
    };
    const beforeBytes = measureBytes();
    for (let key = 0; key < 1000; key += 1) await mutex.runExclusive(String(key).padEnd(100_000), async () => {});
    expect(measureBytes() - beforeBytes, 'of 100 MB').to.be.below(50_000_000);
  });
});
