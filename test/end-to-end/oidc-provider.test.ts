import { expect } from 'chai';
import { CookieBrowser } from '../support/cookie-browser';
import { type ForeignServer, signInThere, startForeignServer } from '../support/foreign-server';
import { readUserName, type SignInApp, shop, startSignInApp } from '../support/sign-in-app';

describe('a sign-in at oidc-provider, an authorization server of somebody else', () => {
  let foreign: ForeignServer;
  let app: SignInApp;
  let browser: CookieBrowser;

  before(async () => {
    foreign = await startForeignServer();
    const { authorizationURL, tokenURL, userProfileURL } = foreign;
    const scope = ['openid', 'profile'];
    app = await startSignInApp({ strategy: { authorizationURL, tokenURL, userProfileURL, scope } });
    foreign.register({ ...shop, callbackURL: app.callbackURL });
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await foreign[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    browser = new CookieBrowser();
    foreign.exchanges.length = 0;
    foreign.tamper = (form) => form;
  });

  async function signIn() {
    const { location } = await browser.get(app.startURL);
    return browser.get(await signInThere(browser, location, 'ada'));
  }

  it('ends with the person signed in', async () => {
    const { status, body } = await signIn();
    expect(status, body).to.equal(200);
    expect(JSON.parse(body).user).to.deep.include({ id: 'ada', displayName: 'ada of elsewhere' });
  });

  for (const [what, tamper, error, status] of [
    ['another verifier', (form) => ({ ...form, code_verifier: 'A'.repeat(43) }), 'invalid_grant', 403],
    ['no verifier', ({ code_verifier, ...form }) => form, 'invalid_grant', 403],
    ['another client secret', (form) => ({ ...form, client_secret: 'wrong' }), 'invalid_client', 502],
  ] as [string, ForeignServer['tamper'], string, number][]) {
    it(`fails with ${what}, which the server refuses, and shows nobody a secret`, async () => {
      foreign.tamper = tamper;
      const page = await signIn();
      const [exchange] = foreign.exchanges;
      expect(exchange?.answer).to.include({ error });
      expect(page.status).to.equal(status);
      for (const secret of ['code', 'code_verifier', 'client_secret']) {
        const value = exchange?.form[secret];
        if (value) expect(page.body).not.to.include(value);
      }
      expect(await readUserName(browser, app)).to.equal(undefined);
    });
  }
});
