import { expect } from 'chai';
import { MetafyStrategy, type MetafyStrategyOptions, type StateStore } from '../../src';
import { strategyOptions } from '../support/client-options';
import { answerLogin, useNock } from '../support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from '../support/strategy-run';

const createStrategy = (options: Partial<MetafyStrategyOptions> = {}) =>
  new MetafyStrategy({ ...strategyOptions, ...options }, ({ profile }) => ({ id: profile.id }));

const infoOf = async (strategy: MetafyStrategy, options: object, parts?: object) => {
  answerLogin();
  return (await expectOutcome('success', signIn(strategy, options, undefined, parts))).info;
};

const states = [{ returnTo: '/settings' }, 'a string of the application'];
const inSession = () => ({ extra: { session: {} } });
const failure = new Error('the store is down');

describe('the state of a sign-in', () => {
  useNock();

  for (const [title, options, toParts, usesPKCE] of [
    ['by default', {}, () => ({}), true],
    ['with `state: true`', { state: true }, inSession, true],
    ['with `state: true, pkce: false`', { state: true, pkce: false }, inSession, false],
  ] as const) {
    for (const state of states) {
      it(`is kept inside, comes back and is never sent ${title}: ${JSON.stringify(state)}`, async () => {
        const strategy = createStrategy(options);
        const { url } = await startLogin(strategy, { state }, toParts());
        expect(url.searchParams.get('state')).to.match(/^[\w-]{22}$/);
        expect(url.searchParams.has('code_challenge')).to.equal(usesPKCE);
        expect(await infoOf(strategy, { state }, toParts())).to.deep.equal({ state });
      });
    }
  }

  describe('with `state: true`', () => {
    it('is kept under the key of passport-oauth2, or one of its own, and in no cookie', async () => {
      for (const sessionKey of [undefined, 'own']) {
        const session = {};
        const { jar } = await startLogin(createStrategy({ state: true, sessionKey }), {}, { extra: { session } });
        expect(session).to.have.all.keys(sessionKey ?? 'oauth2:metafy.gg');
        expect(jar.size).to.equal(0);
      }
    });

    for (const [title, options, perRequest, change] of [
      ['it is another', {}, {}, (session: object) => Object.assign(session, { own: {} })],
      ['it was started with another callback URL', {}, { callbackURL: 'https://app.example/other' }, () => {}],
      ['it was started for another client', { clientID: 'another' }, {}, () => {}],
      ['it was started at another server', { authorizationURL: 'https://metafy.gg/other' }, {}, () => {}],
      ['it has lost its verifier', { pkce: false }, {}, () => {}],
    ] as const) {
      it(`is 403 where ${title}, and asks nothing of Metafy`, async () => {
        const session = {};
        const settings = { state: true, sessionKey: 'own' } as const;
        const { state } = await startLogin(createStrategy({ ...settings, ...options }), perRequest, {
          extra: { session },
        });
        change(session);
        const req = createRequest({ extra: { session }, url: `/cb?code=a&state=${state}` });
        expect(await expectOutcome('fail', runStrategy(createStrategy(settings), req))).to.include({ status: 403 });
      });
    }

    it('says what is missing where there is no session', async () => {
      for (const url of ['/auth', '/cb?code=a&state=b']) {
        const outcome = runStrategy(createStrategy({ state: true }), createRequest({ url }));
        expect((await expectOutcome('error', outcome)).error.message).to.include('session');
      }
    });
  });

  for (const options of [{ store: false }, { state: false }] as const) {
    describe(`with ${JSON.stringify(options)}`, () => {
      it('is a string of the application, sent as it is and without PKCE', async () => {
        const { url, jar } = await startLogin(createStrategy(options), { state: 'a state & more' });
        expect(url.searchParams.get('state')).to.equal('a state & more');
        expect(url.searchParams.has('code_challenge')).to.equal(false);
        expect(jar.size).to.equal(0);
      });

      it('is not sent where there is none', async () => {
        for (const state of [undefined, '', { returnTo: '/' }]) {
          const { url } = await startLogin(createStrategy(options), { state });
          expect(url.searchParams.has('state')).to.equal(false);
        }
      });

      it('is left to the application at the end', async () => {
        answerLogin();
        const req = createRequest({ url: '/cb?code=a&state=whatever' });
        expect(await expectOutcome('success', runStrategy(createStrategy(options), req))).to.deep.include({ info: {} });
      });
    });
  }

  describe('with a store of the application', () => {
    /** A store of passport-oauth2's shape with these numbers of parameters, which keeps what it is given. */
    function createStore(storeLength: number, verifyLength: number, ok: boolean | string = true) {
      const given: { store?: unknown[]; verify?: unknown[]; receiver?: unknown } = {};
      const store = function (this: unknown, ...parameters: unknown[]) {
        given.store = parameters.slice(0, -1);
        given.receiver = this;
        (parameters.at(-1) as (error: null, state: string) => void)(null, 'of-the-store');
      };
      const verify = (...parameters: unknown[]) => {
        given.verify = parameters.slice(0, -1);
        (parameters.at(-1) as (error: null, ok: boolean | string, state: unknown) => void)(null, ok, {
          of: 'the store',
        });
      };
      Object.defineProperty(store, 'length', { value: storeLength });
      Object.defineProperty(verify, 'length', { value: verifyLength });
      return { store, verify, given };
    }

    const meta = {
      authorizationURL: 'https://metafy.gg/auth/authorize',
      tokenURL: 'https://metafy.gg/irk/oauth/token',
      clientID: strategyOptions.clientID,
      callbackURL: strategyOptions.callbackURL,
    };
    const state = { a: 1 };

    for (const [length, expected] of [
      [2, []],
      [3, [meta]],
      [4, [state, meta]],
      [5, [state, meta]],
    ] as const) {
      it(`is given to one of ${length} parameters as passport-oauth2 does, and comes back`, async () => {
        for (const verifyLength of [3, 4]) {
          const store = createStore(length, verifyLength);
          expect(await infoOf(createStrategy({ store }), { state })).to.deep.equal({ state: { of: 'the store' } });
          const [, ...known] = store.given.store ?? [];
          if (length === 5) expect(known.shift()).to.match(/^[\w-]{43}$/);
          expect(known).to.deep.equal(expected);
          const [, ...verified] = store.given.verify ?? [];
          expect(verified).to.deep.equal(verifyLength === 4 ? ['of-the-store', meta] : ['of-the-store']);
          expect(store.given.receiver).to.equal(store);
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

    type Done = (error: unknown, ...values: unknown[]) => void;
    const failing: Record<string, (done: Done) => unknown> = {
      'gives its callback': (done) => done(failure),
      throws: () => {
        throw failure;
      },
      'rejects with': async () => {
        throw failure;
      },
    };
    const failingLater: Record<string, (done: Done) => unknown> = {
      'throws after its callback': (done) => {
        done(null, 'ok');
        throw failure;
      },
      'rejects with after its callback': async (done) => {
        done(null, 'ok');
        throw failure;
      },
      'rejects with long after its callback': async (done) => {
        done(null, 'ok');
        await new Promise(setImmediate);
        throw failure;
      },
    };
    const createFailing = (fail: (done: Done) => unknown): StateStore => ({
      store: (_req: unknown, done: Done) => fail(done),
      verify: (_req: unknown, _state: unknown, done: Done) => fail(done),
    });

    for (const [what, fail] of Object.entries({ ...failing, ...failingLater })) {
      it(`errs with what it ${what} at the end, and asks nothing of Metafy`, async () => {
        const outcome = runStrategy(
          createStrategy({ store: createFailing(fail) }),
          createRequest({ url: '/cb?code=a' }),
        );
        expect(await expectOutcome('error', outcome)).to.include({ error: failure });
      });
    }

    for (const [what, fail] of Object.entries({ ...failing, ...failingLater })) {
      it(`errs with what it ${what} at the start`, async () => {
        const error = await new Promise((resolve) => {
          const actions = { redirect() {}, error: resolve };
          const strategy = createStrategy({ store: createFailing(fail) });
          Object.assign(Object.create(strategy), actions).authenticate(createRequest(), {});
        });
        expect(error).to.equal(failure);
      });
    }

    it('errs with what fails while it redirects, also where the store answers later', async () => {
      for (const answer of [(done: Done) => done(null, 'a'), (done: Done) => setImmediate(done, null, 'a')]) {
        const error = await new Promise((resolve) => {
          const redirect = () => {
            throw failure;
          };
          const strategy = createStrategy({ store: createFailing(answer) });
          Object.assign(Object.create(strategy), { redirect, error: resolve }).authenticate(createRequest(), {});
        });
        expect(error).to.equal(failure);
      }
    });
  });
});
