import { expect } from 'chai';
import passportOAuth2 from 'passport-oauth2';
import { type MetafyClassicVerifyWithRequestAndParams, MetafyStrategy, Strategy } from '../../src';
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
import { createCallback, createStrategy } from './support/sign-in';

describe('MetafyStrategy', () => {
  useNock();
  const strategy = createStrategy();

  it('is named metafy, extends the strategy of passport-oauth2, and is exported as `Strategy` as well', () => {
    expect(strategy).to.be.instanceOf(passportOAuth2.Strategy).and.have.property('name', 'metafy');
    expect(Strategy).to.equal(MetafyStrategy);
  });

  describe('starting a sign-in', () => {
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

    it('asks for the scope of the request instead of its own, and names none where there is none', async () => {
      const { url } = await startLogin(strategy, { scope: ['community', 'purchases'] });
      expect(url.searchParams.get('scope')).to.equal('community purchases');
      expect((await startLogin(createStrategy({ scope: [] }))).url.searchParams.has('scope')).to.equal(false);
    });

    it('needs no options, and of a request no headers', async () => {
      const res = { getHeader() {}, setHeader() {} };
      for (const options of [undefined, null])
        await expectOutcome('redirect', runStrategy(strategy, { res } as never, options as never));
      await expectOutcome('fail', runStrategy(strategy, { url: '/cb?code=a&state=b', res } as never));
    });
  });

  describe('the callback URL', () => {
    const headers = { host: 'inner:3000', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example' };
    const other = 'https://b.example/cb';

    for (const [title, options, perRequest, expected] of [
      ['is resolved against the request where it is relative', { callbackURL: '/cb' }, {}, 'http://inner:3000/cb'],
      ['is resolved behind a trusted proxy', { callbackURL: '/cb', proxy: true }, {}, 'https://app.example/cb'],
      ["is the request's own, where it has one", {}, { callbackURL: other }, other],
      ["is the request's own, also where that is relative", {}, { callbackURL: '/cb' }, 'http://inner:3000/cb'],
      ["is the strategy's where the request's is empty", {}, { callbackURL: '' }, strategyOptions.callbackURL],
    ] as const) {
      it(title, async () => {
        const { url } = await startLogin(createStrategy(options), perRequest, { headers });
        expect(url.searchParams.get('redirect_uri')).to.equal(expected);
      });
    }

    it('is sent with the code as it was sent with the start, and must be the same at the end', async () => {
      const sent = answerLogin();
      await expectOutcome('success', signIn(strategy, { callbackURL: other }));
      expect(await sent).to.include({ redirect_uri: other });
      const req = createCallback(await startLogin(strategy, { callbackURL: other }));
      expect(await expectOutcome('fail', runStrategy(strategy, req))).to.include({ status: 403 });
    });

    it('is a 400 where it is relative and the request names no usable host', async () => {
      const req = createRequest({ headers: { host: 'a b' } });
      const outcome = runStrategy(createStrategy({ callbackURL: '/cb' }), req);
      expect(await expectOutcome('fail', outcome)).to.include({ status: 400 });
    });
  });

  describe('finishing a sign-in', () => {
    it("signs in the verify callback's user", async () => {
      answerLogin();
      const { user, info } = await expectOutcome('success', signIn(strategy));
      expect([user, info]).to.deep.equal([{ id: documentedProfile.user.id }, {}]);
    });

    it('reads a query, parsed or not, or a parsed form', async () => {
      for (const toParts of [
        (state: string) => ({ url: '/cb', extra: { query: { code: 'a', state } } }),
        (state: string) => ({ url: '/cb', extra: { body: { code: 'a', state } } }),
        () => ({ extra: { query: undefined } }),
        () => ({ extra: { query: {} } }),
      ]) {
        const started = await startLogin(strategy);
        answerLogin();
        const req = createCallback(started, undefined, toParts(started.state));
        await expectOutcome('success', runStrategy(strategy, req));
      }
    });

    it('reads the query rather than a form, and never mixes them', async () => {
      const sent = answerLogin();
      const req = createRequest({ url: '/cb?code=a', extra: { body: { code: 'b', state: 'b' } } });
      await expectOutcome('success', runStrategy(createStrategy({ store: false }), req));
      expect(await sent).to.include({ code: 'a' });
    });

    it('reads nothing in a body that is no parsed form', async () => {
      const buffer = Object.assign(Buffer.from('a'), { code: 'a' });
      for (const body of [undefined, null, 'code=a', buffer, [{ code: 'a' }], 42])
        await expectOutcome('redirect', runStrategy(strategy, createRequest({ extra: { body } })));
    });

    it('gives a classic verify callback the request, the answer and the profile', async () => {
      answerLogin();
      let given: unknown[] = [];
      const verify: MetafyClassicVerifyWithRequestAndParams = (req, access, refresh, params, profile, done) => {
        given = [req.url?.split('?')[0], access, refresh, params, profile.id];
        done(null, { id: 1 }, { plan: 'pro' });
      };
      const classic = new MetafyStrategy({ ...strategyOptions, passReqToCallback: true }, verify);
      const { info } = await expectOutcome('success', signIn(classic, { state: { a: 1 } }));
      const { refresh_token, ...params } = documentedTokens;
      const { id } = documentedProfile.user;
      expect(given).to.deep.equal(['/auth/metafy/callback', params.access_token, refresh_token, params, id]);
      expect(info).to.deep.equal({ plan: 'pro', state: { a: 1 } });
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
});
