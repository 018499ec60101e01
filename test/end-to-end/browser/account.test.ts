import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { MetafyEmulator } from '../../../src/emulator';
import { listGrants } from '../support/tokens';
import { click, expectHeading, expectNotice, signIn } from './support/steps';
import { useDemoInBrowser } from './support/window';

/** The fingerprint of the person's token. */
function findFingerprint(page: Page): Locator {
  return page
    .locator('dl')
    .first()
    .getByText(/^[0-9a-f]{8}$/);
}

describe('the account page of the demo, in Chromium', function () {
  this.timeout(60_000);
  const emulator = new MetafyEmulator();
  const window = useDemoInBrowser(emulator);

  window.it('counts down while it is open, and says when the token has expired', async (page) => {
    await page.clock.install();
    await signIn(page, window.demo.url);
    await page.clock.fastForward('01:00:00');
    const countdown = page.getByText(/^59 min \d+ s$/);
    await countdown.first().waitFor();
    await page.clock.fastForward('01:00:01');
    await page.getByText('expired', { exact: true }).first().waitFor();
  });

  window.it('refreshes on request, which the fingerprint shows, and a reload says it no longer', async (page) => {
    await signIn(page, window.demo.url);
    const fingerprint = findFingerprint(page);
    const before = await fingerprint.textContent();
    emulator.clearRequests();
    await click(page, 'Refresh now');
    await expectNotice(page, 'Refreshed');
    expect(listGrants(emulator)).to.have.length(1);
    const after = await fingerprint.textContent();
    expect(after).not.to.equal(before);
    await page.reload();
    expect(await fingerprint.textContent()).to.equal(after);
    expect(await page.getByRole('status').count()).to.equal(0);
  });

  for (const mode of ['on_use', 'immediate'] as const) {
    window.it(`survives a double click on “Refresh now”, refresh mode ${mode}`, async (page) => {
      emulator.setRefreshMode(mode);
      await signIn(page, window.demo.url);
      await page.getByRole('button', { name: 'Refresh now' }).dblclick();
      await expectNotice(page, 'Refreshed');
      await click(page, 'Refresh now');
      await expectNotice(page, 'Refreshed');
    });

    window.it(`refreshes in two tabs, refresh mode ${mode}`, async (page) => {
      emulator.setRefreshMode(mode);
      await signIn(page, window.demo.url);
      const other = await page.context().newPage();
      await other.goto(`${window.demo.url}/account`);
      const before = await findFingerprint(page).textContent();
      // One of them takes the notice of both, so look at what they are about.
      const refresh = async (tab: Page): Promise<void> => {
        const answered = tab.waitForResponse(`${window.demo.url}/account`);
        await click(tab, 'Refresh now');
        expect((await answered).status()).to.equal(200);
        await tab.waitForLoadState();
        expect(await findFingerprint(tab).textContent()).not.to.equal(before);
      };
      await Promise.all([refresh(page), refresh(other)]);
      await click(page, 'Refresh now');
      await expectNotice(page, 'Refreshed');
    });
  }

  window.it('signs out, after which the back button does not show it', async (page) => {
    await signIn(page, window.demo.url);
    await click(page, 'Sign out');
    await expectNotice(page, 'You are signed out.');
    await page.goBack();
    await expectHeading(page, 'Please sign in');
  });

  window.it('revokes at Metafy and signs out', async (page) => {
    await signIn(page, window.demo.url);
    await click(page, 'Revoke and sign out');
    await expectNotice(page, 'Access has been revoked');
    expect(emulator.requests.at(-1)?.path).to.equal('/irk/oauth/revoke');
    await page.goto(`${window.demo.url}/account`);
    await expectHeading(page, 'Please sign in');
  });

  window.it('asks to sign in again after a revocation in another browser', async (page) => {
    await signIn(page, window.demo.url);
    await window.inWindow(async (elsewhere) => {
      await signIn(elsewhere, window.demo.url);
      await click(elsewhere, 'Revoke and sign out');
      await expectNotice(elsewhere, 'revoked');
    });
    await click(page, 'Refresh now');
    await expectHeading(page, 'Please sign in again');
    await click(page, 'Sign in again');
    await click(page, 'Allow');
    await expectHeading(page, 'Ada Coach');
  });

  window.it('does nothing to somebody else who has signed in in another tab since', async (page) => {
    await signIn(page, window.demo.url);
    const other = await page.context().newPage();
    await page.context().clearCookies({ name: 'metafy_emulator_session' });
    await other.goto(`${window.demo.url}/auth/metafy`);
    await other.getByRole('button', { name: 'Grace Student' }).click();
    await click(other, 'Allow');
    await expectHeading(other, 'Grace Student');
    await click(page, 'Revoke and sign out');
    await expectNotice(page, 'Nothing was done');
    await expectHeading(page, 'Grace Student');
  });

  window.it('takes no form that another origin of the same site has posted', async (page) => {
    await signIn(page, window.demo.url);
    const form = `<form method="post" action="${window.demo.url}/sign-out"><button>Win</button></form>`;
    const attack = 'http://127.0.0.1:8123/';
    await page.route(attack, (route) => route.fulfill({ contentType: 'text/html', body: `<!DOCTYPE html>${form}` }));
    await page.goto(attack);
    await click(page, 'Win');
    await expectHeading(page, 'That did not work');
    await page.goto(`${window.demo.url}/account`);
    await expectHeading(page, 'Ada Coach');
  });

  window.it('signs out when access cannot be revoked, and revokes it once Metafy answers', async (page) => {
    await signIn(page, window.demo.url);
    emulator.fail('revoke', { status: 503 });
    emulator.clearRequests();
    await click(page, 'Revoke and sign out');
    await expectNotice(page, 'Metafy did not answer');
    await page.goto(`${window.demo.url}/account`);
    await expectHeading(page, 'Please sign in');
    const deadline = Date.now() + 20_000;
    while (emulator.requests.at(-1)?.status !== 200 && Date.now() < deadline) await sleep(100);
    expect(emulator.requests.map(({ path, status }) => [path, status])).to.deep.equal([
      ['/irk/oauth/revoke', 503],
      ['/irk/oauth/revoke', 200],
    ]);
  });

  window.it('keeps the access of a person who signs in again while it could not be revoked', async (page) => {
    await signIn(page, window.demo.url);
    emulator.clearRequests();
    emulator.fail('revoke', { status: 503 });
    emulator.fail('revoke', { hang: true });
    await click(page, 'Revoke and sign out');
    await expectNotice(page, 'Metafy did not answer');
    // The second try is on its way, and fails only after they have come back.
    while (emulator.requests.filter(({ path }) => path === '/irk/oauth/revoke').length < 2) await sleep(100);
    await click(page, 'Sign in with Metafy');
    await click(page, 'Allow');
    await expectHeading(page, 'Ada Coach');
    emulator.clearRequests();
    // Longer than the demo waits until it tries again.
    await sleep(6000);
    expect(emulator.requests).to.deep.equal([]);
  });
});
