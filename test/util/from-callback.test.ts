import { expect } from 'chai';
import { deliverToCallback, fromCallback } from '../../src/util/from-callback';
import { caught } from '../support/caught';

describe('fromCallback', () => {
  it('resolves to what the callback got after its error', async () => {
    expect(await fromCallback<[number, string]>((done) => done(null, 1, 'two'))).to.deep.equal([1, 'two']);
  });

  it('rejects with what the function hands over, throws or rejects with', async () => {
    const failure = new Error('of the function');
    for (const call of [
      (done) => done(failure),
      () => {
        throw failure;
      },
      () => Promise.reject(failure),
    ] satisfies Parameters<typeof fromCallback>[0][]) {
      expect(await caught(() => fromCallback(call))).to.equal(failure);
    }
  });
});

describe('deliverToCallback', () => {
  it('hands over the value, or the error', async () => {
    const failure = new Error('an error');
    const outcomes = [Promise.resolve('a value'), Promise.reject(failure)].map(
      (promise) => new Promise((resolve) => deliverToCallback(promise, resolve, resolve)),
    );
    expect(await Promise.all(outcomes)).to.deep.equal(['a value', failure]);
  });

  it('leaves what a callback throws to the process, and calls no other', async () => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const failure = new Error('of the callback');
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
    const fail = () => {
      throw failure;
    };
    deliverToCallback(Promise.resolve(), () => expect.fail('the error callback was called'), fail);
    expect(await uncaught).to.equal(failure);
    for (const listener of listeners) process.on('uncaughtException', listener);
  });
});
