import { expect } from 'chai';
import type { StateStore } from '../../src';
import { useNock } from '../support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, startLogin } from '../support/strategy-run';
import { createCallback, createStrategy, type Done, fail, failure } from './support/sign-in';

// How the default keeps it, in a cookie, is tested in test/authorization/login-cookie.test.ts; what is in a session,
// and what a store of the application is given and answers, in test/end-to-end/passport-oauth2.
describe('the state of a sign-in', () => {
  useNock();

  it('is, with `state: true`, 403 where it was started for something else, or without a verifier', async () => {
    for (const [options, perRequest] of [
      [{}, { callbackURL: 'https://app.example/other' }],
      [{ pkce: false }, {}],
    ]) {
      const settings = { state: true, sessionKey: 'own' };
      const extra = { session: {} };
      const started = await startLogin(createStrategy({ ...settings, ...options }), perRequest, { extra });
      const req = createCallback(started, undefined, { extra });
      expect(await expectOutcome('fail', runStrategy(createStrategy(settings), req))).to.include({ status: 403 });
    }
  });

  describe('with a store of the application', () => {
    /** The error that a sign-in ends in whose store does this. */
    const findError = (answer: (done: Done) => unknown, url: string, redirect: () => void) => {
      const store: StateStore = {
        store: (_req: unknown, done: Done) => answer(done),
        verify: (_req: unknown, _state: unknown, done: Done) => answer(done),
      };
      return new Promise((error) => {
        const strategy = Object.assign(Object.create(createStrategy({ store })), { redirect, error });
        strategy.authenticate(createRequest({ url }), {});
      });
    };

    for (const [what, answer] of Object.entries<(done: Done) => unknown>({
      'gives its callback': (done) => done(failure),
      throws: fail,
      'rejects with': async () => fail(),
      'throws after its callback': (done) => [done(null, 'ok'), fail()],
      'rejects with after its callback': async (done) => [done(null, 'ok'), fail()],
      'rejects with long after its callback': async (done) => [
        done(null, 'ok'),
        await new Promise(setImmediate),
        fail(),
      ],
    })) {
      it(`errs with what it ${what}, at the start and at the end, and asks nothing of Metafy`, async () => {
        for (const url of ['/auth', '/cb?code=a']) expect(await findError(answer, url, () => {})).to.equal(failure);
      });
    }

    it('errs with what fails while it redirects, also where the store answers later', async () => {
      for (const answer of [(done: Done) => done(null, 'a'), (done: Done) => setImmediate(done, null, 'a')])
        expect(await findError(answer, '/auth', fail)).to.equal(failure);
    });
  });
});
