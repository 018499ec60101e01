import { expect } from 'chai';
import type { MetafyEmulator } from '../../src/emulator';
import { createCertificate } from '../support/certificate';
import { CookieBrowser } from '../support/cookie-browser';
import {
  readUserName,
  type SignInApp,
  signIn,
  startEmulator,
  startLogin,
  startSignInApp,
} from '../support/sign-in-app';
import { startTLSProxy } from '../support/tls-proxy';

const kibibyte = 1024;

describe('the cookies of pending sign-ins', () => {
  let emulator: MetafyEmulator;

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  describe('with 50 logins that nobody finishes', () => {
    for (const [what, state] of [
      ['no state', undefined],
      ['a state of 2 kB', { returnTo: 'x'.repeat(2000) }],
    ] as const) {
      it(`leave the request headers below 8 KiB, with ${what}, and the newest can finish`, async () => {
        const browser = new CookieBrowser();
        const headerBytes: number[] = [];
        await using app = await startSignInApp({
          strategy: { baseURL: emulator.url },
          start: { state },
          onRequest: ({ rawHeaders }) => headerBytes.push(rawHeaders.join(': \r\n').length),
        });
        let callback = '';
        for (let count = 0; count < 50; count++) callback = await startLogin(browser, app, emulator);
        expect((await browser.get(callback)).status).to.equal(200);
        expect(Math.max(...headerBytes)).to.be.below(8 * kibibyte);
      });
    }

    it('leave the request headers below 8 KiB also when six at a time are started, as browsers do', async () => {
      const browser = new CookieBrowser();
      await using app = await startSignInApp({ strategy: { baseURL: emulator.url } });
      for (let count = 0; count < 50; count += 6) {
        await Promise.all(Array.from({ length: 6 }, () => browser.get(app.startURL)));
      }
      const callback = await startLogin(browser, app, emulator);
      expect((await browser.jar.getCookieString(app.url)).length).to.be.below(8 * kibibyte - 1500);
      expect((await browser.get(callback)).status).to.equal(200);
    });

    it('keep the 5 newest', async () => {
      const browser = new CookieBrowser();
      await using app = await startSignInApp({ strategy: { baseURL: emulator.url } });
      const callbacks: string[] = [];
      for (let count = 0; count < 50; count++) callbacks.push(await startLogin(browser, app, emulator));
      const statuses = [];
      for (const callback of callbacks.slice(-6)) statuses.push((await browser.get(callback)).status);
      expect(statuses).to.deep.equal([403, 200, 200, 200, 200, 200]);
    });
  });

  it('are left out of the way of other cookies of the application', async () => {
    const browser = new CookieBrowser();
    await using app = await startSignInApp({ strategy: { baseURL: emulator.url } });
    await browser.jar.setCookie('theme=dark; Path=/', app.url);
    for (let count = 0; count < 10; count++) await browser.get(app.startURL);
    expect((await browser.cookies(app.url)).map(({ key }) => key)).to.include('theme');
  });

  it('tell the developer when the application’s state is too large for a browser', async () => {
    const state = { returnTo: 'x'.repeat(4000) };
    await using app = await startSignInApp({ strategy: { baseURL: emulator.url }, start: { state } });
    const { status, body } = await new CookieBrowser().get(app.startURL);
    expect(status).to.equal(500);
    expect(JSON.parse(body).error.message).to.match(/make `state` smaller/);
  });

  it('are HttpOnly, SameSite=Lax and, on plain http, neither Secure nor prefixed', async () => {
    await using app = await startSignInApp({ strategy: { baseURL: emulator.url } });
    const { headers } = await new CookieBrowser().get(app.startURL);
    expect(headers['set-cookie']).to.have.length(1);
    expect(headers['set-cookie']?.[0]).to.match(
      /^metafy-login-[\w-]{22}=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  describe('on https', () => {
    const certificate = createCertificate('shop.example');
    const callbackURL = 'https://shop.example/auth/metafy/callback';

    before(function () {
      if (certificate) return;
      console.log('    skipped: https needs openssl to make a certificate, and it is not installed');
      this.skip();
    });

    async function startBehindProxy(strategy: object, settings: object) {
      const app = await startSignInApp({
        strategy: { baseURL: emulator.url, ...strategy },
        settings: { ...settings },
      });
      const proxy = await startTLSProxy(
        Number(new URL(app.url).port),
        certificate as { key: string; cert: string },
      );
      const browser = new CookieBrowser({ ca: certificate?.cert, hosts: { 'shop.example': proxy.port } });
      const stop = async () => {
        await proxy[Symbol.asyncDispose]();
        await app[Symbol.asyncDispose]();
      };
      const outside = { ...app, url: 'https://shop.example', startURL: 'https://shop.example/auth/metafy' };
      return { app: outside as SignInApp, inside: app, browser, [Symbol.asyncDispose]: stop };
    }

    it('are Secure and have the __Host- prefix behind a proxy that terminates TLS', async () => {
      await using site = await startBehindProxy({ callbackURL }, { 'trust proxy': true });
      const { headers } = await site.browser.get(site.app.startURL);
      expect(headers['set-cookie']).to.have.length(1);
      expect(headers['set-cookie']?.[0]).to.match(
        /^__Host-metafy-login-[\w-]{22}=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
    });

    it('are Secure as well when the callback URL is written in capitals', async () => {
      const strategy = { baseURL: emulator.url, callbackURL: callbackURL.replace('https', 'HTTPS') };
      await using app = await startSignInApp({ strategy });
      const { headers } = await new CookieBrowser().get(app.startURL);
      expect(headers['set-cookie']?.[0]).to.match(/^__Host-.*; Secure/);
    });

    for (const [what, strategy, settings] of [
      ['`trust proxy`', {}, { 'trust proxy': true }],
      ['the strategy’s `proxy`', { proxy: true }, {}],
    ] as const) {
      it(`bring a person back to the public host behind such a proxy, with ${what} and a relative callbackURL`, async () => {
        const relative = { ...strategy, callbackURL: '/auth/metafy/callback' };
        await using site = await startBehindProxy(relative, settings);
        const callback = await startLogin(site.browser, site.app, emulator);
        expect(callback.startsWith(`${callbackURL}?`)).to.equal(true);
        expect((await site.browser.cookies(callback)).map(({ key }) => key.slice(0, 19))).to.deep.equal([
          '__Host-metafy-login',
        ]);
        expect((await site.browser.get(callback)).status).to.equal(200);
        expect(await readUserName(site.browser, site.app)).to.equal('ada-coach');
      });
    }

    it('are Secure also when nothing is trusted, as long as the callback URL is https', async () => {
      await using site = await startBehindProxy({ callbackURL }, {});
      await signIn(site.browser, site.app, emulator);
      expect(await readUserName(site.browser, site.app)).to.equal('ada-coach');
    });

    it('do not let a client choose the host when no proxy is trusted', async () => {
      await using site = await startBehindProxy({ callbackURL: '/auth/metafy/callback' }, {});
      const { location } = await site.browser.get(site.app.startURL);
      expect(new URL(location).searchParams.get('redirect_uri')).to.equal(
        'http://inside.internal/auth/metafy/callback',
      );
    });

    it('work on an application that speaks TLS itself', async () => {
      await using app = await startSignInApp({
        strategy: { baseURL: emulator.url, callbackURL: '/auth/metafy/callback' },
        server: { certificate },
      });
      const browser = new CookieBrowser({ ca: certificate?.cert });
      const callback = await startLogin(browser, app, emulator);
      expect(callback.startsWith(`${app.callbackURL}?`)).to.equal(true);
      expect((await browser.cookies(app.url))[0]).to.include({ secure: true });
      expect((await browser.get(callback)).status).to.equal(200);
    });

    it('are not taken for those of an https site when they were planted over plain http', async () => {
      await using site = await startBehindProxy({ callbackURL }, { 'trust proxy': true });
      // The attacker's own login, whose cookie they put into the victim's browser under the name http allows.
      const callback = await startLogin(site.browser, site.app, emulator);
      const cookie = await site.browser.jar.getCookieString(callback);
      const { browser: victim } = site;
      await victim.jar.removeAllCookies();
      await victim.jar.setCookie(`${cookie.replace('__Host-', '')}; Path=/`, 'http://shop.example/');
      await victim.jar.setCookie(`${cookie}; Path=/`, 'http://shop.example/', { ignoreError: true });
      expect((await victim.cookies(callback)).map(({ key }) => key.slice(0, 12))).to.deep.equal([
        'metafy-login',
      ]);
      expect((await victim.get(callback)).status).to.equal(403);
      expect(await readUserName(victim, site.app)).to.equal(undefined);
    });
  });
});
