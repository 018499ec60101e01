import { expect } from 'chai';
import { type MetafyProfile, MetafyResponseError, MetafyStrategy, type MetafyStrategyOptions } from '../../src';
import { strategyOptions } from '../support/client-options';
import { answerLogin, answerToken, documentedTokens, useNock } from '../support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from '../support/strategy-run';

const verify = (_access: string, _refresh: string, profile: object, done: (e: null, user: object) => void) =>
  done(null, { profile });
const failure = new Error('a bug');

type Done = (error: unknown, ...results: unknown[]) => void;

describe('a subclass of MetafyStrategy', () => {
  useNock();

  it('adds parameters to the authorization URL with authorizationParams', async () => {
    class Own extends MetafyStrategy {
      override authorizationParams({ prompt }: { prompt: string }) {
        return { prompt, client_id: 'another' };
      }
    }
    const { url } = await startLogin(new Own(strategyOptions, verify), { prompt: 'login' });
    expect(url.searchParams.get('prompt')).to.equal('login');
    expect(url.searchParams.getAll('client_id')).to.deep.equal([strategyOptions.clientID]);
  });

  it('may give state and scope with authorizationParams where nothing else does', async () => {
    class Own extends MetafyStrategy {
      override authorizationParams() {
        return { state: 'own', scope: 'community' };
      }
    }
    const { url } = await startLogin(new Own({ ...strategyOptions, store: false, scope: [] }, verify));
    expect(Object.fromEntries(url.searchParams)).to.include({ state: 'own', scope: 'community' });
  });

  it('adds parameters to the code exchange with tokenParams', async () => {
    class Own extends MetafyStrategy {
      override tokenParams({ audience }: { audience: string }) {
        return { audience, grant_type: 'another', client_secret: 'another', code: 'another' };
      }
    }
    const sent = answerLogin();
    await expectOutcome('success', signIn(new Own(strategyOptions, verify), { audience: 'a' }));
    const { clientSecret: client_secret } = strategyOptions;
    expect(await sent).to.include({ audience: 'a', grant_type: 'authorization_code', client_secret, code: 'a-code' });
  });

  it('loads another profile with userProfile', async () => {
    class Own extends MetafyStrategy {
      override userProfile(accessToken: string, done: (error: null, profile: MetafyProfile) => void) {
        done(null, { id: `of ${accessToken}` } as MetafyProfile);
      }
    }
    answerToken(200, documentedTokens);
    const { user } = await expectOutcome('success', signIn(new Own(strategyOptions, verify)));
    expect(user).to.deep.equal({ profile: { id: `of ${documentedTokens.access_token}` } });
  });

  for (const hook of ['authorizationParams', 'tokenParams', 'userProfile']) {
    it(`errs with what ${hook} throws`, async () => {
      class Own extends MetafyStrategy {}
      Object.assign(Own.prototype, {
        [hook]() {
          throw failure;
        },
      });
      if (hook === 'userProfile') answerToken(200, documentedTokens);
      const strategy = new Own(strategyOptions, verify);
      const outcome = hook === 'authorizationParams' ? runStrategy(strategy, createRequest()) : signIn(strategy);
      expect(await expectOutcome('error', outcome)).to.include({ error: failure });
    });
  }
});

describe('an application that replaces getOAuthAccessToken', () => {
  useNock();

  function createStrategy(getOAuthAccessToken: (code: string, request: object, done: Done) => unknown) {
    const options = { ...strategyOptions, skipUserProfile: true };
    const strategy = new MetafyStrategy(options, ({ tokens }) => tokens);
    Object.assign((strategy as unknown as { _oauth2: object })._oauth2, { getOAuthAccessToken });
    return strategy;
  }

  it('signs in with what it gives', async () => {
    const strategy = createStrategy((code, _request, done) =>
      done(null, `for ${code}`, undefined, { token_type: 'Bearer' }),
    );
    const { user } = await expectOutcome('success', signIn(strategy));
    expect(user).to.deep.include({ accessToken: 'for a-code', tokenType: 'Bearer' });
    expect(user).not.to.have.property('refreshToken');
  });

  for (const [title, error, replace] of [
    ['gives its callback', failure, (done: Done) => done(failure)],
    ['rejects with', failure, () => Promise.reject(failure)],
    ["gives its callback, of this package's", new MetafyResponseError('a', { code: 'timeout' }), undefined],
  ] as const) {
    it(`errs with what it ${title}`, async () => {
      const strategy = createStrategy((_code, _request, done) => (replace ? replace(done) : done(error)));
      expect(await expectOutcome('error', signIn(strategy))).to.include({ error });
    });
  }

  it('errs where it gives no token', async () => {
    const { error } = await expectOutcome('error', signIn(createStrategy((_code, _request, done) => done(null))));
    expect(error).to.be.instanceOf(Error);
  });
});

describe('skipUserProfile', () => {
  useNock();
  type Skip = MetafyStrategyOptions['skipUserProfile'];
  const signInWith = (skipUserProfile: Skip) =>
    signIn(new MetafyStrategy({ ...strategyOptions, skipUserProfile }, verify));

  for (const skips of [true, false]) {
    const decide = (accessToken: string, done: Done) =>
      void setImmediate(done, null, skips && accessToken === documentedTokens.access_token);
    for (const [title, option] of Object.entries({
      'a value': skips,
      'a function': () => skips,
      'an async function': async () => skips,
      'a function with a callback': decide,
    }) as [string, Skip][]) {
      it(`${skips ? 'skips' : 'loads'} the profile as ${title}`, async () => {
        if (skips) answerToken(200, documentedTokens);
        else answerLogin();
        const { user } = await expectOutcome('success', signInWith(option));
        expect((user as { profile: unknown }).profile === undefined).to.equal(skips);
      });
    }
  }

  for (const [title, option] of Object.entries({
    'its callback is given': (_accessToken: string, done: Done) => done(failure),
    'an async one rejects with': () => Promise.reject(failure),
    'an async one with a callback rejects with': (_accessToken: string, _done: Done) => Promise.reject(failure),
  }) as [string, Skip][]) {
    it(`errs with what ${title}`, async () => {
      answerToken(200, documentedTokens);
      expect(await expectOutcome('error', signInWith(option))).to.include({ error: failure });
    });
  }
});
