import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { CookieBrowser } from '../support/cookie-browser';
import { forkSignInSite } from '../support/fork-sign-in-site';
import { frontEnds, type SignInSite } from '../support/front-ends';
import { callbackPath, readUserName, signIn } from '../support/sign-in-app';
import { useSignIns } from './support/sign-ins';

const tenMinutesMs = 600_000;

for (const frontEnd of frontEnds) {
  describe(`the state of a pending sign-in of ${frontEnd.name}`, () => {
    const context = useSignIns();
    let app: SignInSite;
    const open = async (url: string, browser = context.browser, headers = {}): Promise<number> =>
      (await browser.get(url, headers)).status;

    before(async () => {
      app = await context.startSite(frontEnd);
    });
    after(() => app[Symbol.asyncDispose]());

    for (const order of ['first', 'second'] as const) {
      it(`lets two tabs finish, the ${order} one first`, async () => {
        const first = await context.startLogin(app, { user: 'ada-coach' });
        const second = await context.startLogin(app, { user: 'grace-student' });
        const [earlier, later] = order === 'first' ? [first, second] : [second, first];
        expect(await open(earlier)).to.equal(200);
        expect(await open(later)).to.equal(200);
        expect(await context.readUserName(app)).to.equal(order === 'first' ? 'grace-student' : 'ada-coach');
      });
    }

    it('belongs to one of many people who sign in at once, and gives each their own profile', async () => {
      const people = ['ada-coach', 'grace-student', 'linus-partner'];
      const users = Array.from({ length: 30 }, (_, index) => people[index % people.length] as string);
      const names = await Promise.all(
        users.map(async (user) => {
          const browser = new CookieBrowser();
          await signIn(browser, app, context.emulator, { user });
          return readUserName(browser, app);
        }),
      );
      expect(names).to.deep.equal(users);
    });

    it('is used once: a callback that is opened again is refused, and the person stays signed in', async () => {
      const callback = await context.startLogin(app);
      expect(await open(callback)).to.equal(200);
      expect(await open(callback)).to.equal(403);
      expect(await context.readUserName(app)).to.equal('ada-coach');
      expect(context.emulator.requests.filter(({ path }) => path === '/irk/oauth/token')).to.have.length(1);
    });

    it('signs in once when its callback is opened twice at the same moment', async () => {
      const callback = await context.startLogin(app);
      const statuses = await Promise.all([open(callback), open(callback)]);
      // Both had the cookie; Metafy takes the code once.
      expect(statuses.sort()).to.deep.equal([200, 403]);
      expect(await context.readUserName(app)).to.equal('ada-coach');
    });

    it('is not used up by a wrong `state` that comes before the right one', async () => {
      const callback = await context.startLogin(app);
      const wrong = new URL(callback);
      wrong.searchParams.set('state', 'A'.repeat(22));
      for (const url of [wrong.href, `${app.callbackURL}?code=c`]) expect(await open(url)).to.equal(403);
      expect(await open(callback)).to.equal(200);
    });

    for (const headers of [{ 'Sec-Purpose': 'prefetch;prerender' }, { Purpose: 'prefetch' }, { 'X-Moz': 'prefetch' }]) {
      it(`is not used up by a browser that prefetches with ${JSON.stringify(headers)}`, async () => {
        const callback = await context.startLogin(app);
        const page = await context.browser.get(callback, headers);
        expect([page.status, page.headers['cache-control']]).to.deep.equal([400, 'no-store']);
        expect(context.emulator.requests).to.have.length(0);
        expect(await open(callback)).to.equal(200);
      });
    }

    it('is not used up, and the sign-in not finished, by another client, callback URL or secret', async () => {
      const secret = 'shared by several applications of one company';
      await using ours = await context.startSite(frontEnd, { secret });
      const { callbackURL } = ours;
      const callback = await context.startLogin(ours);
      for (const other of [
        { secret, callbackURL, clientID: 'another' },
        { secret, callbackURL, finish: { callbackURL: `${ours.url}/other/callback` } },
        { callbackURL },
      ]) {
        await using theirs = await context.startSite(frontEnd, other);
        expect(await open(theirs.callbackURL + new URL(callback).search), JSON.stringify(other)).to.equal(403);
      }
      expect(context.emulator.requests).to.have.length(0);
      expect(await open(callback)).to.equal(200);
    });

    it('is known to another process that knows the client secret', async () => {
      // What both stand behind; the browser's requests reach one and the other.
      const options = { baseURL: context.emulator.url, callbackURL: `http://127.0.0.1${callbackPath}` };
      await using first = await context.startSite(frontEnd, options);
      await using second = await forkSignInSite(frontEnd, options);
      const callback = await context.startLogin(first);
      expect(await open(second.callbackURL + new URL(callback).search)).to.equal(200);
    });

    it('is known to the other front end', async () => {
      const callbackURL = `http://127.0.0.1${callbackPath}`;
      for (const other of frontEnds.filter(({ name }) => name !== frontEnd.name)) {
        await using first = await context.startSite(frontEnd, { callbackURL });
        await using second = await context.startSite(other, { callbackURL });
        const callback = await context.startLogin(first);
        expect(await open(second.callbackURL + new URL(callback).search)).to.equal(200);
      }
    });

    it('lasts for 10 minutes, after which a person is told, also when the browser still sends the cookie', async () => {
      const clock = install({ toFake: ['Date'], now: Date.now() });
      try {
        const callbacks = [await context.startLogin(app), await context.startLogin(app)] as const;
        const Cookie = await context.browser.jar.getCookieString(app.url);
        clock.tick(tenMinutesMs - 1000);
        expect(await open(callbacks[0], new CookieBrowser(), { Cookie })).to.equal(200);
        clock.tick(2000);
        expect(await context.browser.jar.getCookieString(app.url)).not.to.include('metafy-login');
        const page = await context.browser.get(callbacks[1], { Cookie });
        expect(JSON.parse(page.body).error).to.include({ code: 'expired_state' });
        expect(JSON.parse(page.body).error.message).to.match(/too long/);
      } finally {
        clock.uninstall();
      }
    });
  });
}
