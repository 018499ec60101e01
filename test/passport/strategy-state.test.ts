import { expect } from 'chai';
import { MetafyStrategy, type MetafyStrategyOptions } from '../src';
import { strategyOptions } from './support/client-options';
import { answerLogin, useNock } from './support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from './support/strategy-run';

const createStrategy = (options: Partial<MetafyStrategyOptions> = {}) =>
  new MetafyStrategy({ ...strategyOptions, ...options }, ({ profile }) => ({ id: profile.id }));

const infoOf = async (strategy: MetafyStrategy, options: object, parts?: object) => {
  answerLogin();
  return (await expectOutcome('success', signIn(strategy, options, undefined, parts))).info;
};

const states = [{ returnTo: '/settings' }, 'a string of the application'];

describe('the state of a login', () => {
  useNock();

  describe('by default', () => {
    for (const state of states) {
      it(`is kept inside, comes back, and is never sent: ${JSON.stringify(state)}`, async () => {
        const strategy = createStrategy();
        const { url } = await startLogin(strategy, { state });
        expect(url.searchParams.get('state')).to.match(/^[\w-]{22}$/);
        expect(url.searchParams.has('code_challenge')).to.equal(true);
        expect(await infoOf(strategy, { state })).to.deep.equal({ state });
      });
    }

    it('needs no session', async () => {
      expect(await infoOf(createStrategy(), {})).to.deep.equal({});
    });
  });

  describe('with `state: true`', () => {
    const inSession = () => ({ extra: { session: {} } });

    for (const pkce of [true, false]) {
      for (const state of states) {
        it(`is kept in the session ${pkce ? 'with' : 'without'} PKCE: ${JSON.stringify(state)}`, async () => {
          const strategy = createStrategy({ state: true, pkce });
          const { url } = await startLogin(strategy, { state }, inSession());
          expect(url.searchParams.get('state')).not.to.equal(state);
          expect(url.searchParams.has('code_challenge')).to.equal(pkce);
          expect(await infoOf(strategy, { state }, inSession())).to.deep.equal({ state });
        });
      }
    }

    it('sends the verifier kept in the session', async () => {
      const sent = answerLogin();
      await expectOutcome('success', signIn(createStrategy({ state: true }), {}, undefined, inSession()));
      expect(await sent)
        .to.have.property('code_verifier')
        .that.matches(/^[\w-]{43}$/);
    });

    it('is kept under the key of passport-oauth2, or one of its own', async () => {
      for (const sessionKey of [undefined, 'own']) {
        const session = {};
        await startLogin(createStrategy({ state: true, sessionKey }), {}, { extra: { session } });
        expect(session).to.have.all.keys(sessionKey ?? 'oauth2:metafy.gg');
      }
    });

    it('sets no cookie', async () => {
      const { jar } = await startLogin(createStrategy({ state: true }), {}, inSession());
      expect(jar.size).to.equal(0);
    });

    it('is 403 when it is not the one in the session', async () => {
      const strategy = createStrategy({ state: true });
      const parts = inSession();
      await startLogin(strategy, {}, parts);
      const req = createRequest({ ...parts, url: '/cb?code=a&state=another' });
      expect(await expectOutcome('fail', runStrategy(strategy, req))).to.include({ status: 403 });
    });

    it('says what is missing where there is no session', async () => {
      const strategy = createStrategy({ state: true });
      for (const url of ['/auth', '/cb?code=a&state=b']) {
        const { error } = await expectOutcome('error', runStrategy(strategy, createRequest({ url })));
        expect(error.message).to.include('session');
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
        const { info } = await expectOutcome('success', runStrategy(createStrategy(options), req));
        expect(info).to.deep.equal({});
      });
    });
  }

  describe('with a store of the application', () => {
    /** A store of passport-oauth2's shape with these numbers of parameters, which keeps what it is given. */
    function createStore(storeLength: number, verifyLength: number) {
      const kept: { parameters?: unknown[]; provided?: unknown; ok: boolean | string } = { ok: true };
      const store = (...parameters: unknown[]) => {
        kept.parameters = parameters;
        (parameters.at(-1) as (error: null, state: string) => void)(null, 'of-the-store');
      };
      const verify = (_req: unknown, provided: unknown, ...rest: unknown[]) => {
        kept.provided = provided;
        const callback = rest.at(-1) as (error: null, ok: boolean | string, state: unknown) => void;
        callback(null, kept.ok, { of: 'the store' });
      };
      Object.defineProperty(store, 'length', { value: storeLength });
      Object.defineProperty(verify, 'length', { value: verifyLength });
      return { store, verify, kept };
    }

    for (const storeLength of [2, 3, 4, 5]) {
      for (const verifyLength of [3, 4]) {
        it(`of ${storeLength} and ${verifyLength} parameters goes its way`, async () => {
          const store = createStore(storeLength, verifyLength);
          const { url } = await startLogin(createStrategy({ store }));
          expect(url.searchParams.get('state')).to.equal('of-the-store');
          expect(url.searchParams.has('code_challenge')).to.equal(storeLength === 5);
          expect(store.kept.parameters).to.have.lengthOf(storeLength);
          expect(await infoOf(createStrategy({ store }), {})).to.deep.equal({ state: { of: 'the store' } });
          expect(store.kept.provided).to.equal('of-the-store');
        });
      }
    }

    it('sends the verifier it gives back', async () => {
      const store = createStore(5, 3);
      store.kept.ok = 'the-verifier';
      const sent = answerLogin();
      await expectOutcome('success', signIn(createStrategy({ store })));
      expect(await sent).to.include({ code_verifier: 'the-verifier' });
    });

    it('is 403 with what it says when it refuses', async () => {
      const store = createStore(5, 3);
      store.kept.ok = false;
      expect(await expectOutcome('fail', signIn(createStrategy({ store })))).to.deep.include({
        status: 403,
        challenge: { of: 'the store' },
      });
    });

    it('sends a string of the application as it is, without asking the store, as passport-oauth2 does', async () => {
      const store = createStore(5, 3);
      const { url } = await startLogin(createStrategy({ store }), { state: 'own' });
      expect(url.searchParams.get('state')).to.equal('own');
      expect(url.searchParams.has('code_challenge')).to.equal(false);
      expect(store.kept.parameters).to.equal(undefined);
    });

    it('errs with what it throws', async () => {
      const failure = new Error('the store is down');
      const throwing = (): never => {
        throw failure;
      };
      const strategy = createStrategy({ store: { store: throwing, verify: throwing } });
      for (const url of ['/auth', '/cb?code=a&state=b'])
        expect(await expectOutcome('error', runStrategy(strategy, createRequest({ url })))).to.include({
          error: failure,
        });
    });
  });
});
