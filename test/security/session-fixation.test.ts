import { expect } from 'chai';
import express from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { MetafyStrategy } from '../../src';
import type { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { callbackPath, shop, startEmulator, startLogin } from '../support/sign-in-app';
import { WebServer } from '../support/web-server';

const Passport05 = (require('passport05') as { Passport: typeof Passport }).Passport;

describe('session fixation across the login (OWASP Session Management Cheat Sheet; RFC 6819, section 5.3.5)', () => {
  let emulator: MetafyEmulator;
  let server: WebServer;
  let attacker: CookieBrowser;
  let victim: CookieBrowser;

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());
  beforeEach(async () => {
    server = await WebServer.start();
    attacker = new CookieBrowser();
    victim = new CookieBrowser();
  });
  afterEach(() => server[Symbol.asyncDispose]());

  /** A shop that gives a session to everybody, before the login as well. */
  function open(AnyPassport: typeof Passport, options: { state?: boolean } = {}): void {
    const passport = new AnyPassport();
    const client = { ...shop, baseURL: emulator.url, callbackURL: server.url + callbackPath };
    passport.use(new MetafyStrategy({ ...client, ...options }, ({ profile }) => profile));
    passport.serializeUser((user, done) => done(null, user));
    passport.deserializeUser((user: Express.User, done) => done(null, user));
    const app = express();
    app.use(session({ secret: 'of the session', resave: false, saveUninitialized: true }));
    app.use(passport.initialize(), passport.session());
    app.get('/auth/metafy', passport.authenticate('metafy'));
    app.get(callbackPath, passport.authenticate('metafy', { successRedirect: '/me' }));
    app.get('/me', (req, res) => {
      res.send((req.user as { username?: string } | undefined)?.username ?? 'nobody');
    });
    server.handle(app);
  }

  /** The attacker's session in the victim's browser, and then the victim's login. */
  async function plantAndSignIn(): Promise<{ planted: string | undefined; kept: string | undefined }> {
    await attacker.get(`${server.url}/me`);
    const planted = await readSession(attacker);
    await victim.jar.setCookie(`connect.sid=${planted}; Path=/`, server.url);
    const startURL = `${server.url}/auth/metafy`;
    const callback = await startLogin(victim, { startURL }, emulator, { user: 'ada-coach' });
    expect((await victim.get(callback)).status).to.equal(302);
    expect((await victim.get(`${server.url}/me`)).body).to.equal('ada-coach');
    return { planted, kept: await readSession(victim) };
  }
  async function readSession(browser: CookieBrowser): Promise<string | undefined> {
    return (await browser.cookies(server.url)).find(({ key }) => key === 'connect.sid')?.value;
  }
  const readAttackersName = async () => (await attacker.get(`${server.url}/me`)).body;

  it('leaves a planted session as nobody’s: the victim gets another', async () => {
    open(Passport);
    const { planted, kept } = await plantAndSignIn();
    expect(kept).not.to.equal(planted);
    expect(await readAttackersName()).to.equal('nobody');
  });

  it('leaves it as nobody’s with `state: true`, which keeps the pending login in it', async () => {
    open(Passport, { state: true });
    const { planted, kept } = await plantAndSignIn();
    expect(kept).not.to.equal(planted);
    expect(await readAttackersName()).to.equal('nobody');
  });

  it('signs the attacker in with Passport 0.5, which keeps the session: not defended', async () => {
    open(Passport05);
    const { planted, kept } = await plantAndSignIn();
    expect(kept).to.equal(planted);
    expect(await readAttackersName()).to.equal('ada-coach');
  });
});
