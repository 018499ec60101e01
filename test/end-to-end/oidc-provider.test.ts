import { expect } from 'chai';
import { CookieBrowser } from '../support/cookie-browser';
import { signInThere, startForeignServer } from '../support/foreign-server';
import { shop, startSignInApp } from '../support/sign-in-app';

it('a sign-in at oidc-provider, an authorization server of somebody else that demands PKCE, succeeds', async () => {
  await using foreign = await startForeignServer();
  const { authorizationURL, tokenURL, userProfileURL } = foreign;
  const scope = ['openid', 'profile'];
  await using app = await startSignInApp({ strategy: { authorizationURL, tokenURL, userProfileURL, scope } });
  foreign.register({ ...shop, callbackURL: app.callbackURL });
  const browser = new CookieBrowser();
  const { location } = await browser.get(app.startURL);
  const { status, body } = await browser.get(await signInThere(browser, location, 'ada'));
  expect(status, body).to.equal(200);
  expect(JSON.parse(body).user).to.deep.include({ id: 'ada', displayName: 'ada of elsewhere' });
});
