import { expect } from 'chai';
import { createCertificate } from '../support/certificate';
import { CookieBrowser } from '../support/cookie-browser';
import { frontEnds } from '../support/front-ends';
import { callbackPath, readUserName, type SignInApp, signIn, startLogin } from '../support/sign-in-app';
import { skipWithout } from '../support/skip-without';
import { startTLSProxy } from '../support/tls-proxy';
import { useSignIns } from './support/sign-ins';

const certificate = createCertificate('shop.example');

for (const frontEnd of frontEnds) {
  describe(`the cookies of pending sign-ins of ${frontEnd.name}`, () => {
    const context = useSignIns();

    for (const [what, atOnce, state] of [
      ['with a state of 2 kB', 1, { returnTo: 'x'.repeat(2000) }],
      ['started six at a time, as browsers do', 6, undefined],
    ] as const) {
      it(`leave the request headers below 8 KiB when 50 are never finished, ${what}`, async () => {
        const headerSizes: number[] = [];
        const onRequest = ({ rawHeaders }: { rawHeaders: string[] }) =>
          headerSizes.push(rawHeaders.join(': \r\n').length);
        await using app = await context.startSite(frontEnd, { start: { state }, onRequest });
        await context.browser.jar.setCookie('theme=dark; Path=/', app.url);
        for (let count = 0; count < 50; count += atOnce) {
          await Promise.all(Array.from({ length: atOnce }, () => context.browser.get(app.startURL)));
        }
        expect((await context.signIn(app)).status).to.equal(200);
        expect(Math.max(...headerSizes)).to.be.below(8 * 1024);
        expect((await context.browser.cookies(app.url)).map(({ key }) => key)).to.include('theme');
      });
    }

    it('keep the 5 newest of them', async () => {
      await using app = await context.startSite(frontEnd);
      const callbacks: string[] = [];
      for (let count = 0; count < 10; count++) callbacks.push(await context.startLogin(app));
      const statuses = [];
      for (const callback of callbacks.slice(-6)) statuses.push((await context.browser.get(callback)).status);
      expect(statuses).to.deep.equal([403, 200, 200, 200, 200, 200]);
    });

    it('work on an application that speaks TLS itself', async function () {
      if (!certificate) skipWithout(this, 'openssl', 'apt-get install openssl');
      await using app = await context.startSite(frontEnd, { callbackURL: callbackPath, server: { certificate } });
      const browser = new CookieBrowser({ ca: certificate?.cert });
      const callback = await startLogin(browser, app, context.emulator);
      expect(callback.startsWith(`${app.callbackURL}?`)).to.equal(true);
      expect((await browser.cookies(app.url))[0]).to.include({ secure: true });
      expect((await browser.get(callback)).status).to.equal(200);
    });
  });
}

describe('the cookies of pending sign-ins behind a proxy that terminates TLS', () => {
  const context = useSignIns();

  const callbackURL = `https://shop.example${callbackPath}`;

  before(function () {
    if (!certificate) skipWithout(this, 'openssl', 'apt-get install openssl');
  });

  /** The application behind a proxy that terminates TLS at https://shop.example, and a browser that knows it. */
  async function startBehindProxy(strategy: object, settings = {}) {
    const inside = await context.startApp({ strategy, settings });
    const port = Number(new URL(inside.url).port);
    const proxy = await startTLSProxy(port, certificate as { key: string; cert: string });
    const browser = new CookieBrowser({ ca: certificate?.cert, hosts: { 'shop.example': proxy.port } });
    const outside = {
      url: 'https://shop.example',
      startURL: 'https://shop.example/auth/metafy',
      callbackURL,
    };
    const stop = async () => {
      await proxy[Symbol.asyncDispose]();
      await inside[Symbol.asyncDispose]();
    };
    return { app: { ...inside, ...outside } as SignInApp, browser, [Symbol.asyncDispose]: stop };
  }

  it('are Secure and have the __Host- prefix, when the callback URL is https, whatever is trusted', async () => {
    for (const url of [callbackURL, callbackURL.replace('https', 'HTTPS')]) {
      await using site = await startBehindProxy({ callbackURL: url });
      const { headers } = await site.browser.get(site.app.startURL);
      expect(headers['set-cookie']?.join('\n')).to.match(
        /^__Host-metafy-login-[\w-]{22}=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
      await signIn(site.browser, site.app, context.emulator);
      expect(await readUserName(site.browser, site.app)).to.equal('ada-coach');
    }
  });

  for (const [what, strategy, settings] of [
    ['`trust proxy`', {}, { 'trust proxy': true }],
    ['the strategy’s `proxy`', { proxy: true }, {}],
  ] as const) {
    it(`bring a person back to the public host with ${what} and a relative callbackURL`, async () => {
      await using site = await startBehindProxy({ ...strategy, callbackURL: callbackPath }, settings);
      const callback = await startLogin(site.browser, site.app, context.emulator);
      expect(callback.startsWith(`${callbackURL}?`)).to.equal(true);
      expect(await site.browser.jar.getCookieString(callback)).to.match(/^__Host-metafy-login/);
      expect((await site.browser.get(callback)).status).to.equal(200);
    });
  }

  it('do not let a client choose the host when no proxy is trusted', async () => {
    await using site = await startBehindProxy({ callbackURL: callbackPath });
    const { location } = await site.browser.get(site.app.startURL);
    const redirectURI = new URL(location).searchParams.get('redirect_uri');
    expect(redirectURI).to.equal(`http://inside.internal${callbackPath}`);
  });
});
