import { expect } from 'chai';
import { OAuth2 } from 'oauth';
import { type MetafyLogin, MetafyResponseError, MetafyStrategy, type MetafyStrategyOptions } from '../../src';
import { MetafyOAuth2 } from '../../src/passport/node-oauth';
import { answerLogin, answerToken, documentedTokens, useNock } from '../support/nock-metafy';
import { expectOutcome, signIn } from '../support/strategy-run';
import { createStrategy, type Done, failure } from './support/sign-in';

// The hooks that passport-oauth2 has as well are compared with its own in test/end-to-end/passport-oauth2.
describe("an application that replaces node-oauth's methods", () => {
  useNock();

  function signInWith(methods: object, skipUserProfile = true) {
    const strategy = createStrategy({ skipUserProfile }, ({ profile, tokens }) => ({ profile, tokens }));
    Object.assign((strategy as unknown as { _oauth2: object })._oauth2, methods);
    return signIn(strategy);
  }

  it('errs with what getOAuthAccessToken gives its callback or rejects with, and where that is no token', async () => {
    const exchangeWith = (answer: (done: Done) => unknown) =>
      signInWith({ getOAuthAccessToken: (_code: string, _request: object, done: Done) => answer(done) });
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

// As tests do that stub a method for every strategy.
describe('an application that replaces a method of every instance', () => {
  useNock();

  const answerProfile = (...parameters: unknown[]) => (parameters.at(-1) as Done)(null, '{"user":{"id":"own"}}');
  for (const [{ prototype }, method, replacement] of [
    [MetafyOAuth2, 'getOAuthAccessToken', (_code: string, _request: object, done: Done) => done(null, 'own')],
    [MetafyStrategy, 'userProfile', (_accessToken: string, done: Done) => done(null, { id: 'own' })],
    [MetafyOAuth2, '_request', answerProfile],
    [OAuth2, 'get', answerProfile],
  ] as unknown as [{ prototype: Record<string, unknown> }, string, unknown][]) {
    const original = prototype[method];
    afterEach(() => {
      prototype[method] = original;
    });

    it(`has its ${method} called`, async () => {
      const isExchange = method === 'getOAuthAccessToken';
      if (!isExchange) answerToken(200, documentedTokens);
      const verify = ({ profile, tokens }: MetafyLogin) => ({ id: isExchange ? tokens.accessToken : profile.id });
      const strategy = createStrategy({ skipUserProfile: isExchange }, verify);
      prototype[method] = replacement;
      expect(await expectOutcome('success', signIn(strategy))).to.have.nested.property('user.id', 'own');
    });
  }
});

describe('an async skipUserProfile', () => {
  useNock();
  const signInWith = (skipUserProfile: MetafyStrategyOptions['skipUserProfile']) =>
    signIn(createStrategy({ skipUserProfile }, ({ profile }) => ({ profile })));

  for (const skips of [true, false]) {
    it(`${skips ? 'skips' : 'loads'} the profile as it says`, async () => {
      if (skips) answerToken(200, documentedTokens);
      else answerLogin();
      const { user } = await expectOutcome(
        'success',
        signInWith(async () => skips),
      );
      expect((user as { profile: unknown }).profile === undefined).to.equal(skips);
    });
  }

  it('errs with what it rejects with, also where it takes a callback', async () => {
    for (const option of [
      () => Promise.reject(failure),
      (_accessToken: string, _done: unknown) => Promise.reject(failure),
    ]) {
      answerToken(200, documentedTokens);
      expect(await expectOutcome('error', signInWith(option))).to.include({ error: failure });
    }
  });
});
