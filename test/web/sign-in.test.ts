import { expect } from 'chai';
import { MetafySignIn, MetafySignInError } from '../../src/web';
import { caught } from '../support/caught';
import { strategyOptions } from '../support/client-options';
import { answerLogin, documentedProfile, documentedTokens, useNock } from '../support/nock-metafy';

describe('MetafySignIn', () => {
  useNock();
  const signIn = new MetafySignIn(strategyOptions);

  it('starts with a redirect to Metafy and a cookie, and finishes with profile, tokens and state', async () => {
    const redirect = await signIn.start(new Request('https://app.example/auth'), { state: { returnTo: '/' } });
    const location = new URL(redirect.headers.get('Location') ?? '');
    const [cookie = ''] = redirect.headers.getSetCookie()[0]?.split(';') ?? [];
    expect(redirect.status).to.equal(302);
    expect(redirect.headers.get('Cache-Control')).to.equal('no-store');
    expect(location.searchParams.get('redirect_uri')).to.equal(strategyOptions.callbackURL);

    const sent = answerLogin();
    const url = `${strategyOptions.callbackURL}?code=a-code&state=${location.searchParams.get('state')}`;
    const { profile, tokens, state, headers } = await signIn.finish(new Request(url, { headers: { cookie } }));
    expect(await sent)
      .to.include({ grant_type: 'authorization_code', code: 'a-code', redirect_uri: strategyOptions.callbackURL })
      .with.property('code_verifier')
      .that.matches(/^[\w-]{43}$/);
    expect(profile.id).to.equal(documentedProfile.user.id);
    expect(tokens.accessToken).to.equal(documentedTokens.access_token);
    expect(state).to.deep.equal({ returnTo: '/' });
    expect(headers.getSetCookie()[0]).to.include('Max-Age=0');
  });

  it('rejects a callback that this browser did not start', async () => {
    const url = `${strategyOptions.callbackURL}?code=a-code&state=${'a'.repeat(22)}`;
    const error = await caught<MetafySignInError>(() => signIn.finish(new Request(url)));
    expect(error).to.be.instanceOf(MetafySignInError).and.include({ code: 'unknown_state', status: 403 });
    expect(error.headers?.get('Cache-Control')).to.equal('no-store');
  });

  it('checks its options', () => {
    for (const [option, value] of Object.entries({
      clientID: '',
      callbackURL: undefined,
      scope: 42,
      secret: 'short',
      maxAgeMs: 0,
    }))
      expect(() => new MetafySignIn({ ...strategyOptions, [option]: value })).to.throw(TypeError, `\`${option}\``);
  });
});
