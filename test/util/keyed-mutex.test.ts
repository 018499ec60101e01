import { expect } from 'chai';
import { SingleFlight } from '../../src/single-flight';
import { caught } from '../support/caught';
import { Gate } from './support/remote-store';

describe('SingleFlight', () => {
  it('gives everybody who asks meanwhile the same result', async () => {
    const flights = new SingleFlight<object>();
    const results = await Promise.all(['a', 'a', 'a'].map((key) => flights.run(key, async () => ({}))));
    expect(new Set(results).size).to.equal(1);
  });

  it('gives everybody who asks meanwhile the same failure', async () => {
    const flights = new SingleFlight<object>();
    const fail = () => Promise.reject(new Error('of the task'));
    const errors = await Promise.all(['a', 'a'].map((key) => caught(() => flights.run(key, fail))));
    expect(errors[0]).to.equal(errors[1]);
  });

  it('runs again for who asks afterwards, also after a failure', async () => {
    const flights = new SingleFlight<number>();
    await caught(() => flights.run('a', () => Promise.reject(new Error('of the task'))));
    expect(await flights.run('a', async () => 1)).to.equal(1);
    expect(await flights.run('a', async () => 2)).to.equal(2);
  });

  it('keeps keys apart', async () => {
    const flights = new SingleFlight<string>();
    const keys = ['a', 'b', '__proto__'];
    expect(await Promise.all(keys.map((key) => flights.run(key, async () => key)))).to.deep.equal(keys);
  });

  it('takes turns in the order they were asked for', async () => {
    const flights = new SingleFlight<void>();
    const gate = new Gate();
    const events: string[] = [];
    const turns = ['first', 'second', 'third'].map((name) =>
      flights.takeTurn('a', async () => {
        events.push(`${name} begins`);
        await gate.hook();
        events.push(`${name} ends`);
      }),
    );
    await gate.reached;
    expect(events).to.deep.equal(['first begins']);
    gate.release();
    await Promise.all(turns);
    expect(events.map((event) => event.split(' ')[0])).to.deep.equal([
      ...['first', 'first', 'second', 'second', 'third', 'third'],
    ]);
  });

  it('lets who comes later wait, also when earlier turns have ended', async () => {
    const flights = new SingleFlight<void>();
    const gate = new Gate();
    const events: string[] = [];
    const first = flights.takeTurn('a', async () => {});
    const second = flights.takeTurn('a', gate.hook).then(() => events.push('second'));
    await Promise.all([first, gate.reached]);
    const third = flights.takeTurn('a', async () => events.push('third'));
    gate.release();
    await Promise.all([second, third]);
    expect(events).to.deep.equal(['second', 'third']);
  });

  it('goes on with the next turn when one fails', async () => {
    const flights = new SingleFlight<void>();
    const failing = caught(() => flights.takeTurn('a', () => Promise.reject(new Error('of the turn'))));
    expect(await flights.takeTurn('a', async () => 'the next')).to.equal('the next');
    expect(await failing).to.have.property('message', 'of the turn');
  });

  it('does not let turns of other keys wait', async () => {
    const flights = new SingleFlight<void>();
    const gate = new Gate();
    const waiting = flights.takeTurn('a', gate.hook);
    await gate.reached;
    expect(await flights.takeTurn('b', async () => 'at once')).to.equal('at once');
    gate.release();
    await waiting;
  });
});
