import { expect } from 'chai';
import { MetafyStrategy } from '../../src';
import type { MetafyEmulator } from '../../src/emulator';
import { strategyOptions } from '../support/client-options';
import { CookieBrowser } from '../support/cookie-browser';
import {
  readUserName,
  type SignInApp,
  signIn,
  startEmulator,
  startLogin,
  startSignInApp,
} from '../support/sign-in-app';
import { changeQuery, readParameter } from './support/tasks';

// Ada is the victim, Grace the attacker.
const asVictim = { user: 'ada-coach' };
const asAttacker = { user: 'grace-student' };

describe('attacks on a sign-in', () => {
  let emulator: MetafyEmulator;
  let app: SignInApp;
  let victim: CookieBrowser;
  let attacker: CookieBrowser;

  const startApp = (strategy: object = {}) =>
    startSignInApp({ strategy: { baseURL: emulator.url, ...strategy } });
  const listExchanges = () => emulator.requests.filter(({ path }) => path === '/irk/oauth/token');

  before(async () => {
    emulator = await startEmulator();
    app = await startApp();
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await emulator.stop();
  });
  beforeEach(() => {
    victim = new CookieBrowser();
    attacker = new CookieBrowser();
    emulator.clearRequests();
  });

  describe('login CSRF (RFC 9700, section 4.7; RFC 6819, section 4.4.1.8)', () => {
    it('does not sign the victim in as the attacker whose callback they open', async () => {
      const callback = await startLogin(attacker, app, emulator, asAttacker);
      expect((await victim.get(callback)).status).to.equal(403);
      expect(await readUserName(victim, app)).to.equal(undefined);
      expect(listExchanges()).to.deep.equal([]);
    });

    it('does not change who a victim is that is signed in already', async () => {
      await signIn(victim, app, emulator, asVictim);
      const callback = await startLogin(attacker, app, emulator, asAttacker);
      expect((await victim.get(callback)).status).to.equal(403);
      expect(await readUserName(victim, app)).to.equal('ada-coach');
    });

    it('does not help itself to the sign-in that the victim has pending', async () => {
      const pending = await startLogin(victim, app, emulator, asVictim);
      const callback = await startLogin(attacker, app, emulator, asAttacker);
      for (const state of [undefined, '', readParameter(callback, 'state')]) {
        expect((await victim.get(changeQuery(callback, { state }))).status).to.equal(403);
      }
      expect(listExchanges()).to.deep.equal([]);
      expect((await victim.get(pending)).status).to.equal(200);
    });

    it('shows the victim no word of the attacker, who puts an error into the link', async () => {
      const query = '?error=access_denied&error_description=Call%20%2B1%20555';
      const page = await victim.get(app.callbackURL + query);
      expect(page.status).to.equal(403);
      expect(page.body).not.to.include('555');
    });

    it('succeeds with `store: false`: it is the state that stops it', async () => {
      await using open = await startApp({ store: false });
      const callback = await startLogin(attacker, open, emulator, asAttacker);
      expect((await victim.get(callback)).status).to.equal(200);
      expect(await readUserName(victim, open)).to.equal('grace-student');
    });
  });

  describe('code injection (RFC 9700, section 4.5; RFC 6819, section 4.4.1.13)', () => {
    const inject = async (at: SignInApp) => {
      const stolen = readParameter(await startLogin(victim, at, emulator, asVictim), 'code');
      const callback = await startLogin(attacker, at, emulator, asAttacker);
      return attacker.get(changeQuery(callback, { code: stolen }));
    };

    it('does not sign the attacker in with the victim’s code in a sign-in of their own', async () => {
      expect((await inject(app)).status).to.equal(502);
      expect(await readUserName(attacker, app)).to.equal(undefined);
      expect(listExchanges().map(({ status }) => status)).to.deep.equal([400]);
    });

    it('succeeds with `pkce: false`: it is the verifier that stops it', async () => {
      await using open = await startApp({ pkce: false });
      expect((await inject(open)).status).to.equal(200);
      expect(await readUserName(attacker, open)).to.equal('ada-coach');
    });
  });

  describe('PKCE downgrade (RFC 9700, section 4.8)', () => {
    const downgrade = async (at: SignInApp, changes: Record<string, string | undefined>) => {
      const { location } = await attacker.get(at.startURL);
      const callback = await emulator.authorize(changeQuery(location, changes), asVictim);
      return attacker.get(callback);
    };

    it('does not finish a sign-in whose challenge was taken out of the authorization URL', async () => {
      const taken = { code_challenge: undefined, code_challenge_method: undefined };
      expect((await downgrade(app, taken)).status).to.equal(502);
      expect(await readUserName(attacker, app)).to.equal(undefined);
    });

    it('does not finish a sign-in whose challenge was replaced', async () => {
      expect((await downgrade(app, { code_challenge: 'A'.repeat(43) })).status).to.equal(502);
      expect(await readUserName(attacker, app)).to.equal(undefined);
    });

    it('sends the verifier whatever came back, so that the server can tell', async () => {
      await downgrade(app, { code_challenge: undefined, code_challenge_method: undefined });
      expect(listExchanges()[0]?.body).to.have.property('code_verifier');
    });

    it('succeeds with `pkce: false`: nothing was promised then', async () => {
      await using open = await startApp({ pkce: false });
      expect((await downgrade(open, {})).status).to.equal(200);
    });

    it('cannot be asked for: `plain` is refused when the strategy is made', () => {
      const options = { ...strategyOptions, pkce: 'plain' as 'S256' };
      expect(() => new MetafyStrategy(options, () => false)).to.throw(TypeError, /`pkce`/);
    });
  });

  describe('state replay (RFC 9700, section 4.7.1; RFC 6819, section 5.3.5)', () => {
    it('does not finish a sign-in twice: its cookie is gone from the browser', async () => {
      const callback = await startLogin(victim, app, emulator, asVictim);
      expect((await victim.get(callback)).status).to.equal(200);
      expect((await victim.get(callback)).status).to.equal(403);
      expect(listExchanges()).to.have.length(1);
    });

    it('does not sign in with a copy of the used cookie and a fresh code of another sign-in', async () => {
      const callback = await startLogin(victim, app, emulator, asVictim);
      const Cookie = await victim.jar.getCookieString(app.url);
      await victim.get(callback);
      const code = readParameter(await startLogin(attacker, app, emulator, asAttacker), 'code');
      const page = await attacker.get(changeQuery(callback, { code }), { Cookie });
      expect(page.status).to.equal(502);
    });

    it('with a copy of the used cookie and the used code reaches Metafy, which refuses the code', async () => {
      const callback = await startLogin(victim, app, emulator, asVictim);
      const Cookie = await victim.jar.getCookieString(app.url);
      await victim.get(callback);
      expect((await attacker.get(callback, { Cookie })).status).to.equal(502);
      expect(listExchanges().map(({ status }) => status)).to.deep.equal([200, 400]);
      expect(await readUserName(attacker, app)).to.equal(undefined);
    });

    it('with a stolen cookie and a stolen code that nobody has used signs the thief in: not defended', async () => {
      const callback = await startLogin(victim, app, emulator, asVictim);
      const Cookie = await victim.jar.getCookieString(app.url);
      expect((await attacker.get(callback, { Cookie })).status).to.equal(200);
      expect(await readUserName(attacker, app)).to.equal('ada-coach');
    });
  });

  describe('cookie swapping between two users (RFC 9700, section 4.7)', () => {
    it('does not open the sign-in of one user with the cookie of another', async () => {
      const callback = await startLogin(victim, app, emulator, asVictim);
      await startLogin(attacker, app, emulator, asAttacker);
      const Cookie = await attacker.jar.getCookieString(app.url);
      expect((await victim.get(callback, { Cookie })).status).to.equal(403);
    });

    it('does not open a cookie that was moved under the name of another sign-in', async () => {
      const callback = await startLogin(victim, app, emulator, asVictim);
      const [name] = (await victim.jar.getCookieString(app.url)).split('=');
      await startLogin(attacker, app, emulator, asAttacker);
      const [, value] = (await attacker.jar.getCookieString(app.url)).split('=');
      expect((await victim.get(callback, { Cookie: `${name}=${value}` })).status).to.equal(403);
      expect(listExchanges()).to.deep.equal([]);
    });

    it('finishes both sign-ins when nothing is swapped', async () => {
      const callbacks = [
        await startLogin(victim, app, emulator, asVictim),
        await startLogin(attacker, app, emulator, asAttacker),
      ] as const;
      expect((await victim.get(callbacks[0])).status).to.equal(200);
      expect((await attacker.get(callbacks[1])).status).to.equal(200);
    });
  });
});
