import { expect } from 'chai';
import { Passport } from 'passport';
import { useSignIns } from '../end-to-end/support/sign-ins';
import { CookieBrowser } from '../support/cookie-browser';
import { readUserName, signIn } from '../support/sign-in-app';

const Passport05 = (require('passport05') as { Passport: typeof Passport }).Passport;

describe('session fixation across the login (OWASP Session Management Cheat Sheet; RFC 6819, section 5.3.5)', () => {
  const context = useSignIns();

  /** The attacker's session in the victim's browser, and then the victim's login: who the attacker is at its end. */
  async function plantAndSignIn(AnyPassport: typeof Passport, strategy: { state?: boolean } = {}) {
    await using app = await context.startApp({
      strategy,
      passport: new AnyPassport(),
      saveUninitialized: true,
    });
    const [attacker, victim] = [new CookieBrowser(), new CookieBrowser()];
    const readSession = async (browser: CookieBrowser) =>
      (await browser.cookies(app.url)).find(({ key }) => key === 'connect.sid')?.value;
    await attacker.get(`${app.url}/me`);
    const planted = await readSession(attacker);
    await victim.jar.setCookie(`connect.sid=${planted}; Path=/`, app.url);
    expect((await signIn(victim, app, context.emulator, { user: 'ada-coach' })).status).to.equal(200);
    expect(await readUserName(victim, app)).to.equal('ada-coach');
    return { isKept: (await readSession(victim)) === planted, attacker: await readUserName(attacker, app) };
  }

  it('leaves a planted session as nobody’s: the victim gets another', async () => {
    expect(await plantAndSignIn(Passport)).to.deep.equal({ isKept: false, attacker: undefined });
  });

  it('leaves it as nobody’s with `state: true`, which keeps the pending login in it', async () => {
    const result = await plantAndSignIn(Passport, { state: true });
    expect(result).to.deep.equal({ isKept: false, attacker: undefined });
  });

  it('signs the attacker in with Passport 0.5, which keeps the session: not defended', async () => {
    expect(await plantAndSignIn(Passport05)).to.deep.equal({ isKept: true, attacker: 'ada-coach' });
  });
});
