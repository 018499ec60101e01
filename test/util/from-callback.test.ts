import { expect } from 'chai';
import { deliverToCallback, fromCallback } from '../../src/util/from-callback';
import { caught } from '../support/caught';

describe('fromCallback', () => {
  it('resolves to what the callback got after its error', async () => {
    expect(await fromCallback<[number, string]>((done) => done(null, 1, 'two'))).to.deep.equal([1, 'two']);
  });

  const failure = new Error('of the function');
  const failing: Record<string, Parameters<typeof fromCallback>[0]> = {
    'hands over': (done) => done(failure),
    throws: () => {
      throw failure;
    },
    'rejects with': () => Promise.reject(failure),
  };
  for (const [how, call] of Object.entries(failing)) {
    it(`rejects with what the function ${how}`, async () => {
      expect(await caught(() => fromCallback(call))).to.equal(failure);
    });
  }
});

describe('deliverToCallback', () => {
  it('hands over the value, or the error', async () => {
    const outcomes = [Promise.resolve('a value'), Promise.reject(new Error('an error'))].map(
      (promise) => new Promise((resolve) => deliverToCallback(promise, resolve, resolve)),
    );
    const [value, error] = await Promise.all(outcomes);
    expect(value).to.equal('a value');
    expect(error).to.have.property('message', 'an error');
  });

  it('leaves what a callback throws to the process, and calls no other', async () => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const thrown = new Promise<Error>((resolve) => process.once('uncaughtException', resolve));
    try {
      deliverToCallback(
        Promise.resolve(),
        () => expect.fail('the error callback was called'),
        () => {
          throw new Error('of the callback');
        },
      );
      expect(await thrown).to.have.property('message', 'of the callback');
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });
});
