import { expect } from 'chai';
import { MetafyEmulator } from '../../../src/emulator';
import { click, expectHeading, expectNotice, openConsent, signIn } from './support/steps';
import { useDemoInBrowser } from './support/window';

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
  const window = useDemoInBrowser(emulator);

  window.itLooksRight('shows the account without the application’s token', async (page) => {
    await signIn(page, window.demo.url);
    // The first is for the person's token.
    emulator.fail('token', { delayMs: 0 });
    emulator.fail('token', { status: 503 });
    await page.reload();
    await page.getByText('Metafy did not issue one').waitFor();
  });

  window.it('shows the account with a token that is still valid', async (page) => {
    await signIn(page, window.demo.url);
    emulator.fail('token', { reset: true }, 2);
    await page.reload();
    await expectHeading(page, 'Ada Coach');
  });

  window.itLooksRight('says on “Refresh now” that the token was kept', async (page) => {
    await signIn(page, window.demo.url);
    // The first is for a token that is not about to expire, the second for “Refresh now” itself.
    emulator.fail('token', { status: 503 }, 2);
    await click(page, 'Refresh now');
    await expectNotice(page, 'Metafy is not available');
  });

  window.it('cannot show the account when the token has expired, and does so once Metafy is back', async (page) => {
    await openConsent(page, window.demo.url);
    emulator.fail('token', { status: 200, body: { ...someTokens, expires_in: 0 } });
    emulator.fail('me', { status: 200, body: { user: { id: '7', slug: 'late', name: 'Too Late' } } });
    emulator.fail('token', { status: 503, headers: { 'Retry-After': '7' } });
    const answered = page.waitForResponse(`${window.demo.url}/account`);
    await click(page, 'Allow');
    await expectHeading(page, 'Metafy is not available');
    const answer = await answered;
    expect([answer.status(), answer.headers()['retry-after']]).to.deep.equal([503, '7']);
    emulator.fail('token', { status: 200, body: someTokens });
    await click(page, 'Back to your account');
    await expectHeading(page, 'Too Late');
  });

  for (const [what, endpoint, fault] of [
    ['is down', 'token', { status: 503 }],
    ['breaks off in the middle of an answer', 'token', { truncate: true }],
    ['answers with something else', 'token', { status: 200, body: '<html>' }],
    // Not 503, after which the strategy would ask again.
    ['has no profile', 'me', { status: 500 }],
  ] as const) {
    window.it(`offers another try at signing in when Metafy ${what}`, async (page) => {
      await openConsent(page, window.demo.url);
      emulator.fail(endpoint, fault);
      await click(page, 'Allow');
      await expectHeading(page, 'Metafy is not available');
      await click(page, 'Try again');
      await click(page, 'Allow');
      await expectHeading(page, 'Ada Coach');
    });
  }

  window.it('says so when Metafy refuses the application', async (page) => {
    await openConsent(page, window.demo.url);
    emulator.fail('token', { status: 401, body: { error: 'invalid_client' } });
    await click(page, 'Allow');
    await expectHeading(page, 'Metafy refused this application');
    await page.getByText('invalid_client').waitFor();
  });

  it('logs each failure without a token, a code or the secret', () => {
    expect(window.demo.log).to.include('MetafyResponseError').and.include('invalid_client');
    expect(window.demo.log).not.to.match(/[\w-]{43}/);
    expect(window.demo.log).not.to.include(emulator.applications[0]?.clientSecret);
  });
});
