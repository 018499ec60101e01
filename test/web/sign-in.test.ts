import { inspect } from 'node:util';
import { expect } from 'chai';
import { MetafyOAuthError, MetafyResponseError, MetafySignIn, MetafySignInError } from '../../src/web';
import { caught } from '../support/caught';
import { strategyOptions } from '../support/client-options';
import { answerLogin, answerProfile, answerToken, documentedTokens, useNock } from '../support/nock-metafy';

const { callbackURL } = strategyOptions;
const signIn = new MetafySignIn(strategyOptions);

/** Starts a sign-in: where the browser is sent, and what it sends from then on. */
async function start(options = {}, from = signIn, url = 'https://app.example/auth/metafy') {
  const response = await from.start(new Request(url), options);
  const cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  return { response, cookie, url: new URL(response.headers.get('Location') ?? '') };
}

/** The request with which Metafy sends that browser back. */
function comeBack(
  { url, cookie }: Awaited<ReturnType<typeof start>>,
  query = 'code=a-code',
  to = callbackURL,
): Request {
  return new Request(`${to}?${query}&state=${url.searchParams.get('state')}`, { headers: { cookie } });
}

// What is the same for MetafyStrategy is tested with both: ../authorization, ../security and ../end-to-end.
describe('MetafySignIn', () => {
  useNock();

  describe('start', () => {
    it('redirects to Metafy with PKCE and a cookie, and is not cached', async () => {
      const { response, url, cookie } = await start();
      expect([response.status, response.headers.get('Cache-Control')]).to.deep.equal([302, 'no-store']);
      expect(url.origin + url.pathname).to.equal('https://metafy.gg/auth/authorize');
      const { state, code_challenge, ...parameters } = Object.fromEntries(url.searchParams);
      expect(parameters).to.deep.equal({
        client_id: strategyOptions.clientID,
        redirect_uri: callbackURL,
        response_type: 'code',
        scope: 'profile',
        code_challenge_method: 'S256',
      });
      expect(code_challenge).to.match(/^[\w-]{43}$/);
      expect(cookie.startsWith(`__Host-metafy-login-${state}=`)).to.equal(true);
    });

    it('asks for the scope of the option, or of this sign-in, with %20 between several', async () => {
      const wide = new MetafySignIn({ ...strategyOptions, scope: ['profile', 'purchases'] });
      for (const [from, options, expected] of [
        [wide, {}, 'profile%20purchases'],
        [wide, { scope: 'profile' }, 'profile'],
        [signIn, { scope: ['profile', 'community'] }, 'profile%20community'],
      ] as const)
        expect((await start(options, from)).url.search).to.include(`&scope=${expected}&`);
    });

    it('resolves a relative callbackURL against the URL of the request', async () => {
      const relative = new MetafySignIn({ ...strategyOptions, callbackURL: '/auth/metafy/callback' });
      for (const origin of ['http://localhost:3000', 'https://app.example']) {
        const { url } = await start({}, relative, `${origin}/auth/metafy`);
        expect(url.searchParams.get('redirect_uri')).to.equal(`${origin}/auth/metafy/callback`);
      }
    });
  });

  describe('finish', () => {
    it('gives profile, tokens and state, and the headers that end the pending sign-in', async () => {
      const started = await start({ state: { returnTo: '/settings' } });
      answerLogin();
      const { profile, tokens, state, headers } = await signIn.finish(comeBack(started));
      expect(profile).to.include({ username: 'ada-coach', displayName: 'Ada Coach' });
      expect(tokens).to.include({ accessToken: documentedTokens.access_token });
      expect(tokens.scope).to.deep.equal(['profile']);
      expect(state).to.deep.equal({ returnTo: '/settings' });
      expect(headers.get('Cache-Control')).to.equal('no-store');
      expect(headers.getSetCookie().join()).to.include(`${started.cookie.split('=')[0]}=; Max-Age=0;`);
    });

    it('sends the callback URL of this sign-in with the code', async () => {
      const other = { callbackURL: 'https://app.example/other' };
      const started = await start(other);
      const sent = answerLogin();
      await signIn.finish(comeBack(started, undefined, other.callbackURL), other);
      expect(await sent).to.include({ redirect_uri: other.callbackURL });
    });

    it('takes the scope that was asked for as granted, where Metafy does not say', async () => {
      for (const scope of [undefined, 'profile purchases']) {
        const started = await start({ scope });
        answerToken(200, { ...documentedTokens, scope: undefined });
        answerProfile(200, { user: { id: 1 } });
        const { tokens } = await signIn.finish(comeBack(started), { scope });
        expect(tokens.scope.join(' ')).to.equal(scope ?? 'profile');
      }
    });

    const denied = 'error=access_denied&error_description=The+resource+owner+denied';

    for (const [what, query, prepare, expected] of [
      ['a person who declines', denied, () => {}, { status: 401, code: 'access_denied', oauthCode: 'access_denied' }],
      [
        'a code that has been used',
        'code=a-code',
        () => answerToken(400, { error: 'invalid_grant' }),
        { status: 403, code: 'stale_code', oauthCode: 'invalid_grant', upstreamStatus: 400 },
      ],
      ['an error that is none of OAuth’s', 'error=x', () => {}, { status: 400, code: 'malformed_response' }],
    ] as const) {
      it(`rejects ${what} with a MetafySignInError, whose headers end the pending sign-in`, async () => {
        const started = await start();
        prepare();
        const error = await caught<MetafySignInError>(() => signIn.finish(comeBack(started, query)));
        expect(error).to.be.instanceOf(MetafySignInError).and.include(expected);
        expect(error.headers?.getSetCookie().join()).to.include('Max-Age=0');
        expect(error.headers?.get('Cache-Control')).to.equal('no-store');
      });
    }

    it('rejects a request that no sign-in ends with with 400, and sets no cookie', async () => {
      const { cookie } = await start();
      for (const query of ['', '?', '?a=b', '?state=a', '?code=a&code=b', `?code=${'a'.repeat(3000)}`]) {
        const request = new Request(callbackURL + query, { headers: { cookie } });
        const error = await caught<MetafySignInError>(() => signIn.finish(request));
        expect(error).to.be.instanceOf(MetafySignInError).and.include({ status: 400, code: 'malformed_response' });
        expect(error.headers?.getSetCookie()).to.deep.equal([]);
      }
    });

    it('rejects with a MetafyOAuthError where Metafy refuses', async () => {
      answerToken(401, { error: 'invalid_client' });
      const refused = await caught(async () => signIn.finish(comeBack(await start())));
      expect(refused).to.be.instanceOf(MetafyOAuthError).and.include({ code: 'invalid_client', status: 502 });
      const query = 'error=temporarily_unavailable';
      const away = await caught(async () => signIn.finish(comeBack(await start(), query)));
      expect(away).to.be.instanceOf(MetafyOAuthError).and.include({ code: 'temporarily_unavailable', status: 503 });
    });

    it('rejects with a MetafyResponseError where Metafy gives no usable answer', async () => {
      answerToken(503, '', { 'Retry-After': '7' });
      const away = await caught(async () => signIn.finish(comeBack(await start())));
      expect(away).to.be.instanceOf(MetafyResponseError).and.include({ status: 503, retryAfterMs: 7000 });
      answerToken(200, documentedTokens);
      answerProfile(200, { user: {} });
      const noId = await caught(async () => signIn.finish(comeBack(await start())));
      expect(noId).to.be.instanceOf(MetafyResponseError).and.include({ code: 'bad_body', status: 502 });
    });
  });

  it('needs a Request, and says so', async () => {
    for (const request of [undefined, {}, { url: '/cb', headers: {} }, { url: '/cb', headers: new Headers() }]) {
      for (const call of ['start', 'finish'] as const) {
        const error = await caught(() => signIn[call](request as never));
        expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`request`');
      }
    }
  });

  for (const [option, options] of [
    ['options', undefined],
    ['clientID', { ...strategyOptions, clientID: undefined }],
    ['clientSecret', { ...strategyOptions, clientSecret: '' }],
    ['callbackURL', { ...strategyOptions, callbackURL: undefined }],
    ['callbackURL', { ...strategyOptions, callbackURL: 'javascript:alert(1)' }],
    ['scope', { ...strategyOptions, scope: 1 }],
    ['baseURL', { ...strategyOptions, baseURL: 'http://metafy.gg' }],
  ] as const) {
    it(`rejects a wrong \`${option}\` with a TypeError that names it`, () => {
      expect(() => new MetafySignIn(options as never)).to.throw(TypeError, `\`${option}\``);
    });
  }

  it('rejects a wrong scope or callback URL of one sign-in likewise', async () => {
    for (const [option, wrong] of [
      ['scope', { scope: 1 }],
      ['callbackURL', { callbackURL: 'javascript:alert(1)' }],
    ] as const) {
      const error = await caught(() => signIn.start(new Request('https://app.example/'), wrong as never));
      expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes(`\`${option}\``);
    }
  });

  it('does not show its secret', () => {
    const secret = 'canary, a secret of 32 characters';
    const one = new MetafySignIn({ ...strategyOptions, clientSecret: 'canary', secret });
    expect(inspect(one, { depth: null, showHidden: true }) + JSON.stringify(one)).not.to.include('canary');
  });
});
