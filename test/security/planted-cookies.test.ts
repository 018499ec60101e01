import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { createCertificate } from '../support/certificate';
import { CookieBrowser } from '../support/cookie-browser';
import { readUserName, type SignInApp, startLogin, startSignInApp } from '../support/sign-in-app';
import { skipWithout } from '../support/skip-without';
import { registerApplication } from './support/tasks';

/** What somebody who holds evil.shop.example writes there, to reach shop.example with the cookie of their sign-in. */
const plantings: [how: string, plant: (name: string, value: string) => string][] = [
  ['for the parent domain', (name, value) => `${name}=${value}; Domain=shop.example; Path=/; Secure`],
  ['for the parent domain, without Secure', (name, value) => `${name}=${value}; Domain=shop.example; Path=/`],
  ['for itself', (name, value) => `${name}=${value}; Path=/; Secure`],
  [
    'without the prefix',
    (name, value) => `${name.replace('__Host-', '')}=${value}; Domain=shop.example; Path=/; Secure`,
  ],
  [
    'with the prefix in small letters',
    (name, value) => `${name.replace('__Host-', '__host-')}=${value}; Domain=shop.example; Path=/; Secure`,
  ],
  [
    'with the prefix __Secure-',
    (name, value) => `${name.replace('__Host-', '__Secure-')}=${value}; Domain=shop.example; Path=/; Secure`,
  ],
  [
    'as the value of a nameless cookie',
    (name, value) => `=${name}=${value}; Domain=shop.example; Path=/; Secure`,
  ],
  ['inside another cookie', (name, value) => `a=${name}=${value}; Domain=shop.example; Path=/; Secure`],
];

/** Names that some servers, not browsers, take for one with the prefix (PortSwigger, "Cookie chaos", 2025). */
const disguises: [how: string, disguise: (pair: string) => string][] = [
  ['a no-break space in front', (pair) => `\xa0${pair}`],
  ['a next-line character in front', (pair) => `\x85${pair}`],
  ['an en quad (U+2000) in front', (pair) => `\xe2\x80\x80${pair}`],
  ['a byte order mark in front', (pair) => `\xef\xbb\xbf${pair}`],
  ['a zero-width space behind the name', (pair) => pair.replace('=', '\xe2\x80\x8b=')],
  ['quotes around the name', (pair) => pair.replace(/^([^=]+)=/, '"$1"=')],
  ['the name percent-encoded', (pair) => pair.replace('__Host-', '%5F%5FHost-')],
  ['the syntax of RFC 2109 with a comma', (pair) => `$Version=1,${pair}`],
  ['another cookie and a comma in front', (pair) => `a=b,${pair}`],
  ['an ampersand in front', (pair) => `a=b&${pair}`],
];

describe('state fixation by a planted cookie (RFC 9700, section 4.7; RFC 6265bis, section 4.1.3.2)', () => {
  const certificate = createCertificate('shop.example');
  const registration = registerApplication('shop', ['https://shop.example', 'http://shop.example']);
  let emulator: MetafyEmulator;
  let app: SignInApp;
  let site: SignInApp;
  let attacker: CookieBrowser;
  let victim: CookieBrowser;

  before(async () => {
    emulator = await new MetafyEmulator({ applications: [registration] }).start();
  });
  after(() => emulator.stop());

  async function open(scheme: 'http' | 'https'): Promise<void> {
    app = await startSignInApp({
      strategy: { ...registration, baseURL: emulator.url, callbackURL: '/auth/metafy/callback' },
      ...(scheme === 'https' && { server: { certificate } }),
    });
    const url = `${scheme}://shop.example`;
    site = { ...app, url, startURL: `${url}/auth/metafy` };
    const createBrowser = () =>
      new CookieBrowser({ ca: certificate?.cert, hosts: { 'shop.example': Number(new URL(app.url).port) } });
    attacker = createBrowser();
    victim = createBrowser();
  }

  async function startAttack() {
    const callback = await startLogin(attacker, site, emulator, { user: 'grace-student' });
    const [cookie] = await attacker.cookies(callback);
    return { callback, name: cookie?.key ?? '', value: cookie?.value ?? '' };
  }

  describe('on https', () => {
    before(function () {
      if (!certificate) skipWithout(this, 'openssl', 'apt-get install openssl');
    });
    beforeEach(() => open('https'));
    afterEach(() => app[Symbol.asyncDispose]());

    for (const [how, plant] of plantings) {
      it(`does not work from a sibling subdomain, planted ${how}`, async () => {
        const { callback, name, value } = await startAttack();
        await victim.jar.setCookie(plant(name, value), 'https://evil.shop.example/', { ignoreError: true });
        expect((await victim.get(callback)).status).to.equal(403);
        expect(await readUserName(victim, site)).to.equal(undefined);
      });
    }

    for (const [how, disguise] of disguises) {
      it(`does not work with ${how}, which a browser lets a sibling set`, async () => {
        const { callback, name, value } = await startAttack();
        expect((await victim.get(callback, { Cookie: disguise(`${name}=${value}`) })).status).to.equal(403);
      });
    }

    it('works with the cookie itself, which a sibling cannot set: it is the prefix that stops it', async () => {
      const { callback, name, value } = await startAttack();
      expect((await victim.get(callback, { Cookie: `${name}=${value}` })).status).to.equal(200);
    });
  });

  describe('on plain http', () => {
    beforeEach(() => open('http'));
    afterEach(() => app[Symbol.asyncDispose]());

    it('does sign the victim in as the attacker: not defended', async () => {
      const { callback, name, value } = await startAttack();
      await victim.jar.setCookie(
        `${name}=${value}; Domain=shop.example; Path=/`,
        'http://evil.shop.example/',
      );
      expect((await victim.get(callback)).status).to.equal(200);
      expect(await readUserName(victim, site)).to.equal('grace-student');
    });

    it('does not work without the cookie', async () => {
      const { callback } = await startAttack();
      expect((await victim.get(callback)).status).to.equal(403);
    });
  });
});
