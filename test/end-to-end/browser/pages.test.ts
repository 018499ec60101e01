import type { Page } from 'playwright-core';
import { MetafyEmulator } from '../../../src/emulator';
import { click, expectHeading, expectNotice, openConsent, signIn, watchCallback } from './support/steps';
import { useDemoInBrowser } from './support/window';

const longName = `<b>${'Wolfeschlegelsteinhausenbergerdorff'.repeat(3)}</b>`;

describe('the pages of the demo, in Chromium, have no flaw axe could find, and nothing to scroll sideways:', function () {
  this.timeout(60_000);
  const users = [
    { id: '1', slug: 'ada-coach', name: 'Ada Coach', avatar_url: '/avatars/1.svg' },
    { id: '2', slug: 'x'.repeat(80), name: longName },
  ];
  const emulator = new MetafyEmulator({ users });
  const window = useDemoInBrowser(emulator);
  const ownDemo = useDemoInBrowser();

  const open = (path: string) => async (page: Page) => void (await page.goto(window.demo.url + path));
  const afterSignIn = (button: string, expectPage: (page: Page) => Promise<void>) => async (page: Page) => {
    await signIn(page, window.demo.url);
    await click(page, button);
    await expectPage(page);
  };
  const afterConsent = (button: string, heading: string) => async (page: Page) => {
    await openConsent(page, window.demo.url);
    await click(page, button);
    await expectHeading(page, heading);
  };

  window.itLooksRight('start', open('/'));
  window.itLooksRight('start, with an emulator', async (page) => void (await page.goto(ownDemo.demo.url)));
  window.itLooksRight('account', (page) => signIn(page, window.demo.url));
  window.itLooksRight('account, with a long name', (page) => signIn(page, window.demo.url, longName));
  window.itLooksRight(
    'account, refreshed',
    afterSignIn('Refresh now', (page) => expectNotice(page, 'Refreshed')),
  );
  window.itLooksRight(
    'signed out',
    afterSignIn('Sign out', (page) => expectNotice(page, 'You are signed out.')),
  );
  window.itLooksRight(
    'revoked',
    afterSignIn('Revoke and sign out', (page) => expectNotice(page, 'revoked')),
  );
  window.itLooksRight('denied', afterConsent('Deny', 'You did not allow access'));
  window.itLooksRight('not started here', open('/auth/metafy/callback?code=c&state=s'));
  window.itLooksRight('malformed', open('/auth/metafy/callback?code=c&code=d'));
  window.itLooksRight('sign-in required', open('/account'));
  window.itLooksRight('not found', open('/nowhere'));

  window.itLooksRight('signed in already', async (page) => {
    const callback = watchCallback(page);
    await signIn(page, window.demo.url);
    await page.goto(await callback);
    await expectHeading(page, 'You are already signed in');
  });

  window.itLooksRight('sign in again', async (page) => {
    await signIn(page, window.demo.url);
    emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
    await click(page, 'Refresh now');
    await expectHeading(page, 'Please sign in again');
  });

  window.itLooksRight('Metafy not available', (page) => {
    emulator.fail('token', { status: 503 });
    return afterConsent('Allow', 'Metafy is not available')(page);
  });

  window.itLooksRight('application refused', (page) => {
    emulator.fail('token', { status: 401, body: { error: 'invalid_client' } });
    return afterConsent('Allow', 'Metafy refused this application')(page);
  });
});
