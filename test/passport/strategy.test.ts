import { expect } from 'chai';
import passportOAuth2 from 'passport-oauth2';
import { MetafyStrategy, Strategy } from '../../src';
import { strategyOptions } from '../support/client-options';
import {
  answerLogin,
  answerProfile,
  answerToken,
  documentedProfile,
  documentedTokens,
  useNock,
} from '../support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from '../support/strategy-run';
import { createStrategy } from './support/sign-in';

// What is as with passport-oauth2, and what is not, is tested in test/end-to-end/passport-oauth2.
describe('MetafyStrategy', () => {
  useNock();
  const strategy = createStrategy();

  it('is named metafy, extends the strategy of passport-oauth2, and is exported as `Strategy` as well', () => {
    expect(strategy).to.be.instanceOf(passportOAuth2.Strategy).and.have.property('name', 'metafy');
    expect(Strategy).to.equal(MetafyStrategy);
  });

  it('redirects to Metafy', async () => {
    const { url } = await startLogin(strategy);
    expect(url.origin + url.pathname).to.equal('https://metafy.gg/auth/authorize');
    expect(Object.fromEntries(url.searchParams)).to.include({
      client_id: strategyOptions.clientID,
      redirect_uri: strategyOptions.callbackURL,
      response_type: 'code',
      scope: 'profile',
      code_challenge_method: 'S256',
    });
  });

  it("signs in the verify callback's user", async () => {
    answerLogin();
    const { user, info } = await expectOutcome('success', signIn(strategy));
    expect([user, info]).to.deep.equal([{ id: documentedProfile.user.id }, {}]);
  });

  it('needs no options, and of a request no headers', async () => {
    const res = { getHeader() {}, setHeader() {} };
    for (const options of [undefined, null])
      await expectOutcome('redirect', runStrategy(strategy, { res } as never, options as never));
    await expectOutcome('fail', runStrategy(strategy, { url: '/cb?code=a&state=b', res } as never));
  });

  it("prefers the request's own callback URL, unless it is empty", async () => {
    for (const [callbackURL, expected] of [
      ['https://b.example/cb', 'https://b.example/cb'],
      ['', strategyOptions.callbackURL],
    ]) {
      const { url } = await startLogin(strategy, { callbackURL });
      expect(url.searchParams.get('redirect_uri')).to.equal(expected);
    }
  });

  it('reads nothing in a body that is no parsed form', async () => {
    const buffer = Object.assign(Buffer.from('a'), { code: 'a' });
    for (const body of [undefined, null, 'code=a', buffer, [{ code: 'a' }], 42])
      await expectOutcome('redirect', runStrategy(strategy, createRequest({ extra: { body } })));
  });

  it("gives tokens with Metafy's answer as it came, and the scopes asked for where it names none", async () => {
    const { refresh_token, scope, ...answer } = documentedTokens;
    for (const [options, raw, expected] of [
      [{}, answer, ['profile']],
      [{ scope: ['community', 'products'] }, { ...answer, refresh_token }, ['community', 'products']],
    ] as const) {
      answerToken(200, raw);
      answerProfile(200, documentedProfile);
      const withTokens = createStrategy({}, ({ tokens }) => ({ tokens }));
      const { user } = await expectOutcome('success', signIn(withTokens, options));
      expect(user).to.have.property('tokens').that.deep.includes({ raw, scope: expected });
    }
  });
});
