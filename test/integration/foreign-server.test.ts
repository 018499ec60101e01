import { expect } from 'chai';
import { CookieBrowser } from '../support/cookie-browser';
import { type ForeignServer, signInThere, startForeignServer } from '../support/foreign-server';
import { readUserName, type SignInApp, shop, startSignInApp } from '../support/sign-in-app';

describe('a sign-in at an authorization server that nobody here wrote', () => {
  let foreign: ForeignServer;
  let app: SignInApp;
  let browser: CookieBrowser;

  before(async () => {
    foreign = await startForeignServer();
    const { authorizationURL, tokenURL, userProfileURL } = foreign;
    app = await startSignInApp({
      strategy: { authorizationURL, tokenURL, userProfileURL, scope: ['openid', 'profile'] },
    });
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

  it('is refused by that server when the verifier is another one', async () => {
    foreign.tamper = (form) => ({ ...form, code_verifier: 'A'.repeat(43) });
    const { status, body } = await signIn();
    expect(status).to.equal(502);
    expect(JSON.parse(body).error).to.include({ code: 'invalid_grant', upstreamStatus: 400 });
  });

  it('is refused by that server when the verifier is missing', async () => {
    foreign.tamper = ({ code_verifier, ...form }) => form;
    expect((await signIn()).status).to.equal(502);
    expect(foreign.exchanges[0]?.answer).to.include({ error: 'invalid_grant' });
  });

  it('is refused by that server when the client secret is another one', async () => {
    foreign.tamper = (form) => ({ ...form, client_secret: 'wrong' });
    const { status, body } = await signIn();
    expect(status).to.equal(502);
    expect(JSON.parse(body).error).to.include({ code: 'invalid_client', upstreamStatus: 401 });
  });

  it('shows nobody the code, the verifier or the secret when it is refused', async () => {
    foreign.tamper = (form) => ({ ...form, code_verifier: 'A'.repeat(43) });
    const { body } = await signIn();
    const form = foreign.exchanges[0]?.form;
    expect(form).to.include.keys('code', 'client_secret');
    for (const secret of [form?.code, form?.code_verifier, form?.client_secret]) {
      expect(body).not.to.include(secret);
    }
    expect(await readUserName(browser, app)).to.equal(undefined);
  });
});
