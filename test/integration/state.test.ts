import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { CookieStateStore } from '../../src';
import type { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { forkSignInApp } from '../support/fork-sign-in-app';
import {
  readUserName,
  type SignInApp,
  shop,
  startEmulator,
  startLogin,
  startSignInApp,
} from '../support/sign-in-app';

const minutes = 60_000;

describe('the state of a pending sign-in', () => {
  let emulator: MetafyEmulator;
  let browser: CookieBrowser;
  let app: SignInApp;
  const countExchanges = () => emulator.requests.filter(({ path }) => path === '/irk/oauth/token').length;

  before(async () => {
    emulator = await startEmulator();
    app = await startSignInApp({ strategy: { baseURL: emulator.url } });
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await emulator.stop();
  });
  beforeEach(() => {
    browser = new CookieBrowser();
    emulator.clearRequests();
  });

  for (const order of ['first', 'second'] as const) {
    it(`lets two tabs finish, the ${order} one first, although Passport makes a new session in between`, async () => {
      const first = await startLogin(browser, app, emulator, { user: 'ada-coach' });
      const second = await startLogin(browser, app, emulator, { user: 'grace-student' });
      const [earlier, later] = order === 'first' ? [first, second] : [second, first];

      expect((await browser.get(earlier)).status).to.equal(200);
      const sessionID = await readSessionID();
      expect((await browser.get(later)).status).to.equal(200);
      expect(await readSessionID()).not.to.equal(sessionID);
      expect(await readUserName(browser, app)).to.equal(order === 'first' ? 'grace-student' : 'ada-coach');
    });
  }

  it('is used once: a callback that is opened again is refused, and the person stays signed in', async () => {
    const callback = await startLogin(browser, app, emulator);
    expect((await browser.get(callback)).status).to.equal(200);
    expect((await browser.get(callback)).status).to.equal(403);
    expect(await readUserName(browser, app)).to.equal('ada-coach');
    expect(countExchanges()).to.equal(1);
  });

  it('signs in once when its callback is opened twice at the same moment', async () => {
    const callback = await startLogin(browser, app, emulator);
    const pages = await Promise.all([browser.get(callback), browser.get(callback)]);
    // Both had the cookie; Metafy takes the code once.
    expect(pages.map(({ status }) => status).sort()).to.deep.equal([200, 502]);
    expect(await readUserName(browser, app)).to.equal('ada-coach');
  });

  it('is not used up by a wrong `state` that comes before the right one', async () => {
    const callback = await startLogin(browser, app, emulator);
    const wrong = new URL(callback);
    wrong.searchParams.set('state', 'A'.repeat(22));
    expect((await browser.get(wrong.href)).status).to.equal(403);
    expect((await browser.get(`${app.callbackURL}?code=c`)).status).to.equal(403);
    expect((await browser.get(callback)).status).to.equal(200);
  });

  it('is of no use in another browser', async () => {
    const callback = await startLogin(browser, app, emulator);
    const other = new CookieBrowser();
    await startLogin(other, app, emulator);
    expect((await other.get(callback)).status).to.equal(403);
    expect(countExchanges()).to.equal(0);
  });

  it('is of no use to another client, even one that seals with the same secret', async () => {
    const store = new CookieStateStore({ secret: 'shared by two applications' });
    await using ours = await startSignInApp({ strategy: { baseURL: emulator.url, store } });
    const { callbackURL } = ours;
    const strategy = { baseURL: emulator.url, store, callbackURL, clientID: 'another' };
    await using theirs = await startSignInApp({ strategy });
    const callback = await startLogin(browser, ours, emulator);
    expect((await browser.get(moveTo(theirs, callback))).status).to.equal(403);
    expect((await browser.get(callback)).status).to.equal(200);
  });

  it('is of no use at another callback URL of the same client', async () => {
    const callbackURL = `${app.url}/other/callback`;
    await using other = await startSignInApp({
      strategy: { baseURL: emulator.url },
      finish: { callbackURL },
    });
    const callback = await startLogin(browser, app, emulator);
    expect((await browser.get(moveTo(other, callback))).status).to.equal(403);
    expect((await browser.get(callback)).status).to.equal(200);
  });

  it('does not open after any change of a single byte of its cookie', async () => {
    const callback = await startLogin(browser, app, emulator);
    const cookie = await browser.jar.getCookieString(app.url);
    const stranger = new CookieBrowser();
    const opened: string[] = [];
    for (let index = 0; index < cookie.length; index++) {
      for (const bit of [1, 2, 32]) {
        const byte = String.fromCharCode(cookie.charCodeAt(index) ^ bit);
        const Cookie = cookie.slice(0, index) + byte + cookie.slice(index + 1);
        if (!/^[\x20-\x7e]$/.test(byte)) continue;
        const { status } = await stranger.get(callback, { Cookie });
        if (status !== 403) opened.push(`${status} with ${Cookie}`);
      }
    }
    expect(opened).to.deep.equal([]);
    expect(countExchanges()).to.equal(0);
    expect((await stranger.get(callback, { Cookie: cookie })).status).to.equal(200);
  });

  it('does not open when something is put before or behind its cookie’s value', async () => {
    const callback = await startLogin(browser, app, emulator);
    const [name, value] = (await browser.jar.getCookieString(app.url)).split('=');
    for (const changed of [`${value}.`, `${value}.x`, `${value}A`, `${value}=`, `.${value}`, `0${value}`]) {
      const { status } = await new CookieBrowser().get(callback, { Cookie: `${name}=${changed}` });
      expect(status, changed).to.equal(403);
    }
  });

  describe('in time', () => {
    let clock: ReturnType<typeof install>;

    beforeEach(() => {
      clock = install({ toFake: ['Date'], now: Date.now() });
    });
    afterEach(() => clock.uninstall());

    it('lasts for 10 minutes', async () => {
      const callback = await startLogin(browser, app, emulator);
      clock.tick(10 * minutes - 1000);
      const Cookie = await browser.jar.getCookieString(app.url);
      expect((await browser.get(callback, { Cookie })).status).to.equal(200);
    });

    it('is gone from the browser a second after 10 minutes', async () => {
      const callback = await startLogin(browser, app, emulator);
      clock.tick(10 * minutes + 1000);
      expect(await browser.cookies(app.url)).to.deep.equal([]);
      expect((await browser.get(callback)).status).to.equal(403);
    });

    it('is refused then also when the browser still sends it', async () => {
      const callback = await startLogin(browser, app, emulator);
      const Cookie = await browser.jar.getCookieString(app.url);
      clock.tick(10 * minutes + 1000);
      expect((await browser.get(callback, { Cookie })).status).to.equal(403);
      expect(countExchanges()).to.equal(0);
    });

    it('tells a person who took too long that they did', async () => {
      await using explaining = await startSignInApp({
        strategy: { baseURL: emulator.url },
        finish: { failureMessage: true, failureRedirect: '/login' },
      });
      explaining.app.get('/login', (req, res) => {
        res.json((req.session as unknown as { messages: string[] }).messages);
      });
      const callback = await startLogin(browser, explaining, emulator);
      clock.tick(10 * minutes + 1000);
      const { location } = await browser.get(callback);
      expect((await browser.get(location)).body).to.match(/too long/);
    });
  });

  describe('on several servers', () => {
    it('survives a restart of the server', async () => {
      const first = await startSignInApp({ strategy: { baseURL: emulator.url } });
      const port = Number(new URL(first.url).port);
      const callback = await startLogin(browser, first, emulator);
      await first[Symbol.asyncDispose]();
      await using second = await startSignInApp({ strategy: { baseURL: emulator.url }, server: { port } });
      expect((await browser.get(callback)).status).to.equal(200);
      expect(await readUserName(browser, second)).to.equal('ada-coach');
    });

    it('is known to another process that knows the client secret', async () => {
      // What both stand behind; the browser's requests reach one and the other.
      const strategy = { baseURL: emulator.url, callbackURL: `http://127.0.0.1/auth/metafy/callback` };
      await using first = await forkSignInApp(strategy);
      await using second = await forkSignInApp(strategy);
      const callback = await startLogin(browser, first, emulator);
      const { status, body } = await browser.get(moveTo(second, callback));
      expect(status).to.equal(200);
      expect(JSON.parse(body).user.username).to.equal('ada-coach');
    });

    it('is unknown to a process with another client secret', async () => {
      const { callbackURL } = app;
      const strategy = { baseURL: emulator.url, callbackURL, clientSecret: `not ${shop.clientSecret}` };
      await using other = await startSignInApp({ strategy });
      const callback = await startLogin(browser, app, emulator);
      expect((await browser.get(moveTo(other, callback))).status).to.equal(403);
    });
  });

  async function readSessionID(): Promise<string | undefined> {
    return (await browser.cookies(app.url)).find(({ key }) => key === 'connect.sid')?.value;
  }
});

/** The same callback, at the server of another application. */
function moveTo({ callbackURL }: Pick<SignInApp, 'callbackURL'>, callback: string): string {
  return callbackURL + new URL(callback).search;
}
