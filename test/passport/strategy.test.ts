import { expect } from 'chai';
import type { Request } from 'express';
import passportOAuth2 from 'passport-oauth2';
import {
  type MetafyClassicVerifyWithRequestAndParams,
  MetafyStrategy,
  type MetafyStrategyOptions,
  Strategy,
} from '../../src';
import { strategyOptions } from '../support/client-options';
import {
  answerLogin,
  answerProfile,
  answerToken,
  documentedProfile,
  documentedTokens,
  useNock,
} from '../support/nock-metafy';
import {
  createRequest,
  expectOutcome,
  listSetCookies,
  type RequestParts,
  runStrategy,
  signIn,
  startLogin,
} from '../support/strategy-run';

const createStrategy = (options: Partial<MetafyStrategyOptions> = {}) =>
  new MetafyStrategy({ ...strategyOptions, ...options }, ({ profile }) => ({ id: profile.id }));

/** The request of a sign-in that was started with `strategy`. */
async function createCallback(strategy: MetafyStrategy, toParts: (state: string) => RequestParts): Promise<Request> {
  const { state, jar } = await startLogin(strategy);
  return createRequest({ cookies: jar, ...toParts(state) });
}

describe('MetafyStrategy', () => {
  useNock();

  it('is named metafy, extends the strategy of passport-oauth2, and is exported as `Strategy` as well', () => {
    expect(createStrategy()).to.be.instanceOf(passportOAuth2.Strategy).and.have.property('name', 'metafy');
    expect(Strategy).to.equal(MetafyStrategy);
  });

  describe('starting a sign-in', () => {
    it('redirects to Metafy, and keeps the answer out of caches', async () => {
      const req = createRequest();
      const { url } = await expectOutcome('redirect', runStrategy(createStrategy(), req));
      expect(url.origin + url.pathname).to.equal('https://metafy.gg/auth/authorize');
      expect(Object.fromEntries(url.searchParams)).to.include({
        client_id: strategyOptions.clientID,
        redirect_uri: strategyOptions.callbackURL,
        response_type: 'code',
        scope: 'profile',
        code_challenge_method: 'S256',
      });
      expect(req.res?.getHeader('Cache-Control')).to.equal('no-store');
    });

    it('asks for the scope of the request instead of its own', async () => {
      const { url } = await startLogin(createStrategy(), { scope: ['community', 'purchases'] });
      expect(url.searchParams.get('scope')).to.equal('community purchases');
    });

    it('names no scope where there is none', async () => {
      const { url } = await startLogin(createStrategy({ scope: [] }));
      expect(url.searchParams.has('scope')).to.equal(false);
    });

    it('has another state and challenge each time', async () => {
      const strategy = createStrategy();
      const [first, second] = [await startLogin(strategy), await startLogin(strategy)];
      for (const name of ['state', 'code_challenge'])
        expect(first.url.searchParams.get(name)).not.to.equal(second.url.searchParams.get(name));
    });

    it('takes `undefined` and `null` for options', async () => {
      for (const options of [undefined, null])
        await expectOutcome('redirect', runStrategy(createStrategy(), createRequest(), options as never));
    });

    it('needs of a request no headers, and of a response no more than `getHeader` and `setHeader`', async () => {
      const res = { getHeader() {}, setHeader() {} };
      await expectOutcome('redirect', runStrategy(createStrategy(), { res } as never));
      const callback = { url: '/cb?code=a&state=b', res };
      expect(await expectOutcome('fail', runStrategy(createStrategy(), callback as never))).to.include({ status: 403 });
    });

    it('errs with what is missing where there is no response', async () => {
      const { error } = await expectOutcome('error', runStrategy(createStrategy(), {} as never));
      expect(error.message).to.include('`req.res`');
    });
  });

  describe('the callback URL', () => {
    const redirectURI = async (options: object, perRequest: object, parts: object) =>
      (await startLogin(createStrategy(options), perRequest, parts)).url.searchParams.get('redirect_uri');
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
        expect(await redirectURI(options, perRequest, { headers })).to.equal(expected);
      });
    }

    it('is sent with the code as it was sent with the start', async () => {
      const sent = answerLogin();
      await expectOutcome('success', signIn(createStrategy(), { callbackURL: other }));
      expect(await sent).to.include({ redirect_uri: other });
    });

    it('must be the same at the end as at the start', async () => {
      const strategy = createStrategy();
      const { state, jar } = await startLogin(strategy, { callbackURL: other });
      const req = createRequest({ url: `/cb?code=a&state=${state}`, cookies: jar });
      expect(await expectOutcome('fail', runStrategy(strategy, req))).to.include({ status: 403 });
    });

    it('is a 400 where it is relative and the request names no usable host', async () => {
      const req = createRequest({ headers: { host: 'a b' } });
      const strategy = createStrategy({ callbackURL: '/cb' });
      expect(await expectOutcome('fail', runStrategy(strategy, req))).to.include({ status: 400 });
    });
  });

  describe('finishing a sign-in', () => {
    it("signs in the verify callback's user, clears the cookie, and keeps the answer out of caches", async () => {
      const strategy = createStrategy();
      const req = await createCallback(strategy, (state) => ({ url: `/cb?code=a&state=${state}` }));
      answerLogin();
      const { user, info } = await expectOutcome('success', runStrategy(strategy, req));
      expect(user).to.deep.equal({ id: documentedProfile.user.id });
      expect(info).to.deep.equal({});
      expect(listSetCookies(req)[0]).to.match(/^__Host-metafy-login-[\w-]{22}=; Max-Age=0;/);
      expect(req.res?.getHeader('Cache-Control')).to.equal('no-store');
    });

    for (const [title, toParts] of [
      ['a parsed query', (state) => ({ extra: { query: { code: 'a', state } } })],
      ['a URL that nobody has parsed', (state) => ({ url: `/cb?code=a&state=${state}`, extra: { query: undefined } })],
      ['a URL where the query parser is off', (state) => ({ url: `/cb?code=a&state=${state}`, extra: { query: {} } })],
      ['a parsed form', (state) => ({ url: '/cb', extra: { body: { code: 'a', state } } })],
    ] as [string, (state: string) => RequestParts][]) {
      it(`reads ${title}`, async () => {
        const strategy = createStrategy();
        const req = await createCallback(strategy, toParts);
        answerLogin();
        await expectOutcome('success', runStrategy(strategy, req));
      });
    }

    it('reads the query rather than a form, and never mixes them', async () => {
      const strategy = createStrategy({ store: false });
      const sent = answerLogin();
      const req = createRequest({ url: '/cb?code=a', extra: { body: { code: 'b', state: 'b' } } });
      await expectOutcome('success', runStrategy(strategy, req));
      expect(await sent).to.include({ code: 'a' });
    });

    for (const body of [undefined, null, 'code=a', Buffer.from('code=a'), [{ code: 'a' }], 42]) {
      it(`reads nothing in a body that is ${body === null ? 'null' : (body?.constructor.name ?? 'undefined')}`, async () => {
        await expectOutcome('redirect', runStrategy(createStrategy(), createRequest({ extra: { body } })));
      });
    }

    it('gives a classic verify callback the request, the answer and the profile', async () => {
      answerLogin();
      let given: unknown[] = [];
      const verify: MetafyClassicVerifyWithRequestAndParams = (req, access, refresh, params, profile, done) => {
        given = [req.url?.split('?')[0], access, refresh, params, profile.id];
        done(null, { id: 1 }, { plan: 'pro' });
      };
      const strategy = new MetafyStrategy({ ...strategyOptions, passReqToCallback: true }, verify);
      const { info } = await expectOutcome('success', signIn(strategy, { state: { a: 1 } }));
      const { refresh_token, ...params } = documentedTokens;
      const { id } = documentedProfile.user;
      expect(given).to.deep.equal(['/auth/metafy/callback', params.access_token, refresh_token, params, id]);
      expect(info).to.deep.equal({ plan: 'pro', state: { a: 1 } });
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
