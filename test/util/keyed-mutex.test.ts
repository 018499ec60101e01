import { expect } from 'chai';
import { KeyedMutex, shareInFlight } from '../../src/util/keyed-mutex';
import { caught } from '../support/caught';
import { Gate } from '../tokens/support/remote-store';

const fail = () => Promise.reject(new Error('of the task'));

describe('shareInFlight', () => {
  it('gives everybody who asks meanwhile the same result', async () => {
    const inFlight = new Map<string, Promise<object>>();
    const results = await Promise.all(['a', 'a', 'a'].map((key) => shareInFlight(inFlight, key, async () => ({}))));
    expect(new Set(results).size).to.equal(1);
  });

  it('gives everybody who asks meanwhile the same failure', async () => {
    const inFlight = new Map<string, Promise<object>>();
    const errors = await Promise.all(['a', 'a'].map((key) => caught(() => shareInFlight(inFlight, key, fail))));
    expect(errors[0]).to.equal(errors[1]);
  });

  it('runs again for who asks afterwards, also after a failure', async () => {
    const inFlight = new Map<string, Promise<number>>();
    await caught(() => shareInFlight(inFlight, 'a', fail));
    expect(await shareInFlight(inFlight, 'a', async () => 1)).to.equal(1);
    expect(await shareInFlight(inFlight, 'a', async () => 2)).to.equal(2);
    expect(inFlight.size).to.equal(0);
  });

  it('keeps keys apart', async () => {
    const inFlight = new Map<string, Promise<string>>();
    const keys = ['a', 'b', '__proto__'];
    expect(await Promise.all(keys.map((key) => shareInFlight(inFlight, key, async () => key)))).to.deep.equal(keys);
  });
});

describe('KeyedMutex', () => {
  it('runs tasks in the order they were given, one at a time', async () => {
    const mutex = new KeyedMutex();
    const gate = new Gate();
    const events: string[] = [];
    const tasks = ['first', 'second', 'third'].map((name) =>
      mutex.runExclusive('a', async () => {
        events.push(`${name} begins`);
        await gate.hook();
        events.push(`${name} ends`);
      }),
    );
    await gate.reached;
    expect(events).to.deep.equal(['first begins']);
    gate.release();
    await Promise.all(tasks);
    expect(events.map((event) => event.split(' ')[0])).to.deep.equal([
      'first',
      'first',
      'second',
      'second',
      'third',
      'third',
    ]);
  });

  it('makes who comes later wait, also when earlier tasks have ended', async () => {
    const mutex = new KeyedMutex();
    const gate = new Gate();
    const events: string[] = [];
    const first = mutex.runExclusive('a', async () => {});
    const second = mutex.runExclusive('a', gate.hook).then(() => events.push('second'));
    await Promise.all([first, gate.reached]);
    const third = mutex.runExclusive('a', async () => events.push('third'));
    gate.release();
    await Promise.all([second, third]);
    expect(events).to.deep.equal(['second', 'third']);
  });

  it('goes on with the next task when one fails', async () => {
    const mutex = new KeyedMutex();
    const failing = caught(() => mutex.runExclusive('a', fail));
    expect(await mutex.runExclusive('a', async () => 'the next')).to.equal('the next');
    expect(await failing).to.have.property('message', 'of the task');
  });

  it('does not make tasks of other keys wait', async () => {
    const mutex = new KeyedMutex();
    const gate = new Gate();
    const waiting = mutex.runExclusive('a', gate.hook);
    await gate.reached;
    expect(await mutex.runExclusive('b', async () => 'at once')).to.equal('at once');
    gate.release();
    await waiting;
  });
});
