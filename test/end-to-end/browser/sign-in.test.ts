import { expect } from 'chai';
import type { Page } from 'playwright-core';
import {
  click,
  expectHeading,
  expectNotice,
  openConsent,
  signIn,
  tabTo,
  watchCallback,
} from './support/steps';
import { useDemoInBrowser } from './support/window';

describe('signing in through the demo, in Chromium', function () {
  this.timeout(60_000);
  const window = useDemoInBrowser();

  it('leads over Metafy’s pages to name, slug and scopes', () =>
    window.inWindow(async (page) => {
      await signIn(page, window.demo.url);
      const main = await page.getByRole('main').textContent();
      expect(main)
        .to.include('Ada Coach')
        .and.include('@ada-coach')
        .and.match(/Scopes\s*profile/);
    }));

  it('shows the picture, which the page’s policy allows', () =>
    window.inWindow(async (page) => {
      await signIn(page, window.demo.url);
      const picture = page.getByRole('main').locator('img');
      await page.waitForLoadState();
      expect(await picture.evaluate((image) => Reflect.get(image, 'naturalWidth'))).to.equal(96);
    }));

  it('shows no token', () =>
    window.inWindow(async (page) => {
      await signIn(page, window.demo.url);
      // Metafy's tokens are 43 characters long.
      expect(await page.content()).not.to.match(/[\w-]{43}/);
    }));

  it('works without JavaScript', () =>
    window.inWindow((page) => signIn(page, window.demo.url), { javaScriptEnabled: false }));

  it('works under the name localhost as well', () =>
    window.inWindow((page) => signIn(page, window.demo.url.replace('127.0.0.1', 'localhost'))));

  it('works by keyboard alone, with a visible focus all the way', () =>
    window.inWindow(async (page) => {
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
    }));

  it('ends on a page of its own when the person denies, with another try', () =>
    window.inWindow(async (page) => {
      await openConsent(page, window.demo.url);
      await click(page, 'Deny');
      await expectHeading(page, 'You did not allow access');
      await click(page, 'Try again');
      await click(page, 'Allow');
      await expectHeading(page, 'Ada Coach');
    }));

  for (const [order, title] of [
    [[0, 1], 'in the order they were started'],
    [[1, 0], 'in reverse'],
  ] as const) {
    it(`finishes in each of two tabs, ${title}`, () =>
      window.inWindow(async (page) => {
        const tabs = [page, await page.context().newPage()] as const;
        await openConsent(tabs[0], window.demo.url);
        await tabs[1].goto(window.demo.url);
        await click(tabs[1], 'Sign in with Metafy');
        for (const index of order) {
          await click(tabs[index], 'Allow');
          await expectHeading(tabs[index], 'Ada Coach');
        }
      }));
  }

  it('says so when the callback is opened again, and the person stays signed in', () =>
    window.inWindow(async (page) => {
      const callback = watchCallback(page);
      await signIn(page, window.demo.url);
      await page.goto(await callback);
      await expectHeading(page, 'You are signed in already');
      await page.reload();
      await click(page, 'Go to your account');
      await expectHeading(page, 'Ada Coach');
    }));

  it('does not work with a callback from another browser', () =>
    window.inWindow(async (victim) => {
      const callback = await stealCallback(victim);
      await window.inWindow(async (stranger) => {
        const response = await stranger.goto(callback);
        expect(response?.status()).to.equal(403);
        await expectHeading(stranger, 'This sign-in did not work');
      });
    }));

  it('shows nothing that a stranger’s link says', () =>
    window.inWindow(async (page) => {
      const query = 'error=access_denied&error_description=Call+555-0100&state=s';
      const response = await page.goto(`${window.demo.url}/auth/metafy/callback?${query}`);
      expect(response?.status()).to.equal(403);
      expect(await page.content()).not.to.include('555-0100');
    }));

  it('returns to the page of this site that was asked for', () =>
    window.inWindow(async (page) => {
      await page.goto(`${window.demo.url}/auth/metafy?returnTo=${encodeURIComponent('/nowhere?x=1')}`);
      await allow(page);
      await page.waitForURL(`${window.demo.url}/nowhere?x=1`);
    }));

  for (const [returnTo, title] of [
    ['https://evil.example/', 'an address elsewhere'],
    ['//evil.example/', 'an address elsewhere, without its scheme'],
    ['/\\evil.example/', 'what browsers take for one'],
    [`/${'x'.repeat(3000)}`, 'a path too long for a cookie'],
  ] as const) {
    it(`goes to the account page instead of ${title}`, () =>
      window.inWindow(async (page) => {
        await page.goto(`${window.demo.url}/auth/metafy?returnTo=${encodeURIComponent(returnTo)}`);
        await allow(page);
        await page.waitForURL(`${window.demo.url}/account`);
      }));
  }

  it('leaves nothing behind in the browser but the session, closed to scripts and other sites', () =>
    window.inWindow(async (page) => {
      await signIn(page, window.demo.url);
      const cookies = await page.context().cookies(window.demo.url);
      const summary = cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite }));
      expect(summary).to.deep.equal([{ name: 'demo.session', httpOnly: true, sameSite: 'Lax' }]);
    }));

  async function allow(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Ada Coach' }).click();
    await click(page, 'Allow');
  }

  /** The callback's URL with a code that nobody has used: the request was seen, but did not arrive. */
  async function stealCallback(page: Page): Promise<string> {
    await openConsent(page, window.demo.url);
    await page.route(/\/auth\/metafy\/callback\?/, (route) => route.abort());
    const callback = watchCallback(page);
    await click(page, 'Allow');
    return callback;
  }
});
