import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { MetafyEmulator } from '../../../src/emulator';
import { checkLooks } from './support/looks';
import { click, expectHeading, expectNotice, openConsent, signIn } from './support/steps';
import { startForDemo, useDemoInBrowser } from './support/window';

/** An answer that the emulator did not make. */
const someTokens = {
  access_token: 'a'.repeat(43),
  refresh_token: 'r'.repeat(43),
  token_type: 'Bearer',
  expires_in: 7200,
  scope: 'profile',
};

describe('the demo while Metafy fails, in Chromium', function () {
  this.timeout(60_000);
  // So short that every token is about to expire, and each page asks Metafy for new ones.
  const emulator = new MetafyEmulator({ accessTokenLifetimeSeconds: 50 });
  const window = useDemoInBrowser(() => startForDemo(emulator));
  after(() => emulator.stop());

  it('shows the account without the application’s token', () =>
    window.inWindow(
      async (page) => {
        await signIn(page, window.demo.url);
        // The first is for the person's token.
        emulator.fail('token', { delayMs: 0 });
        emulator.fail('token', { status: 503 });
        await page.reload();
        await page.getByText('Metafy gave none just now.').waitFor();
        await checkLooks(page, 'account-without-owner');
      },
      { bypassCSP: true },
    ));

  it('shows the account with a token that is still valid', () =>
    window.inWindow(async (page) => {
      await signIn(page, window.demo.url);
      emulator.fail('token', { reset: true }, 2);
      await page.reload();
      await expectHeading(page, 'Ada Coach');
    }));

  it('says on “Refresh now” that the token was kept', () =>
    window.inWindow(
      async (page) => {
        await signIn(page, window.demo.url);
        emulator.fail('token', { reset: true }, 2);
        await click(page, 'Refresh now');
        await expectNotice(page, 'Metafy is not available');
        await checkLooks(page, 'account-kept');
      },
      { bypassCSP: true },
    ));

  it('keeps both tabs signed in when Metafy refuses one since it is answering the other', () =>
    window.inWindow(async (page) => {
      await signIn(page, window.demo.url);
      const other = await page.context().newPage();
      await other.goto(`${window.demo.url}/account`);
      emulator.clearRequests();
      // The first is for a token that works, the second for “Refresh now” itself.
      emulator.fail('token', { delayMs: 0 });
      emulator.fail('token', { delayMs: 500 });
      emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
      const refreshed = click(page, 'Refresh now');
      while (emulator.requests.length < 2) await sleep(10);
      await other.reload();
      await expectHeading(other, 'Ada Coach');
      await refreshed;
      await expectNotice(page, 'Refreshed');
    }));

  it('cannot show the account when the token has expired, and does so once Metafy is back', () =>
    window.inWindow(async (page) => {
      await openConsent(page, window.demo.url);
      emulator.fail('token', { status: 200, body: { ...someTokens, expires_in: 0 } });
      emulator.fail('me', { status: 200, body: { user: { id: '7', slug: 'late', name: 'Too Late' } } });
      emulator.fail('token', { status: 503, headers: { 'Retry-After': '7' } });
      const answered = page.waitForResponse(`${window.demo.url}/account`);
      await click(page, 'Allow');
      await expectHeading(page, 'Metafy is not available');
      const answer = await answered;
      expect(answer.status()).to.equal(503);
      expect(answer.headers()).to.include({ 'retry-after': '7' });

      emulator.fail('token', { status: 200, body: someTokens });
      await click(page, 'Back to your account');
      await expectHeading(page, 'Too Late');
    }));

  for (const [fault, title] of [
    [{ status: 503 }, 'is down'],
    [{ reset: true }, 'resets the connection'],
    [{ truncate: true }, 'breaks off its answer'],
    [{ status: 200, body: '<html>' }, 'answers with something else'],
  ] as const) {
    it(`offers another try at signing in when Metafy ${title}`, () =>
      window.inWindow(async (page) => {
        await openConsent(page, window.demo.url);
        emulator.fail('token', fault);
        await click(page, 'Allow');
        await expectHeading(page, 'Metafy is not available');
        await click(page, 'Try again');
        await click(page, 'Allow');
        await expectHeading(page, 'Ada Coach');
      }));
  }

  it('offers another try when the profile cannot be had', () =>
    window.inWindow(async (page) => {
      await openConsent(page, window.demo.url);
      // Not 503, after which the strategy would ask again.
      emulator.fail('me', { status: 500 });
      await click(page, 'Allow');
      await expectHeading(page, 'Metafy is not available');
      await click(page, 'Try again');
      await click(page, 'Allow');
      await expectHeading(page, 'Ada Coach');
    }));

  it('says so when Metafy refuses the application', () =>
    window.inWindow(async (page) => {
      await openConsent(page, window.demo.url);
      emulator.fail('token', { status: 401, body: { error: 'invalid_client' } });
      await click(page, 'Allow');
      await expectHeading(page, 'Metafy refused this application');
      await page.getByText('Reason: invalid_client').waitFor();
    }));

  it('logs each failure without a token, a code or the secret', () => {
    expect(window.demo.log).to.include('MetafyResponseError').and.include('invalid_client');
    expect(window.demo.log).not.to.match(/[\w-]{43}/);
    expect(window.demo.log).not.to.include(emulator.applications[0]?.clientSecret);
  });
});
