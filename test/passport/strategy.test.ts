import { expect } from 'chai';
import passportOAuth2 from 'passport-oauth2';
import {
  type MetafyClassicVerifyWithRequestAndParams,
  MetafyStrategy,
  type MetafyStrategyOptions,
  Strategy,
} from '../src';
import { strategyOptions } from './support/client-options';
import {
  answerLogin,
  answerProfile,
  answerToken,
  documentedProfile,
  documentedTokens,
  useNock,
} from './support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from './support/strategy-run';

const createStrategy = (options: Partial<MetafyStrategyOptions> = {}) =>
  new MetafyStrategy({ ...strategyOptions, ...options }, ({ profile }) => ({ id: profile.id }));

describe('MetafyStrategy', () => {
  useNock();

  it('is named metafy, and extends the strategy of passport-oauth2', () => {
    expect(createStrategy()).to.be.instanceOf(passportOAuth2.Strategy).and.have.property('name', 'metafy');
  });

  it('is exported as `Strategy` as well', () => {
    expect(Strategy).to.equal(MetafyStrategy);
  });

  it('leaves the options it was given alone', () => {
    const options = Object.freeze({ ...strategyOptions, scope: ['profile'] });
    expect(() => createStrategy(options)).not.to.throw();
  });

  describe('starting a login', () => {
    it('asks for the scope of the request instead of its own', async () => {
      const { url } = await startLogin(createStrategy(), { scope: ['community', 'purchases'] });
      expect(url.searchParams.get('scope')).to.equal('community purchases');
    });

    it('names no scope where there is none', async () => {
      const { url } = await startLogin(createStrategy({ scope: [] }));
      expect(url.searchParams.has('scope')).to.equal(false);
    });

    it('is another state and challenge each time', async () => {
      const strategy = createStrategy();
      const [first, second] = [await startLogin(strategy), await startLogin(strategy)];
      for (const name of ['state', 'code_challenge'])
        expect(first.url.searchParams.get(name)).not.to.equal(second.url.searchParams.get(name));
    });

    it('works with no options from Passport', async () => {
      await expectOutcome('redirect', runStrategy(createStrategy(), createRequest(), undefined));
    });

    it('fails with the reason why a state cannot be kept', async () => {
      const options = { state: { text: 'a'.repeat(4000) } };
      const { error } = await expectOutcome('error', runStrategy(createStrategy(), createRequest(), options));
      expect(error.message).to.include('`state` smaller');
    });

    it('fails where there is no response to set a cookie on', async () => {
      const req = createRequest({ extra: { res: undefined } });
      const { error } = await expectOutcome('error', runStrategy(createStrategy(), req));
      expect(error.message).to.include('`req.res`');
    });
  });

  describe('the callback URL', () => {
    const redirectURI = async (options: object, perRequest: object, parts: object) =>
      (await startLogin(createStrategy(options), perRequest, parts)).url.searchParams.get('redirect_uri');

    it('is resolved against the request where it is relative', async () => {
      expect(await redirectURI({ callbackURL: '/cb' }, {}, {})).to.equal('http://app.example/cb');
    });

    it('is resolved behind a proxy that is trusted', async () => {
      const headers = { host: 'inner:3000', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example' };
      expect(await redirectURI({ callbackURL: '/cb', proxy: true }, {}, { headers })).to.equal(
        'https://app.example/cb',
      );
      expect(await redirectURI({ callbackURL: '/cb' }, {}, { headers })).to.equal('http://inner:3000/cb');
    });

    it("is the request's own, where it has one", async () => {
      for (const callbackURL of ['https://b.example/cb', 'https://app.example/other'])
        expect(await redirectURI({}, { callbackURL }, {})).to.equal(callbackURL);
      expect(await redirectURI({}, { callbackURL: '/other' }, {})).to.equal('http://app.example/other');
    });

    it("is the strategy's own where the request's is empty, as in passport-oauth2", async () => {
      expect(await redirectURI({}, { callbackURL: '' }, {})).to.equal(strategyOptions.callbackURL);
    });

    it('is sent with the code as it was sent with the start', async () => {
      const sent = answerLogin();
      const options = { callbackURL: 'https://b.example/cb' };
      await expectOutcome('success', signIn(createStrategy(), options));
      expect(await sent).to.include({ redirect_uri: 'https://b.example/cb' });
    });

    it('must be the same at the end as at the start', async () => {
      const strategy = createStrategy();
      const { state, jar } = await startLogin(strategy, { callbackURL: 'https://b.example/cb' });
      const req = createRequest({ url: `/cb?code=a&state=${state}`, cookies: jar });
      expect(await expectOutcome('fail', runStrategy(strategy, req))).to.include({ status: 403 });
    });

    it('is a 400 where it is relative and the request names no host', async () => {
      const req = createRequest({ headers: { host: 'a b' } });
      const outcome = await expectOutcome('fail', runStrategy(createStrategy({ callbackURL: '/cb' }), req));
      expect(outcome).to.deep.include({
        status: 400,
        challenge: { message: 'The request names no usable host.' },
      });
    });
  });

  describe('finishing a login', () => {
    it("signs in the verify callback's user", async () => {
      answerLogin();
      const { user, info } = await expectOutcome('success', signIn(createStrategy()));
      expect(user).to.deep.equal({ id: documentedProfile.user.id });
      expect(info).to.deep.equal({});
    });

    it('forgets the login', async () => {
      const strategy = createStrategy();
      const { state, jar } = await startLogin(strategy);
      answerLogin();
      const req = createRequest({ url: `/cb?code=a&state=${state}`, cookies: jar });
      await expectOutcome('success', runStrategy(strategy, req));
      expect(String(req.res?.getHeader('set-cookie'))).to.match(
        /^__Host-metafy-login-[\w-]{22}=; Max-Age=0;/,
      );
    });

    it('reads a form post as well', async () => {
      const strategy = createStrategy();
      const { state, jar } = await startLogin(strategy);
      answerLogin();
      const req = createRequest({ url: '/cb', cookies: jar, extra: { body: { code: 'a', state } } });
      await expectOutcome('success', runStrategy(strategy, req));
    });

    it('gives a classic verify callback the request, the answer and the profile', async () => {
      answerLogin();
      let given: unknown[] = [];
      const verify: MetafyClassicVerifyWithRequestAndParams = (
        req,
        access,
        refresh,
        params,
        profile,
        done,
      ) => {
        given = [req.url?.split('?')[0], access, refresh, params, profile.id];
        done(null, { id: 1 });
      };
      const strategy = new MetafyStrategy({ ...strategyOptions, passReqToCallback: true }, verify);
      await expectOutcome('success', signIn(strategy));
      const { refresh_token, ...params } = documentedTokens;
      expect(given).to.deep.equal([
        '/auth/metafy/callback',
        params.access_token,
        refresh_token,
        params,
        documentedProfile.user.id,
      ]);
    });

    it('takes the scopes asked for where Metafy names none', async () => {
      const scopes: string[][] = [];
      const strategy = new MetafyStrategy(strategyOptions, ({ tokens }) => {
        scopes.push(tokens.scope);
        return { id: 1 };
      });
      for (const options of [{}, { scope: ['community', 'products'] }]) {
        answerToken(200, { ...documentedTokens, scope: undefined });
        answerProfile(200, documentedProfile);
        await expectOutcome('success', signIn(strategy, options));
      }
      expect(scopes).to.deep.equal([['profile'], ['community', 'products']]);
    });

    it("shows Metafy's answer as it came, without a refresh token where there was none", async () => {
      let raw: object = {};
      const strategy = new MetafyStrategy(strategyOptions, ({ tokens }) => {
        raw = tokens.raw;
        return { id: 1 };
      });
      const { refresh_token, ...withoutRefresh } = documentedTokens;
      answerToken(200, withoutRefresh);
      answerProfile(200, documentedProfile);
      await expectOutcome('success', signIn(strategy));
      expect(raw).to.deep.equal(withoutRefresh);
    });
  });
});
