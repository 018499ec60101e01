import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { CookieStateStore } from '../../src';
import { CookieBrowser } from '../support/cookie-browser';
import { forkSignInApp } from '../support/fork-sign-in-app';
import type { SignInApp } from '../support/sign-in-app';
import { useSignIns } from './support/sign-ins';

const tenMinutesMs = 600_000;

describe('the state of a pending sign-in', () => {
  const context = useSignIns();
  let app: SignInApp;
  const open = async (url: string, browser = context.browser, headers = {}): Promise<number> =>
    (await browser.get(url, headers)).status;
  const readSessionID = async () =>
    (await context.browser.cookies(app.url)).find(({ key }) => key === 'connect.sid')?.value;

  before(async () => {
    app = await context.startApp();
  });
  after(() => app[Symbol.asyncDispose]());

  for (const order of ['first', 'second'] as const) {
    it(`lets two tabs finish, the ${order} one first, although Passport makes a new session in between`, async () => {
      const first = await context.startLogin(app, { user: 'ada-coach' });
      const second = await context.startLogin(app, { user: 'grace-student' });
      const [earlier, later] = order === 'first' ? [first, second] : [second, first];
      expect(await open(earlier)).to.equal(200);
      const sessionID = await readSessionID();
      expect(await open(later)).to.equal(200);
      expect(await readSessionID()).not.to.equal(sessionID);
      expect(await context.readUserName(app)).to.equal(order === 'first' ? 'grace-student' : 'ada-coach');
    });
  }

  it('is used once: a callback that is opened again is refused, and the person stays signed in', async () => {
    const callback = await context.startLogin(app);
    expect(await open(callback)).to.equal(200);
    expect(await open(callback)).to.equal(403);
    expect(await context.readUserName(app)).to.equal('ada-coach');
    expect(context.emulator.requests.filter(({ path }) => path === '/irk/oauth/token')).to.have.length(1);
  });

  it('signs in once when its callback is opened twice at the same moment, and leads the second to failureRedirect', async () => {
    await using app = await context.startApp({ finish: { failureRedirect: '/login' } });
    const callback = await context.startLogin(app);
    const pages = await Promise.all([context.browser.get(callback), context.browser.get(callback)]);
    // Both had the cookie; Metafy takes the code once.
    expect(pages.map(({ status }) => status).sort()).to.deep.equal([200, 302]);
    expect(pages.map(({ location }) => location)).to.include(`${app.url}/login`);
    expect(context.emulator.requests.filter(({ path }) => path === '/irk/oauth/token')).to.have.length(2);
    expect(await context.readUserName(app)).to.equal('ada-coach');
  });

  it('is not used up by a wrong `state` that comes before the right one', async () => {
    const callback = await context.startLogin(app);
    const wrong = new URL(callback);
    wrong.searchParams.set('state', 'A'.repeat(22));
    for (const url of [wrong.href, `${app.callbackURL}?code=c`]) expect(await open(url)).to.equal(403);
    expect(await open(callback)).to.equal(200);
  });

  it('is not used up, and the sign-in not finished, by another client, callback URL or secret', async () => {
    const strategy = {
      store: new CookieStateStore({ secret: 'shared by several applications of one company' }),
    };
    await using ours = await context.startApp({ strategy });
    const { callbackURL } = ours;
    const callback = await context.startLogin(ours);
    for (const other of [
      { strategy: { ...strategy, callbackURL, clientID: 'another' } },
      { strategy, finish: { callbackURL: `${ours.url}/other/callback` } },
      { strategy: { callbackURL } },
    ]) {
      await using theirs = await context.startApp(other);
      expect(await open(theirs.callbackURL + new URL(callback).search), JSON.stringify(other)).to.equal(403);
    }
    expect(context.emulator.requests).to.have.length(0);
    expect(await open(callback)).to.equal(200);
  });

  it('is known to another process that knows the client secret', async () => {
    // What both stand behind; the browser's requests reach one and the other.
    const strategy = { baseURL: context.emulator.url, callbackURL: 'http://127.0.0.1/auth/metafy/callback' };
    await using first = await context.startApp({ strategy });
    await using second = await forkSignInApp(strategy);
    const callback = await context.startLogin(first);
    expect(await open(second.callbackURL + new URL(callback).search)).to.equal(200);
  });

  it('lasts for 10 minutes, after which a person is told, also when the browser still sends the cookie', async () => {
    const clock = install({ toFake: ['Date'], now: Date.now() });
    try {
      const finish = { failureMessage: true, failureRedirect: '/login' };
      await using explaining = await context.startApp({ finish });
      explaining.app.get('/login', (req, res) => {
        res.json((req.session as unknown as { messages: string[] }).messages);
      });
      const callbacks = [await context.startLogin(explaining), await context.startLogin(explaining)] as const;
      const Cookie = await context.browser.jar.getCookieString(explaining.url);
      clock.tick(tenMinutesMs - 1000);
      expect(await open(callbacks[0], new CookieBrowser(), { Cookie })).to.equal(200);
      clock.tick(2000);
      expect(await context.browser.jar.getCookieString(explaining.url)).not.to.include('metafy-login');
      const { location } = await context.browser.get(callbacks[1], { Cookie });
      expect((await context.browser.get(location)).body).to.match(/too long/);
    } finally {
      clock.uninstall();
    }
  });
});
