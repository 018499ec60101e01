import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { click, expectHeading, expectNotice, openConsent, signIn, tabTo, watchCallback } from './support/steps';
import { useDemoInBrowser } from './support/window';

describe('signing in through the demo, in Chromium', function () {
  this.timeout(60_000);
  const window = useDemoInBrowser();

  window.it('leads over Metafy’s pages to name, slug, e-mail, scopes and picture, and shows no token', async (page) => {
    await signIn(page, window.demo.url);
    const main = page.getByRole('main');
    expect(await main.textContent()).to.match(/Ada Coach.*@ada-coach.*ada@example\.com.*Scopes\s*profile/s);
    await page.waitForLoadState();
    const picture = main.locator('img');
    expect(await picture.evaluate((image) => Reflect.get(image, 'naturalWidth'))).to.equal(96);
    // Metafy's tokens are 43 characters long.
    expect(await page.content()).not.to.match(/[\w-]{43}/);
  });

  window.it('lists what was asked of Metafy, in order and without secrets', async (page) => {
    await signIn(page, window.demo.url);
    await click(page, 'Refresh now');
    await expectNotice(page, 'Refreshed');
    const requests = await page.locator('.requests > li').allTextContents();
    expect(requests.at(-1)).to.match(/^POST \/irk\/oauth\/token\s+200.*grant_type=refresh_token.*refresh_token=••••/s);
    const first = requests.findIndex((request) => request.includes('grant_type=authorization_code'));
    expect(requests[first]).to.match(/code_verifier=••••.*client_secret=••••/s);
    expect(requests[first + 1]).to.match(/^GET \/irk\/api\/v1\/me\s+200.*Authorization: Bearer ••••/s);
    expect(requests.join()).not.to.match(/[\w-]{43}|metafy-demo-secret/);
  });

  window.it('leads to the code that does it', async (page) => {
    await signIn(page, window.demo.url);
    await click(page, 'app.ts');
    await page.getByText('new MetafyStrategy').waitFor();
    await page.goto(`${window.demo.url}/source/config.ts`);
    await expectHeading(page, 'Page not found');
  });

  window.it('works without JavaScript', (page) => signIn(page, window.demo.url), {
    javaScriptEnabled: false,
  });

  window.it('works under the name localhost as well', (page) =>
    signIn(page, window.demo.url.replace('127.0.0.1', 'localhost')),
  );

  window.it('works by keyboard alone, with a visible focus all the way', async (page) => {
    await page.goto(window.demo.url);
    await tabTo(page, 'Sign in with Metafy');
    await page.keyboard.press('Enter');
    await expectHeading(page, 'Who is signing in?');
    await tabTo(page, 'Grace Student');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    await tabTo(page, 'Allow');
    await page.keyboard.press('Space');
    await expectHeading(page, 'Grace Student');
    await tabTo(page, 'Refresh now');
    await page.keyboard.press('Enter');
    await expectNotice(page, 'Refreshed');
  });

  window.it('ends on a page of its own when the person denies, with another try', async (page) => {
    await openConsent(page, window.demo.url);
    await click(page, 'Deny');
    await expectHeading(page, 'You did not allow access');
    await click(page, 'Try again');
    await click(page, 'Allow');
    await expectHeading(page, 'Ada Coach');
  });

  for (const [first, second] of [
    [0, 1],
    [1, 0],
  ] as const) {
    window.it(`finishes in two tabs, tab ${first + 1} before tab ${second + 1}`, async (page) => {
      const tabs = [page, await page.context().newPage()] as const;
      await openConsent(tabs[0], window.demo.url);
      await tabs[1].goto(window.demo.url);
      await click(tabs[1], 'Sign in with Metafy');
      for (const tab of [tabs[first], tabs[second]]) {
        await click(tab, 'Allow');
        await expectHeading(tab, 'Ada Coach');
      }
    });
  }

  window.it('says so when the callback is opened again, and the person stays signed in', async (page) => {
    const callback = watchCallback(page);
    await signIn(page, window.demo.url);
    await page.goto(await callback);
    await expectHeading(page, 'You are already signed in');
    await page.reload();
    await click(page, 'Go to your account');
    await expectHeading(page, 'Ada Coach');
  });

  window.it('does not work with a callback from another browser, whose code nobody has used', async (victim) => {
    await openConsent(victim, window.demo.url);
    // The request is seen, but does not arrive.
    await victim.route(/\/auth\/metafy\/callback\?/, (route) => route.abort());
    const callback = watchCallback(victim);
    await click(victim, 'Allow');
    const url = await callback;
    await window.inWindow(async (stranger) => {
      expect((await stranger.goto(url))?.status()).to.equal(403);
      await expectHeading(stranger, 'Sign-in failed');
    });
  });

  window.it('shows nothing that a stranger’s link says', async (page) => {
    const query = 'error=access_denied&error_description=Call+555-0100&state=s';
    const response = await page.goto(`${window.demo.url}/auth/metafy/callback?${query}`);
    expect(response?.status()).to.equal(403);
    expect(await page.content()).not.to.include('555-0100');
  });

  for (const [returnTo, path] of [
    ['/nowhere?x=1', '/nowhere?x=1'],
    ['https://evil.example/', '/account'],
    ['//evil.example/', '/account'],
    ['/\\evil.example/', '/account'],
    [`/${'x'.repeat(3000)}`, '/account'],
  ] as const) {
    window.it(`returns to ${path} where ${returnTo.slice(0, 25)} was asked for`, async (page) => {
      await page.goto(`${window.demo.url}/auth/metafy?returnTo=${encodeURIComponent(returnTo)}`);
      await allow(page);
      await page.waitForURL(window.demo.url + path);
    });
  }

  window.it('leaves nothing in the browser but the session, closed to scripts and other sites', async (page) => {
    await signIn(page, window.demo.url);
    const cookies = await page.context().cookies(window.demo.url);
    const summary = cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite }));
    expect(summary).to.deep.equal([{ name: 'demo.session', httpOnly: true, sameSite: 'Lax' }]);
  });

  async function allow(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Ada Coach' }).click();
    await click(page, 'Allow');
  }
});
