import { expect } from 'chai';
import type { RequestHandler } from 'express';
import type { MetafyAuthenticateOptions } from '../../src';
import { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { callbackPath, readUserName, type SignInApp, shop, signIn, startLogin } from '../support/sign-in-app';
import { useSignIns } from './support/sign-ins';

describe('a sign-in with Express and Passport', () => {
  const context = useSignIns();

  /** Another pair of routes for the same application. */
  function addRoutes(
    app: SignInApp,
    authenticate: (options: MetafyAuthenticateOptions) => RequestHandler,
  ): { startURL: string; callbackURL: string } {
    const callbackURL = `${app.url}/other/callback`;
    app.app.get('/other', authenticate({ callbackURL }));
    app.app.get('/other/callback', authenticate({ callbackURL }), (req, res) => {
      res.json({ user: req.user, account: (req as { account?: object }).account });
    });
    return { startURL: `${app.url}/other`, callbackURL };
  }

  it('ends with the user in the request and in the session', async () => {
    await using app = await context.startApp();
    const page = await context.signIn(app, { user: 'grace-student' });
    expect(page.status).to.equal(200);
    expect(JSON.parse(page.body).user).to.include({ provider: 'metafy', username: 'grace-student' });
    expect(await context.readUserName(app)).to.equal('grace-student');
  });

  it('works without a session, and leaves no cookie behind', async () => {
    await using app = await context.startApp({ hasSession: false, finish: { session: false } });
    const { body } = await context.signIn(app);
    expect(JSON.parse(body).user.username).to.equal('ada-coach');
    expect(await context.browser.cookies(app.url)).to.have.length(0);
  });

  it('goes to failureRedirect when the person denies, with the reason in failureMessage', async () => {
    await using app = await context.startApp({
      finish: { failureRedirect: '/login', failureMessage: true },
    });
    app.app.get('/login', (req, res) => {
      res.json((req.session as unknown as { messages: string[] }).messages);
    });
    const { location } = await context.signIn(app, { deny: true });
    expect(location).to.equal(`${app.url}/login`);
    expect((await context.browser.get(location)).body).to.match(/denied/);
  });

  for (const state of [{ returnTo: '/coaches?page=2', deep: { list: [1, null] } }, 'return to “/cafés”']) {
    it(`brings the application's state back, which Metafy does not see: ${JSON.stringify(state)}`, async () => {
      await using app = await context.startApp({ start: { state } });
      const { location } = await context.browser.get(app.startURL);
      expect(decodeURIComponent(location)).not.to.match(/caf|coaches/);
      const { body } = await context.browser.get(await context.emulator.authorize(location));
      expect(JSON.parse(body).authInfo.state).to.deep.equal(state);
    });
  }

  it('works where Express’s query parser is off', async () => {
    await using app = await context.startApp({ settings: { 'query parser': false } });
    expect((await context.signIn(app)).status).to.equal(200);
    expect(await context.readUserName(app)).to.equal('ada-coach');
  });

  it('is not used up by a prefetch of its callback', async () => {
    await using app = await context.startApp();
    const callback = await context.startLogin(app);
    const prefetched = await context.browser.get(callback, { 'Sec-Purpose': 'prefetch;prerender' });
    expect(prefetched.status).to.equal(400);
    expect(prefetched.headers['cache-control']).to.equal('no-store');
    expect(context.emulator.requests).to.have.length(0);
    expect((await context.browser.get(callback)).status).to.equal(200);
  });

  it('asks for the scope given for this login', async () => {
    await using app = await context.startApp({
      start: { scope: ['profile', 'community'] },
      verify: ({ tokens }: { tokens: { scope: string[] } }) => ({ scope: tokens.scope }),
    });
    const { body } = await context.signIn(app);
    expect(JSON.parse(body).user.scope).to.deep.equal(['profile', 'community']);
  });

  it('comes back to the callback URL given for this login', async () => {
    await using app = await context.startApp();
    const other = addRoutes(app, (options) => app.passport.authenticate('metafy', options));
    const callback = await context.startLogin(other);
    expect(callback.startsWith(`${other.callbackURL}?`)).to.equal(true);
    expect((await context.browser.get(callback)).status).to.equal(200);
  });

  it('answers 400 to a request whose Host is none, when the callback URL is relative', async () => {
    await using app = await context.startApp({ strategy: { callbackURL: callbackPath } });
    expect((await context.browser.get(app.startURL, { Host: 'a b' })).status).to.equal(400);
  });

  it('connects an account to the person who is signed in already, with passport.authorize', async () => {
    await using app = await context.startApp();
    const other = addRoutes(app, (options) => app.passport.authorize('metafy', options));
    await context.signIn(app, { user: 'ada-coach' });
    const { body } = await context.signIn(other, { user: 'grace-student' });
    expect(JSON.parse(body).account.username).to.equal('grace-student');
    expect(await context.readUserName(app)).to.equal('ada-coach');
  });

  for (const [title, isByName] of [
    ['', true],
    [', with the strategy itself passed to authenticate', false],
  ] as const) {
    it(`gives each of many at once their own profile${title}`, async () => {
      await using app = await context.startApp();
      const strategy = (isByName ? 'metafy' : app.strategy) as string;
      const other = addRoutes(app, (options) => app.passport.authenticate(strategy, options));
      const people = ['ada-coach', 'grace-student', 'linus-partner'];
      const users = Array.from({ length: 30 }, (_, index) => people[index % people.length]);
      const names = await Promise.all(
        users.map(async (user) => {
          const browser = new CookieBrowser();
          await signIn(browser, other, context.emulator, { user });
          return readUserName(browser, app);
        }),
      );
      expect(names).to.deep.equal(users);
    });
  }

  it('keeps two applications apart in one browser', async () => {
    const redirectURIs = [`http://127.0.0.1${callbackPath}`];
    const application = { ...shop, clientID: 'other', name: 'Other', redirectURIs };
    await using emulator = await new MetafyEmulator({ applications: [application] }).start();
    await using first = await context.startApp();
    await using second = await context.startApp({ strategy: { baseURL: emulator.url, clientID: 'other' } });
    const callback = await context.startLogin(first);
    const otherCallback = await startLogin(context.browser, second, emulator);
    expect((await context.browser.get(otherCallback)).status).to.equal(200);
    expect((await context.browser.get(callback)).status).to.equal(200);
  });

  // What becomes of every fault is in test/faults; this is the way of an error through Express.
  for (const [endpoint, fault, status, error] of [
    ['token', { status: 401, body: { error: 'invalid_client' } }, 502, { code: 'invalid_client' }],
    ['token', { status: 429, headers: { 'Retry-After': '7' } }, 503, { retryAfterMs: 7000 }],
    ['me', { hang: true }, 504, { code: 'timeout' }],
  ] as const) {
    it(`answers ${status} to ${JSON.stringify(fault)} of the endpoint ${endpoint}, and can be tried again`, async () => {
      // Short for what hangs; everything else answers at once.
      await using app = await context.startApp({ strategy: { timeoutMs: 300 } });
      context.emulator.fail(endpoint, fault);
      const page = await context.signIn(app);
      expect(page.status).to.equal(status);
      expect(JSON.parse(page.body).error).to.include(error);
      expect(await context.readUserName(app)).to.equal(undefined);
      expect((await context.signIn(app)).status).to.equal(200);
    });
  }
});
