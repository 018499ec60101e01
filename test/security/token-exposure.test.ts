import { Agent, type ClientRequest } from 'node:http';
import { expect } from 'chai';
import { CookieStateStore, type MetafyTokens } from '../../src';
import type { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser, type Page } from '../support/cookie-browser';
import { type SignInApp, shop, startEmulator, startLogin, startSignInApp } from '../support/sign-in-app';
import { readParameter } from './support/tasks';

/** An agent that sees the head of each request to Metafy. */
class WatchingAgent extends Agent {
  readonly heads: { path: string; headers: Record<string, unknown> }[] = [];

  addRequest(request: ClientRequest, options: object): void {
    this.heads.push({ path: request.path, headers: { ...request.getHeaders() } });
    (Agent.prototype as unknown as WatchingAgent).addRequest.call(this, request, options);
  }
}

describe('token in a URL or in `Referer` (RFC 9700, sections 4.2 and 4.3; RFC 6750, section 5.3)', () => {
  let emulator: MetafyEmulator;
  let app: SignInApp;
  let agent: WatchingAgent;
  let browser: CookieBrowser;
  let urls: string[];
  let verifier: string;
  let tokens: MetafyTokens;

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());
  beforeEach(async () => {
    agent = new WatchingAgent();
    browser = new CookieBrowser();
    urls = [];
    const store = new CookieStateStore({ secret: 'of the cookies' });
    const { verify } = store;
    store.verify = function (req, state, meta, callback) {
      verify.call(this, req, state, meta, (error, ok, kept) => {
        verifier = String(ok);
        callback(error, ok, kept);
      });
    };
    app = await startSignInApp({
      strategy: { baseURL: emulator.url, agent, store },
      verify: ({ profile, tokens: received }: { profile: object; tokens: MetafyTokens }) => {
        tokens = received;
        return profile;
      },
      onRequest: ({ url = '' }) => urls.push(url),
      handlesErrors: false,
    });
  });
  afterEach(async () => {
    await app[Symbol.asyncDispose]();
    agent.destroy();
  });

  async function signIn(): Promise<{ callback: string; page: Page }> {
    const start = await browser.get(app.startURL);
    urls.push(start.location);
    const callback = await emulator.authorize(start.location);
    return { callback, page: await browser.get(callback) };
  }

  it('puts no token, client secret or verifier into any URL', async () => {
    const { page } = await signIn();
    expect(page.status).to.equal(200);
    urls.push(page.location, ...agent.heads.map(({ path }) => path));
    expect(agent.heads).to.have.length(2);
    for (const secret of [tokens.accessToken, tokens.refreshToken, shop.clientSecret, verifier]) {
      expect(secret).to.be.a('string').and.have.length.above(20);
      expect(urls.join('\n')).not.to.include(secret);
    }
  });

  it('sends the code to Metafy in a body, and the callback’s URL in no `Referer`', async () => {
    const { callback } = await signIn();
    const sent = JSON.stringify(agent.heads);
    expect(sent).not.to.include(readParameter(callback, 'code'));
    expect(sent.toLowerCase()).not.to.include('referer');
  });

  it('tells the browser nothing of tokens, client secret and verifier in headers and cookies', async () => {
    const { page } = await signIn();
    const shown = JSON.stringify(page.headers);
    for (const secret of [tokens.accessToken, tokens.refreshToken as string, shop.clientSecret, verifier]) {
      for (const form of [secret, Buffer.from(secret).toString('base64url').slice(0, -2)]) {
        expect(shown).not.to.include(form);
      }
    }
  });

  it('shows no page of its own that links elsewhere while the code is in the address', async () => {
    const { callback } = await signIn();
    // The used code (403), and one that Metafy refuses (502): Passport's page and Express's.
    const pending = await startLogin(browser, app, emulator);
    const refused = await browser.get(pending.replace(/code=[^&]+/, 'code=unknown'));
    const pages = [await browser.get(callback), refused];
    expect(pages.map(({ status }) => status)).to.deep.equal([403, 502]);
    for (const { body } of pages) expect(body).not.to.match(/\b(?:href|src|action)\s*=/i);
  });

  it('makes a code that leaked through `Referer` useless: it is used up', async () => {
    const { callback } = await signIn();
    const code = readParameter(callback, 'code');
    const attacker = new CookieBrowser();
    const own = await startLogin(attacker, app, emulator);
    const page = await attacker.get(own.replace(/code=[^&]+/, `code=${code}`));
    expect(page.status).to.equal(502);
  });
});
