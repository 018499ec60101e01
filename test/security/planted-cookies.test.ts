import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { createCertificate } from '../support/certificate';
import { CookieBrowser } from '../support/cookie-browser';
import { frontEnds, type SignInSite, startSignInSite } from '../support/front-ends';
import { callbackPath, readUserName, startLogin } from '../support/sign-in-app';
import { skipWithout } from '../support/skip-without';

const forParent = '; Domain=shop.example; Path=/; Secure';

/** The `Set-Cookie` with which evil.shop.example plants the cookie of the attacker's sign-in at shop.example. */
const plantings: Record<string, (name: string, value: string) => string> = {
  'for the parent domain': (name, value) => `${name}=${value}${forParent}`,
  'for the parent domain, without Secure': (name, value) => `${name}=${value}; Domain=shop.example; Path=/`,
  'for itself': (name, value) => `${name}=${value}; Path=/; Secure`,
  'without the prefix': (name, value) => `${name.replace('__Host-', '')}=${value}${forParent}`,
  'with the prefix __host-': (name, value) => `${name.replace('__Host-', '__host-')}=${value}${forParent}`,
  'with the prefix __Secure-': (name, value) => `${name.replace('__Host-', '__Secure-')}=${value}${forParent}`,
  'as the value of a nameless cookie': (name, value) => `=${name}=${value}${forParent}`,
  'inside another cookie': (name, value) => `a=${name}=${value}${forParent}`,
};

/** Names that some servers, not browsers, take for one with the prefix (PortSwigger, "Cookie chaos", 2025). */
const lookalikes: Record<string, (pair: string) => string> = {
  'a no-break space in front': (pair) => `\xa0${pair}`,
  'a next-line character in front': (pair) => `\x85${pair}`,
  'an en quad (U+2000) in front': (pair) => `\xe2\x80\x80${pair}`,
  'a byte order mark in front': (pair) => `\xef\xbb\xbf${pair}`,
  'a zero-width space behind the name': (pair) => pair.replace('=', '\xe2\x80\x8b='),
  'quotes around the name': (pair) => pair.replace(/^([^=]+)=/, '"$1"='),
  'the name percent-encoded': (pair) => pair.replace('__Host-', '%5F%5FHost-'),
  'the syntax of RFC 2109 with a comma': (pair) => `$Version=1,${pair}`,
  'another cookie and a comma in front': (pair) => `a=b,${pair}`,
  'an ampersand in front': (pair) => `a=b&${pair}`,
};

for (const frontEnd of frontEnds) {
  describe(`state fixation by a planted cookie with ${frontEnd.name} (RFC 9700, section 4.7; RFC 6265bis, section 4.1.3.2)`, () => {
    const certificate = createCertificate('shop.example');
    const client = { clientID: 'shop', clientSecret: 'the client secret of the shop' };
    const redirectURIs = ['https', 'http'].map((scheme) => `${scheme}://shop.example${callbackPath}`);
    let emulator: MetafyEmulator;
    let app: SignInSite;
    let victim: CookieBrowser;
    /** Of the attacker's pending sign-in. */
    let callback: string;
    let name: string;
    let value: string;

    before(async () => {
      emulator = await new MetafyEmulator({
        applications: [{ ...client, name: 'Shop', redirectURIs }],
      }).start();
    });
    after(() => emulator.stop());

    async function startAttack(scheme: 'http' | 'https'): Promise<void> {
      const local = await startSignInSite(frontEnd, {
        ...client,
        baseURL: emulator.url,
        callbackURL: callbackPath,
        ...(scheme === 'https' && { server: { certificate } }),
      });
      const url = `${scheme}://shop.example`;
      app = { ...local, url, startURL: `${url}/auth/metafy` };
      const hosts = { 'shop.example': local.port };
      const attacker = new CookieBrowser({ ca: certificate?.cert, hosts });
      victim = new CookieBrowser({ ca: certificate?.cert, hosts });
      callback = await startLogin(attacker, app, emulator, { user: 'grace-student' });
      const [cookie] = await attacker.cookies(callback);
      [name, value] = [cookie?.key ?? '', cookie?.value ?? ''];
    }

    describe('on https', () => {
      before(function () {
        if (!certificate) skipWithout(this, 'openssl', 'apt-get install openssl');
      });
      beforeEach(() => startAttack('https'));
      afterEach(() => app[Symbol.asyncDispose]());

      for (const [how, plant] of Object.entries(plantings)) {
        it(`does not work from a sibling subdomain, planted ${how}`, async () => {
          await victim.jar.setCookie(plant(name, value), 'https://evil.shop.example/', { ignoreError: true });
          expect((await victim.get(callback)).status).to.equal(403);
          expect(await readUserName(victim, app)).to.equal(undefined);
        });
      }

      for (const [how, disguise] of Object.entries(lookalikes)) {
        it(`does not work with ${how}, which a browser lets a sibling set`, async () => {
          expect((await victim.get(callback, { Cookie: disguise(`${name}=${value}`) })).status).to.equal(403);
        });
      }

      it('works with the cookie itself, which a sibling cannot set: it is the prefix that stops it', async () => {
        expect((await victim.get(callback, { Cookie: `${name}=${value}` })).status).to.equal(200);
      });
    });

    describe('on plain http', () => {
      beforeEach(() => startAttack('http'));
      afterEach(() => app[Symbol.asyncDispose]());

      it('does sign the victim in as the attacker: not defended', async () => {
        const planted = `${name}=${value}; Domain=shop.example; Path=/`;
        await victim.jar.setCookie(planted, 'http://evil.shop.example/');
        expect((await victim.get(callback)).status).to.equal(200);
        expect(await readUserName(victim, app)).to.equal('grace-student');
      });

      it('does not work without the cookie', async () => {
        expect((await victim.get(callback)).status).to.equal(403);
      });
    });
  });
}
