import { expect } from 'chai';
import { type MetafyProfile, MetafyResponseError, MetafyStrategy, type MetafyStrategyOptions } from '../../src';
import { strategyOptions } from '../support/client-options';
import { answerLogin, answerToken, documentedTokens, useNock } from '../support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from '../support/strategy-run';
import { createStrategy, type Done, fail, failure } from './support/sign-in';

describe('a subclass of MetafyStrategy', () => {
  useNock();
  /** What a subclass of the application would override. */
  const createOwn = (hooks: object, options: Partial<MetafyStrategyOptions> = {}) => {
    class Own extends MetafyStrategy {}
    Object.assign(Own.prototype, hooks);
    return new Own({ ...strategyOptions, ...options }, ({ profile }) => ({ profile }));
  };

  it('adds parameters to the authorization URL with authorizationParams, and replaces none', async () => {
    const authorizationParams = ({ prompt }: { prompt: string }) => ({ prompt, client_id: 'another' });
    const { url } = await startLogin(createOwn({ authorizationParams }), { prompt: 'login' });
    expect(url.searchParams.get('prompt')).to.equal('login');
    expect(url.searchParams.getAll('client_id')).to.deep.equal([strategyOptions.clientID]);
  });

  it('may give state and scope with authorizationParams where nothing else does', async () => {
    const own = { state: 'own', scope: 'community' };
    const { url } = await startLogin(createOwn({ authorizationParams: () => own }, { store: false, scope: [] }));
    expect(Object.fromEntries(url.searchParams)).to.include(own);
  });

  it('adds parameters to the code exchange with tokenParams, and replaces none', async () => {
    const replaced = { grant_type: 'another', client_secret: 'another', code: 'another' };
    const tokenParams = ({ audience }: { audience: string }) => ({ audience, ...replaced });
    const sent = answerLogin();
    await expectOutcome('success', signIn(createOwn({ tokenParams }), { audience: 'a' }));
    const { clientSecret: client_secret } = strategyOptions;
    expect(await sent).to.include({ audience: 'a', grant_type: 'authorization_code', client_secret, code: 'a-code' });
  });

  it('loads another profile with userProfile', async () => {
    const userProfile = (accessToken: string, done: (error: null, profile: MetafyProfile) => void) =>
      done(null, { id: `of ${accessToken}` } as MetafyProfile);
    answerToken(200, documentedTokens);
    const { user } = await expectOutcome('success', signIn(createOwn({ userProfile })));
    expect(user).to.deep.equal({ profile: { id: `of ${documentedTokens.access_token}` } });
  });

  it('errs with what one of them throws', async () => {
    const atStart = runStrategy(createOwn({ authorizationParams: fail }), createRequest());
    const atExchange = signIn(createOwn({ tokenParams: fail }));
    for (const outcome of [atStart, atExchange])
      expect(await expectOutcome('error', outcome)).to.include({ error: failure });
    answerToken(200, documentedTokens);
    const atProfile = signIn(createOwn({ userProfile: fail }));
    expect(await expectOutcome('error', atProfile)).to.include({ error: failure });
  });
});

describe("an application that replaces node-oauth's methods", () => {
  useNock();

  function signInWith(methods: object, skipUserProfile = true) {
    const strategy = createStrategy({ skipUserProfile }, ({ profile, tokens }) => ({ profile, tokens }));
    Object.assign((strategy as unknown as { _oauth2: object })._oauth2, methods);
    return signIn(strategy);
  }
  const exchangeWith = (answer: (done: Done, code: string) => unknown) =>
    signInWith({ getOAuthAccessToken: (code: string, _request: object, done: Done) => answer(done, code) });

  it('has its tokens from getOAuthAccessToken', async () => {
    const outcome = exchangeWith((done, code) => done(null, `for ${code}`, undefined, { token_type: 'Bearer' }));
    const { user } = await expectOutcome('success', outcome);
    const { tokens } = user as { tokens: object };
    expect(tokens).to.deep.include({ accessToken: 'for a-code', tokenType: 'Bearer' }).and.not.have.key('refreshToken');
  });

  it('errs with what getOAuthAccessToken gives its callback or rejects with, and where that is no token', async () => {
    for (const error of [failure, new MetafyResponseError('a', { code: 'timeout' })]) {
      for (const answer of [(done: Done) => done(error), () => Promise.reject(error)])
        expect(await expectOutcome('error', exchangeWith(answer))).to.include({ error });
    }
    const withoutToken = exchangeWith((done) => done(null));
    expect((await expectOutcome('error', withoutToken)).error).to.be.instanceOf(Error);
  });

  for (const method of ['get', '_request']) {
    it(`has its profile from ${method}`, async () => {
      answerToken(200, documentedTokens);
      const answer = (...parameters: unknown[]) => (parameters.at(-1) as Done)(null, '{"user":{"id":"own"}}');
      const { user } = await expectOutcome('success', signInWith({ [method]: answer }, false));
      expect(user).to.have.nested.property('profile.id', 'own');
    });
  }
});

describe('skipUserProfile', () => {
  useNock();
  type Skip = MetafyStrategyOptions['skipUserProfile'];
  type SkipDone = (error: unknown, skip?: boolean) => void;
  const signInWith = (skipUserProfile: Skip) =>
    signIn(createStrategy({ skipUserProfile }, ({ profile }) => ({ profile })));

  for (const skips of [true, false]) {
    it(`${skips ? 'skips' : 'loads'} the profile as a value, or a function of any kind, says`, async () => {
      const decide = (accessToken: string, done: SkipDone) =>
        void setImmediate(done, null, skips && accessToken === documentedTokens.access_token);
      for (const option of [skips, () => skips, async () => skips, decide]) {
        if (skips) answerToken(200, documentedTokens);
        else answerLogin();
        const { user } = await expectOutcome('success', signInWith(option));
        expect((user as { profile: unknown }).profile === undefined).to.equal(skips);
      }
    });
  }

  it('errs with what its callback is given, or with what an async one rejects with', async () => {
    for (const option of [
      (_accessToken: string, done: SkipDone) => done(failure),
      () => Promise.reject(failure),
      (_accessToken: string, _done: SkipDone) => Promise.reject(failure),
    ]) {
      answerToken(200, documentedTokens);
      expect(await expectOutcome('error', signInWith(option))).to.include({ error: failure });
    }
  });
});
