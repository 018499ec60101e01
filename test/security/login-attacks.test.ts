import { expect } from 'chai';
import { MetafyStrategy } from '../../src';
import { useSignIns } from '../end-to-end/support/sign-ins';
import { strategyOptions } from '../support/client-options';
import { CookieBrowser, type Page } from '../support/cookie-browser';
import { frontEnds, type SignInSite } from '../support/front-ends';
import { readUserName, startLogin } from '../support/sign-in-app';
import { changeQuery, readParameter } from './support/callback-urls';

// Ada is the victim, Grace the attacker.
const asVictim = { user: 'ada-coach' };
const asAttacker = { user: 'grace-student' };
/** What the application answers when Metafy refuses the code. */
const codeRefused = 403;

for (const frontEnd of frontEnds) {
  describe(`attacks on a sign-in with ${frontEnd.name}`, () => {
    const context = useSignIns();
    let app: SignInSite;
    let victim: CookieBrowser;
    let attacker: CookieBrowser;

    before(async () => {
      app = await context.startSite(frontEnd);
    });
    after(() => app[Symbol.asyncDispose]());
    beforeEach(() => {
      victim = new CookieBrowser();
      attacker = new CookieBrowser();
    });

    /** Up to the URL that Metafy sends the browser back to. */
    const startAsVictim = () => startLogin(victim, app, context.emulator, asVictim);
    const startAsAttacker = () => startLogin(attacker, app, context.emulator, asAttacker);
    const listCookies = (browser: CookieBrowser) => browser.jar.getCookieString(app.url);

    async function expectSignedIn(page: Page, browser: CookieBrowser, { user }: { user: string }) {
      expect(page.status).to.equal(200);
      expect(await readUserName(browser, app)).to.equal(user);
    }
    async function expectNobody(page: Page, browser: CookieBrowser, status: number, exchanges: number[]) {
      expect(page.status).to.equal(status);
      expect(await readUserName(browser, app)).to.equal(undefined);
      expect(listExchanges()).to.deep.equal(exchanges);
    }
    /** What Metafy answered to each code. */
    const listExchanges = () =>
      context.emulator.requests.filter(({ path }) => path === '/irk/oauth/token').map(({ status }) => status);

    describe('login CSRF (RFC 9700, section 4.7; RFC 6819, section 4.4.1.8)', () => {
      it('does not sign the victim in as the attacker whose callback they open', async () => {
        await expectNobody(await victim.get(await startAsAttacker()), victim, 403, []);
      });

      it('does not use the sign-in that the victim has pending', async () => {
        const pending = await startAsVictim();
        const callback = await startAsAttacker();
        for (const state of [undefined, '', readParameter(callback, 'state')]) {
          await expectNobody(await victim.get(changeQuery(callback, { state })), victim, 403, []);
        }
        await expectSignedIn(await victim.get(pending), victim, asVictim);
      });

      it('shows the victim no word of the attacker, who puts an error into the link', async () => {
        const query = '?error=access_denied&error_description=Call%20%2B1%20555';
        const page = await victim.get(app.callbackURL + query);
        expect(page.status).to.equal(403);
        expect(page.body).not.to.include('555');
      });
    });

    describe('code injection (RFC 9700, section 4.5; RFC 6819, section 4.4.1.13)', () => {
      const inject = async (code: string) => attacker.get(changeQuery(await startAsAttacker(), { code }));
      const steal = async () => readParameter(await startAsVictim(), 'code');

      it('does not sign the attacker in with the victim’s code in a sign-in of their own', async () => {
        await expectNobody(await inject(await steal()), attacker, codeRefused, [400]);
      });

      it('does not sign the attacker in with a code that leaked after its use, through `Referer` or a log', async () => {
        const callback = await startAsVictim();
        await victim.get(callback);
        const page = await inject(readParameter(callback, 'code'));
        await expectNobody(page, attacker, codeRefused, [200, 400]);
      });
    });

    describe('PKCE downgrade (RFC 9700, section 4.8)', () => {
      const removed = { code_challenge: undefined, code_challenge_method: undefined };
      const downgrade = async (changes: Record<string, string | undefined>) => {
        const { location } = await attacker.get(app.startURL);
        return attacker.get(await context.emulator.authorize(changeQuery(location, changes), asVictim));
      };

      it('does not finish a sign-in whose challenge was removed from the authorization URL', async () => {
        await expectNobody(await downgrade(removed), attacker, codeRefused, [400]);
      });

      it('does not finish a sign-in whose challenge was replaced', async () => {
        await expectNobody(await downgrade({ code_challenge: 'A'.repeat(43) }), attacker, codeRefused, [400]);
      });

      it('sends the verifier whatever came back, so that the server can tell', async () => {
        await downgrade(removed);
        expect(context.emulator.requests.at(-1)?.body).to.have.property('code_verifier');
      });
    });

    describe('state replay (RFC 9700, section 4.7.1; RFC 6819, section 5.3.5)', () => {
      let callback: string;
      /** The victim's cookie, copied while the sign-in is pending. */
      let Cookie: string;
      beforeEach(async () => {
        callback = await startAsVictim();
        Cookie = await listCookies(victim);
      });

      it('does not finish a sign-in twice: its cookie is gone from the browser', async () => {
        await expectSignedIn(await victim.get(callback), victim, asVictim);
        expect((await victim.get(callback)).status).to.equal(403);
        expect(listExchanges()).to.deep.equal([200]);
      });

      it('does not sign in with a copy of the used cookie and a fresh code of another sign-in', async () => {
        await victim.get(callback);
        const code = readParameter(await startAsAttacker(), 'code');
        const page = await attacker.get(changeQuery(callback, { code }), { Cookie });
        await expectNobody(page, attacker, codeRefused, [200, 400]);
      });

      it('does not sign in with a copy of the used cookie and the used code, which Metafy refuses', async () => {
        await victim.get(callback);
        await expectNobody(await attacker.get(callback, { Cookie }), attacker, codeRefused, [200, 400]);
      });

      it('with a stolen cookie and a stolen code that nobody has used signs the thief in: not defended', async () => {
        await expectSignedIn(await attacker.get(callback, { Cookie }), attacker, asVictim);
      });
    });

    describe('cookie swapping between two users (RFC 9700, section 4.7)', () => {
      let callback: string;
      let cookies: string[][];
      beforeEach(async () => {
        callback = await startAsVictim();
        await startAsAttacker();
        cookies = [await listCookies(victim), await listCookies(attacker)].map((pair) => pair.split('='));
      });

      it('does not open the sign-in of one user with the cookie of another', async () => {
        const Cookie = cookies[1]?.join('=');
        await expectNobody(await victim.get(callback, { Cookie }), victim, 403, []);
      });

      it('does not open a cookie that was moved under the name of another sign-in', async () => {
        const Cookie = `${cookies[0]?.[0]}=${cookies[1]?.[1]}`;
        await expectNobody(await victim.get(callback, { Cookie }), victim, 403, []);
      });

      it('finishes the sign-in when nothing is swapped', async () => {
        await expectSignedIn(await victim.get(callback), victim, asVictim);
      });
    });
  });
}

describe('what stops attacks on a sign-in', () => {
  const context = useSignIns();
  let victim: CookieBrowser;
  let attacker: CookieBrowser;
  beforeEach(() => {
    victim = new CookieBrowser();
    attacker = new CookieBrowser();
  });

  it('is the state, against login CSRF: with `store: false` it succeeds', async () => {
    await using open = await context.startApp({ strategy: { store: false } });
    expect((await victim.get(await startLogin(attacker, open, context.emulator, asAttacker))).status).to.equal(200);
    expect(await readUserName(victim, open)).to.equal('grace-student');
  });

  it('is the verifier, against code injection: with `pkce: false` it succeeds', async () => {
    await using open = await context.startApp({ strategy: { pkce: false } });
    const code = readParameter(await startLogin(victim, open, context.emulator, asVictim), 'code');
    await attacker.get(changeQuery(await startLogin(attacker, open, context.emulator, asAttacker), { code }));
    expect(await readUserName(attacker, open)).to.equal('ada-coach');
  });

  it('is PKCE with S256: `plain` is rejected when the strategy is made', () => {
    const options = { ...strategyOptions, pkce: 'plain' as 'S256' };
    expect(() => new MetafyStrategy(options, () => false)).to.throw(TypeError, /`pkce`/);
  });
});
