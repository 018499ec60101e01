import { expect } from 'chai';
import { withTimeout } from '../../src/util/timeout';
import { caught } from '../support/caught';
import { useClock } from '../tokens/support/clock';

describe('withTimeout', () => {
  const clock = useClock({ timers: true });
  const late = () => {
    throw new Error('too late');
  };

  it('is the promise when that settles in time, and leaves no timer', async () => {
    expect(await withTimeout(Promise.resolve('in time'), 100, late)).to.equal('in time');
    const error = await caught(() => withTimeout(Promise.reject(new Error('of the promise')), 100, late));
    expect(error).to.have.property('message', 'of the promise');
    expect(clock.countTimers()).to.equal(0);
  });

  it('is what `onTimeout` gives or throws when it takes longer, however the promise ends then', async () => {
    let reject = (_error: Error): void => {};
    const promise = new Promise<string>((_resolve, rejectPromise) => {
      reject = rejectPromise;
    });
    const [instead, failure] = [
      withTimeout(promise, 100, () => 'instead'),
      caught(() => withTimeout(promise, 100, late)),
    ];
    clock.tick(100);
    expect(await instead).to.equal('instead');
    expect(await failure).to.have.property('message', 'too late');
    reject(new Error('nobody hears it'));
  });
});
