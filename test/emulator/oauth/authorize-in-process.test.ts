import { expect } from 'chai';
import { MetafyEmulator } from '../../../src/emulator';
import { caught } from '../../support/caught';
import { DemoApplication, readTokens } from '../support/application';
import { readObject, useEmulator } from '../support/fixtures';

describe('authorize() of the emulator', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);

  it('returns the callback URL with a code and the state, without HTTP', async () => {
    const callback = new URL(await emulator.authorize(application.authorizationURL({ state: 'a b' })));
    expect(callback.origin + callback.pathname).to.equal(application.redirectURI);
    expect(callback.searchParams.get('code')).to.match(/^[\w-]{43}$/);
    expect(callback.searchParams.get('state')).to.equal('a b');
    expect(emulator.requests).to.deep.equal([]);
  });

  it('signs in the first user unless told otherwise, or another by slug or id', async () => {
    for (const [user, slug] of [
      [undefined, 'ada-coach'],
      ['grace-student', 'grace-student'],
      [emulator.users[2]?.id, 'linus-partner'],
    ]) {
      const { access_token } = await application.signIn('profile', user);
      expect((await readObject(await application.fetchMe(access_token))).user).to.include({ slug });
    }
  });

  it('denies, or allows less than was asked for, on demand', async () => {
    const url = application.authorizationURL({ scope: 'profile community', state: 's' });
    const denied = new URL(await emulator.authorize(url, { deny: true }));
    expect(Object.fromEntries(denied.searchParams)).to.include({ error: 'access_denied', state: 's' });
    const allowed = new URL(await emulator.authorize(url, { scope: ['profile'] }));
    const tokens = await readTokens(await application.redeem(allowed.searchParams.get('code') ?? ''));
    expect(tokens.scope).to.equal('profile');
  });

  it('takes a redirect URI with its registered query in any order, or with a scheme of its own', async () => {
    const redirectURIs = ['http://localhost/cb?x=1&y=2', 'com.example:/callback'];
    const applications = [{ clientID: 'a', clientSecret: 'b', name: 'App', redirectURIs }];
    await using other = await new MetafyEmulator({ applications }).start();
    const authorize = (redirect_uri: string) =>
      other.authorize(new DemoApplication(other).authorizationURL({ client_id: 'a', redirect_uri }));
    expect(await authorize('http://localhost/cb?y=2&x=1')).to.include('http://localhost/cb?y=2&x=1&code=');
    expect(await authorize('com.example:/callback')).to.match(/^com\.example:\/callback\?code=[\w-]{43}$/);
    expect((await caught(() => authorize('http://localhost/cb?x=1'))).message).to.include('redirect_uri');
  });

  it('rejects a wrong authorization URL, and says what is wrong with it', async () => {
    const otherPort = 'http://localhost:3999/auth/metafy/callback';
    for (const [parameters, message] of [
      [{ client_id: undefined }, 'client_id is missing'],
      [{ client_id: 'x' }, '“x”'],
      [{ redirect_uri: undefined }, 'redirect_uri is missing'],
      [{ redirect_uri: 'http://x/y' }, '“http://x/y” is not a redirect_uri of Demo application'],
      // It is a name, and no loopback address, whose port would not matter.
      [{ redirect_uri: otherPort }, ':3999'],
      [{ redirect_uri: 'x' }, '“x” is not a redirect_uri'],
      [{ response_type: undefined }, 'response_type is missing'],
      [{ response_type: 'token' }, 'response_type must be “code”'],
      [{ scope: 'profile x' }, 'may not ask for the scope “x”'],
      [{ scope: 'profile+community' }, 'separated by a space'],
      [{ code_challenge: 'x' }, 'code_challenge_method must be'],
      [{ state: '\0' }, 'NUL byte'],
      [{ response_mode: 'form_post' }, 'not emulated'],
    ] as [Record<string, string | undefined>, string][]) {
      const error = await caught(() => emulator.authorize(application.authorizationURL(parameters)));
      expect(error.message).to.include(message);
    }
  });

  it('rejects a decision that cannot be made: another option, an unknown user, a scope that was not asked for', async () => {
    for (const [decision, message] of [
      [{ usr: 'ada-coach' }, 'usr is not an option'],
      [{ user: 'nobody' }, '“nobody”'],
      [{ scope: ['products'] }, '“products”'],
    ] as const) {
      const error = await caught(() => emulator.authorize(application.authorizationURL(), decision as object));
      expect(error.message).to.include(message);
    }
  });

  it('rejects a URL that leads elsewhere, and one that comes before the emulator runs', async () => {
    const elsewhere = await caught(() => emulator.authorize('https://metafy.gg/auth/authorize?client_id=x'));
    expect(elsewhere.message).to.include(`https://metafy.gg/auth/authorize instead of ${emulator.url}`);
    const early = await caught(() => new MetafyEmulator().authorize('http://127.0.0.1/auth/authorize'));
    expect(early.message).to.include('before start()');
  });
});
