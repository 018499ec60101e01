import { expect } from 'chai';
import { MetafyEmulator } from '../../../src/emulator';
import { DemoApplication, readTokens } from '../support/application';
import { readObject, rejectionOf, useEmulator } from '../support/fixtures';

describe('authorize() of the emulator', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);

  it('returns the callback URL with a code and the state', async () => {
    const callback = new URL(await emulator.authorize(application.authorizationURL({ state: 'a b' })));
    expect(callback.origin + callback.pathname).to.equal(application.redirectURI);
    expect(callback.searchParams.get('code')).to.match(/^[\w-]{43}$/);
    expect(callback.searchParams.get('state')).to.equal('a b');
  });

  it('signs in the first user unless told otherwise, or another by slug or id', async () => {
    expect(await signedInUser()).to.equal('ada-coach');
    expect(await signedInUser('grace-student')).to.equal('grace-student');
    expect(await signedInUser(emulator.users[2]?.id)).to.equal('linus-partner');
  });

  it('denies on demand', async () => {
    const callback = new URL(await emulator.authorize(application.authorizationURL({ state: 's' }), { deny: true }));
    expect(Object.fromEntries(callback.searchParams)).to.deep.equal({
      error: 'access_denied',
      error_description: 'The resource owner or authorization server denied the request.',
      state: 's',
    });
  });

  it('allows less than was asked for on demand', async () => {
    const url = application.authorizationURL({ scope: 'profile community' });
    const callback = new URL(await emulator.authorize(url, { scope: ['profile'] }));
    const tokens = await readTokens(await application.redeem(callback.searchParams.get('code') ?? ''));
    expect(tokens.scope).to.equal('profile');
  });

  it('works without HTTP: no request is remembered', async () => {
    emulator.clearRequests();
    await emulator.authorize(application.authorizationURL());
    expect(emulator.requests).to.deep.equal([]);
  });

  it('insists on the query of a redirect URI that was registered with one, in any order', async () => {
    await using other = await new MetafyEmulator({
      applications: [{ clientID: 'a', clientSecret: 'b', name: 'App', redirectURIs: ['http://localhost/cb?x=1&y=2'] }],
    }).start();
    const demo = new DemoApplication(other);
    const url = (redirect_uri: string) => demo.authorizationURL({ client_id: 'a', redirect_uri });
    expect(await other.authorize(url('http://localhost/cb?y=2&x=1'))).to.include('http://localhost/cb?y=2&x=1&code=');
    expect((await rejectionOf(other.authorize(url('http://localhost/cb?x=1')))).message).to.include('redirect_uri');
  });

  it('does not let a port vary on localhost, which is a name and not an address', async () => {
    const url = application.authorizationURL({ redirect_uri: 'http://localhost:3999/auth/metafy/callback' });
    expect((await rejectionOf(emulator.authorize(url))).message).to.include('redirect_uri');
  });

  it('calls an application with its own URI scheme back', async () => {
    await using other = await new MetafyEmulator({
      applications: [{ clientID: 'a', clientSecret: 'b', name: 'App', redirectURIs: ['com.example:/callback'] }],
    }).start();
    const parameters = { client_id: 'a', redirect_uri: 'com.example:/callback' };
    const callback = await other.authorize(new DemoApplication(other).authorizationURL(parameters));
    expect(callback).to.match(/^com\.example:\/callback\?code=[\w-]{43}$/);
  });

  it('rejects an option it does not have, such as a misspelled one', async () => {
    const options = { usr: 'ada-coach' } as object;
    const error = await rejectionOf(emulator.authorize(application.authorizationURL(), options));
    expect(error.message).to.include('usr is not an option of authorize()');
  });

  const wrong: [title: string, parameters: Record<string, string | undefined>, message: string][] = [
    ['a missing client_id', { client_id: undefined }, 'client_id is missing'],
    ['an unknown client_id', { client_id: 'x' }, 'No application has the client_id “x”'],
    ['a missing redirect_uri', { redirect_uri: undefined }, 'redirect_uri is missing'],
    ['another redirect_uri', { redirect_uri: 'http://x/y' }, '“http://x/y” is not a redirect_uri of Demo application'],
    ['a redirect_uri that is none', { redirect_uri: 'x' }, '“x” is not a redirect_uri'],
    ['a missing response_type', { response_type: undefined }, 'response_type is missing'],
    ['another response_type', { response_type: 'token' }, 'response_type must be “code”, not “token”'],
    ['an unknown scope', { scope: 'profile x' }, 'may not ask for the scope “x”'],
    ['scopes joined by a plus', { scope: 'profile+community' }, 'separated by a space'],
    ['a challenge without a method', { code_challenge: 'x' }, 'code_challenge_method must be'],
    ['a broken parameter', { state: '\0' }, 'NUL byte'],
    ['form_post', { response_mode: 'form_post' }, 'not emulated'],
  ];
  for (const [title, parameters, message] of wrong) {
    it(`rejects and says so with ${title}`, async () => {
      const error = await rejectionOf(emulator.authorize(application.authorizationURL(parameters)));
      expect(error.message).to.include(message);
    });
  }

  it('rejects a URL that leads elsewhere, and says where to', async () => {
    const error = await rejectionOf(emulator.authorize('https://metafy.gg/auth/authorize?client_id=x'));
    expect(error.message).to.include(`https://metafy.gg/auth/authorize instead of ${emulator.url}`);
  });

  it('rejects an unknown user', async () => {
    const error = await rejectionOf(emulator.authorize(application.authorizationURL(), { user: 'nobody' }));
    expect(error.message).to.include('no user with the slug or id “nobody”');
  });

  it('rejects allowing what was not asked for', async () => {
    const error = await rejectionOf(emulator.authorize(application.authorizationURL(), { scope: ['products'] }));
    expect(error.message).to.include('does not ask for the scope “products”');
  });

  it('rejects before the emulator runs', async () => {
    const error = await rejectionOf(new MetafyEmulator().authorize('http://127.0.0.1/auth/authorize'));
    expect(error.message).to.include('before start()');
  });

  async function signedInUser(user?: string): Promise<unknown> {
    const { access_token } = await application.signIn('profile', user);
    const me = await readObject(await application.fetchMe(access_token));
    return Object(me.user).slug;
  }
});
