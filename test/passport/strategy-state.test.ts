import { expect } from 'chai';
import type { StateStore } from '../../src';
import { answerLogin, useNock } from '../support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from '../support/strategy-run';
import {
  createCallback,
  createStore,
  createStrategy,
  type Done,
  fail,
  failure,
  stateMetadata,
} from './support/sign-in';

// How the default keeps it, in a cookie, is tested in test/authorization/login-cookie.test.ts.
describe('the state of a sign-in', () => {
  useNock();

  describe('with `state: true`', () => {
    for (const [pkce, state, sessionKey, expectedKey] of [
      [true, { returnTo: '/settings' }, undefined, 'oauth2:metafy.gg'],
      [false, 'a string of the application', 'own', 'own'],
    ] as const) {
      it(`is kept in the session at ${expectedKey}, comes back and is never sent`, async () => {
        const strategy = createStrategy({ state: true, pkce, sessionKey });
        const extra = { session: {} };
        const started = await startLogin(strategy, { state }, { extra });
        expect(started.state).to.match(/^[\w-]{22}$/);
        expect(started.jar.size).to.equal(0);
        expect(extra.session).to.have.all.keys(expectedKey);
        const sent = answerLogin();
        const outcome = runStrategy(strategy, createCallback(started, undefined, { extra }));
        expect((await expectOutcome('success', outcome)).info).to.deep.equal({ state });
        expect('code_verifier' in (await sent)).to.equal(pkce);
      });
    }

    it('is 403 where it was started for something else, or without a verifier', async () => {
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
  });

  for (const options of [{ store: false }, { state: false }] as const) {
    it(`is the application's own with ${JSON.stringify(options)}: sent as it is, without PKCE, not checked`, async () => {
      const strategy = createStrategy(options);
      expect((await startLogin(strategy, { state: 'a state & more' })).state).to.equal('a state & more');
      for (const state of [undefined, '', { returnTo: '/' }])
        expect((await startLogin(strategy, { state })).url.searchParams.has('state')).to.equal(false);
      answerLogin();
      const outcome = runStrategy(strategy, createRequest({ url: '/cb?code=a&state=whatever' }));
      expect((await expectOutcome('success', outcome)).info).to.deep.equal({});
    });
  }

  describe('with a store of the application', () => {
    for (const [length, expected] of [
      [2, []],
      [3, [stateMetadata]],
      [4, [{ a: 1 }, stateMetadata]],
      [5, ['a verifier', { a: 1 }, stateMetadata]],
    ] as const) {
      it(`is given to one of ${length} parameters as passport-oauth2 does, and comes back`, async () => {
        for (const verifyLength of [3, 4]) {
          const store = createStore(length, verifyLength);
          answerLogin();
          const outcome = signIn(createStrategy({ store }), { state: { a: 1 } });
          expect((await expectOutcome('success', outcome)).info).to.deep.equal({ state: { of: 'the store' } });
          const { store: known = [], verify, receivers } = store.given;
          if (length === 5) expect(known.splice(0, 1, 'a verifier')[0]).to.match(/^[\w-]{43}$/);
          expect(known).to.deep.equal(expected);
          expect(verify).to.deep.equal(['of-the-store', stateMetadata].slice(0, verifyLength - 2));
          expect(receivers).to.have.ordered.members([store, store]);
        }
      });
    }

    it('is 403 with what the store says when it refuses', async () => {
      const outcome = signIn(createStrategy({ store: createStore(5, 3, false) }));
      expect(await expectOutcome('fail', outcome)).to.deep.include({ status: 403, challenge: { of: 'the store' } });
    });

    it('has its verifier sent with the code', async () => {
      const sent = answerLogin();
      await expectOutcome('success', signIn(createStrategy({ store: createStore(5, 3, 'the-verifier') })));
      expect(await sent).to.include({ code_verifier: 'the-verifier' });
    });

    it('is sent as it is where it is a string, without asking the store, as passport-oauth2 does', async () => {
      const store = createStore(5, 3);
      const { url } = await startLogin(createStrategy({ store }), { state: 'own' });
      expect(url.searchParams.get('state')).to.equal('own');
      expect(url.searchParams.has('code_challenge')).to.equal(false);
      expect(store.given.store).to.equal(undefined);
    });

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
