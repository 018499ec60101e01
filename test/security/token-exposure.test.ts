import { expect } from 'chai';
import type { MetafyTokens } from '../../src';
import type { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser, type Page } from '../support/cookie-browser';
import { type SignInApp, shop, startEmulator, startLogin, startSignInApp } from '../support/sign-in-app';
import { changeQuery, readParameter } from './support/callback-urls';

describe('token in a URL or in `Referer` (RFC 9700, sections 4.2 and 4.3; RFC 6750, section 5.3)', () => {
  const browser = new CookieBrowser();
  let emulator: MetafyEmulator;
  let app: SignInApp;
  let callback: string;
  let page: Page;
  let urls: string[];
  let secrets: string[];

  before('a whole sign-in', async () => {
    emulator = await startEmulator();
    urls = [];
    let tokens: Partial<MetafyTokens> = {};
    app = await startSignInApp({
      strategy: { baseURL: emulator.url },
      verify: (login: { profile: object; tokens: MetafyTokens }) => {
        tokens = login.tokens;
        return login.profile;
      },
      onRequest: ({ url = '' }) => urls.push(url),
      handlesErrors: false,
    });
    const start = await browser.get(app.startURL);
    callback = await emulator.authorize(start.location);
    page = await browser.get(callback);
    expect(page.status).to.equal(200);
    urls.push(start.location, page.location);
    const verifier = emulator.requests[0]?.body?.code_verifier;
    secrets = [tokens.accessToken, tokens.refreshToken, shop.clientSecret, verifier] as string[];
    for (const secret of secrets) expect(secret).to.be.a('string').and.have.length.above(20);
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await emulator.stop();
  });

  it('puts no token, client secret or verifier into any URL', () => {
    const sent = emulator.requests.map(({ path, query }) => path + JSON.stringify(query));
    expect(sent).to.have.length(2);
    for (const secret of secrets) expect([...urls, ...sent].join()).not.to.include(secret);
  });

  it('sends the code to Metafy in a body, and the callback’s URL in no `Referer`', () => {
    const sent = JSON.stringify(emulator.requests.map(({ path, query, headers }) => [path, query, headers]));
    expect(sent).not.to.include(readParameter(callback, 'code'));
    expect(sent.toLowerCase()).not.to.include('referer');
  });

  it('tells the browser nothing of tokens, client secret and verifier in headers and cookies', () => {
    const shown = JSON.stringify(page.headers);
    for (const secret of secrets) {
      for (const form of [secret, Buffer.from(secret).toString('base64url').slice(0, -2)]) {
        expect(shown).not.to.include(form);
      }
    }
  });

  it('shows no page of its own that links elsewhere while the code is in the address', async () => {
    // A callback that is repeated, and a code that Metafy refuses.
    const pending = await startLogin(browser, app, emulator);
    const refused = await browser.get(changeQuery(pending, { code: 'unknown' }));
    for (const { status, body } of [await browser.get(callback), refused]) {
      expect(status).to.be.above(399);
      expect(body).not.to.match(/\b(?:href|src|action)\s*=/i);
    }
  });
});
