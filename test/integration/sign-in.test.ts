import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import {
  callbackPath,
  readUserName,
  shop,
  signIn,
  startEmulator,
  startLogin,
  startSignInApp,
} from '../support/sign-in-app';

describe('a sign-in with Express 5 and Passport 0.7', () => {
  let emulator: MetafyEmulator;
  let browser: CookieBrowser;
  const strategy = () => ({ baseURL: emulator.url });

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());
  beforeEach(() => {
    browser = new CookieBrowser();
    emulator.clearRequests();
  });

  it('ends with the user in the request and in the session', async () => {
    await using app = await startSignInApp({ strategy: strategy() });
    const page = await signIn(browser, app, emulator, { user: 'grace-student' });
    expect(page.status).to.equal(200);
    expect(JSON.parse(page.body).user).to.include({ provider: 'metafy', username: 'grace-student' });
    expect(await readUserName(browser, app)).to.equal('grace-student');
  });

  it('works without a session', async () => {
    await using app = await startSignInApp({
      strategy: strategy(),
      hasSession: false,
      finish: { session: false },
    });
    const page = await signIn(browser, app, emulator);
    expect(JSON.parse(page.body).user.username).to.equal('ada-coach');
  });

  it('leaves no cookie of its own behind', async () => {
    await using app = await startSignInApp({
      strategy: strategy(),
      hasSession: false,
      finish: { session: false },
    });
    await browser.get(app.startURL);
    expect(await browser.cookies(app.url)).to.have.length(1);
    await signIn(browser, app, emulator);
    await signIn(browser, app, emulator);
    expect(await browser.cookies(app.url), 'only the one of the login that is still pending').to.have.length(
      1,
    );
  });

  it('proves to the token endpoint, with PKCE, that it started the login', async () => {
    await using app = await startSignInApp({ strategy: strategy() });
    const { location } = await browser.get(app.startURL);
    expect(new URL(location).searchParams.get('code_challenge_method')).to.equal('S256');
    const callback = await emulator.authorize(location);
    await browser.get(callback);
    const exchange = emulator.requests.find(({ path }) => path === '/irk/oauth/token');
    expect(exchange?.body).to.have.property('code_verifier');
    expect(exchange).to.include({ status: 200 });
  });

  it('signs nobody in when the person denies, and says so', async () => {
    await using app = await startSignInApp({ strategy: strategy() });
    const page = await signIn(browser, app, emulator, { deny: true });
    expect(page.status).to.equal(401);
    expect(await readUserName(browser, app)).to.equal(undefined);
    expect(emulator.requests).to.have.length(0);
  });

  it('goes to failureRedirect when the person denies, with the reason in failureMessage', async () => {
    await using app = await startSignInApp({
      strategy: strategy(),
      finish: { failureRedirect: '/login', failureMessage: true },
    });
    app.app.get('/login', (req, res) => {
      res.json((req.session as unknown as { messages: string[] }).messages);
    });
    const page = await signIn(browser, app, emulator, { deny: true });
    expect(page.location).to.equal(`${app.url}/login`);
    const { body } = await browser.get(page.location);
    expect(JSON.parse(body)).to.deep.equal([
      'The resource owner or authorization server denied the request.',
    ]);
  });

  it('can be tried again after a denial', async () => {
    await using app = await startSignInApp({ strategy: strategy() });
    await signIn(browser, app, emulator, { deny: true });
    await signIn(browser, app, emulator);
    expect(await readUserName(browser, app)).to.equal('ada-coach');
  });

  for (const state of [{ returnTo: '/coaches?page=2', deep: { list: [1, null] } }, 'return to “/cafés”']) {
    it(`brings the application's state back when it is ${typeof state === 'string' ? 'a string' : 'an object'}`, async () => {
      await using app = await startSignInApp({ strategy: strategy(), start: { state } });
      const { location } = await browser.get(app.startURL);
      expect(decodeURIComponent(location)).not.to.include('caf').and.not.to.include('coaches');
      const { body } = await browser.get(await emulator.authorize(location));
      expect(JSON.parse(body).authInfo.state).to.deep.equal(state);
    });
  }

  it('asks for the scope given for this login', async () => {
    await using app = await startSignInApp({
      strategy: { ...strategy(), scope: 'profile' },
      start: { scope: ['profile', 'community'] },
      verify: ({ tokens }: { tokens: { scope: string[] } }) => ({ scope: tokens.scope }),
    });
    const { location } = await browser.get(app.startURL);
    expect(location).to.include('scope=profile%20community');
    const { body } = await browser.get(await emulator.authorize(location));
    expect(JSON.parse(body).user.scope).to.deep.equal(['profile', 'community']);
  });

  it('comes back to the callback URL given for this login', async () => {
    await using app = await startSignInApp({ strategy: strategy() });
    const callbackURL = `${app.url}/other/callback`;
    app.app.get('/other', app.passport.authenticate('metafy', { callbackURL }));
    app.app.get('/other/callback', app.passport.authenticate('metafy', { callbackURL }), (_req, res) => {
      res.end('the other one');
    });
    const callback = await startLogin(browser, { startURL: `${app.url}/other` }, emulator);
    expect(callback.startsWith(`${callbackURL}?`)).to.equal(true);
    expect((await browser.get(callback)).body).to.equal('the other one');
  });

  it('resolves a relative callback URL against the host the browser asked for', async () => {
    await using app = await startSignInApp({ strategy: { ...strategy(), callbackURL: callbackPath } });
    const { location } = await browser.get(app.startURL);
    expect(new URL(location).searchParams.get('redirect_uri')).to.equal(app.callbackURL);
    await browser.get(await emulator.authorize(location));
    expect(await readUserName(browser, app)).to.equal('ada-coach');
  });

  it('answers 400 to a request whose Host is none, when the callback URL is relative', async () => {
    await using app = await startSignInApp({
      strategy: { ...strategy(), callbackURL: '/auth/metafy/callback' },
    });
    expect((await browser.get(app.startURL, { Host: 'a b' })).status).to.equal(400);
  });

  it('connects an account to the person who is signed in already, with passport.authorize', async () => {
    await using app = await startSignInApp({ strategy: strategy() });
    const callbackURL = `${app.url}/other/callback`;
    app.app.get('/other', app.passport.authorize('metafy', { callbackURL }));
    app.app.get('/other/callback', app.passport.authorize('metafy', { callbackURL }), (req, res) => {
      res.json((req as { account?: object }).account);
    });
    await signIn(browser, app, emulator, { user: 'ada-coach' });
    const { body } = await signIn(browser, { startURL: `${app.url}/other` }, emulator, {
      user: 'grace-student',
    });
    expect(JSON.parse(body).username).to.equal('grace-student');
    expect(await readUserName(browser, app)).to.equal('ada-coach');
  });

  it('signs in without the profile when skipUserProfile says so', async () => {
    await using app = await startSignInApp({
      strategy: { ...strategy(), skipUserProfile: true },
      verify: ({ profile, tokens }: { profile?: object; tokens: { tokenType: string } }) => ({
        hasProfile: profile !== undefined,
        tokenType: tokens.tokenType,
      }),
    });
    const { body } = await signIn(browser, app, emulator);
    expect(JSON.parse(body).user).to.deep.equal({ hasProfile: false, tokenType: 'Bearer' });
    expect(emulator.requests.map(({ path }) => path)).to.deep.equal(['/irk/oauth/token']);
  });

  it('gives the profile of exactly the person who signed in, with many at once', async () => {
    await using app = await startSignInApp({ strategy: strategy() });
    const slugs = Array.from(
      { length: 30 },
      (_, i) => ['ada-coach', 'grace-student', 'linus-partner'][i % 3],
    );
    const names = await Promise.all(
      slugs.map(async (user) => {
        const own = new CookieBrowser();
        await signIn(own, app, emulator, { user });
        return readUserName(own, app);
      }),
    );
    expect(names).to.deep.equal(slugs);
  });

  it('does not mix up people when the strategy itself is passed to authenticate', async () => {
    await using app = await startSignInApp({ strategy: strategy() });
    const { passport, strategy: instance } = app;
    const callbackURL = `${app.url}/other/callback`;
    app.app.get('/other', passport.authenticate(instance, { callbackURL } as object));
    app.app.get(
      '/other/callback',
      passport.authenticate(instance, { callbackURL } as object),
      (_req, res) => {
        res.end();
      },
    );
    const slugs = ['ada-coach', 'grace-student', 'linus-partner'];
    const names = await Promise.all(
      slugs.map(async (user) => {
        const own = new CookieBrowser();
        await signIn(own, { startURL: `${app.url}/other` }, emulator, { user });
        return readUserName(own, app);
      }),
    );
    expect(names).to.deep.equal(slugs);
  });

  it('keeps two applications with strategies of their own apart in one browser', async () => {
    const application = {
      ...shop,
      clientID: 'other',
      name: 'Other',
      redirectURIs: [`http://127.0.0.1${callbackPath}`],
    };
    await using otherEmulator = await new MetafyEmulator({ applications: [application] }).start();
    await using first = await startSignInApp({ strategy: strategy() });
    await using second = await startSignInApp({
      strategy: { baseURL: otherEmulator.url, clientID: 'other' },
    });
    const callback = await startLogin(browser, first, emulator);
    const otherCallback = await startLogin(browser, second, otherEmulator);
    expect((await browser.get(otherCallback)).status).to.equal(200);
    expect((await browser.get(callback)).status).to.equal(200);
  });
});
