import { expect } from 'chai';
import { CookieBrowser } from '../support/cookie-browser';
import { forkSignInSite } from '../support/fork-sign-in-site';
import { frontEnds, type SignInSite } from '../support/front-ends';
import { callbackPath, readUserName, signIn } from '../support/sign-in-app';
import { useSignIns } from './support/sign-ins';

// To what it is bound, and for how long, is tested in ../authorization/login-cookie.test.ts.
for (const frontEnd of frontEnds) {
  describe(`the state of a pending sign-in of ${frontEnd.name}`, () => {
    const context = useSignIns();
    let app: SignInSite;
    const open = async (url: string): Promise<number> => (await context.browser.get(url)).status;

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

    it('signs in once when its callback is opened twice at the same moment', async () => {
      const callback = await context.startLogin(app);
      const statuses = await Promise.all([open(callback), open(callback)]);
      // Both had the cookie; Metafy takes the code once.
      expect(statuses.sort()).to.deep.equal([200, 403]);
      expect(await context.readUserName(app)).to.equal('ada-coach');
    });

    it('is not used up by a browser that prefetches the callback', async () => {
      const callback = await context.startLogin(app);
      const page = await context.browser.get(callback, { 'Sec-Purpose': 'prefetch;prerender' });
      expect([page.status, page.headers['cache-control']]).to.deep.equal([400, 'no-store']);
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
  });
}
