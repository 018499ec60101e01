import type { Page } from 'playwright-core';
import { MetafyEmulator } from '../../../src/emulator';
import { checkLooks } from './support/looks';
import { click, expectHeading, expectNotice, openConsent, signIn, watchCallback } from './support/steps';
import { startForDemo, useDemoInBrowser } from './support/window';

/** Somebody with as much, or as little, as a profile may have. */
const people = [
  { id: '1', slug: 'ada-coach', name: 'Ada Coach', avatar_url: '/avatars/1.svg' },
  { id: '2', slug: 'x'.repeat(80), name: `<b>${'Wolfeschlegelsteinhausenbergerdorff'.repeat(3)}</b>` },
];

describe('the pages of the demo, in Chromium', function () {
  this.timeout(60_000);
  const emulator = new MetafyEmulator({ users: people });
  const window = useDemoInBrowser(() => startForDemo(emulator));
  const ownDemo = useDemoInBrowser();
  after(() => emulator.stop());

  const open = async (page: Page, path: string): Promise<void> => {
    await page.goto(window.demo.url + path);
  };

  const pages: [name: string, open: (page: Page) => Promise<void>][] = [
    ['start', (page) => open(page, '/')],
    ['start-emulator', async (page) => void (await page.goto(ownDemo.demo.url))],
    ['account', (page) => signIn(page, window.demo.url)],
    ['account-long-name', (page) => signIn(page, window.demo.url, people[1]?.name)],
    [
      'account-refreshed',
      async (page) => {
        await signIn(page, window.demo.url);
        await click(page, 'Refresh now');
        await expectNotice(page, 'Refreshed');
      },
    ],
    [
      'signed-out',
      async (page) => {
        await signIn(page, window.demo.url);
        await click(page, 'Sign out');
        await expectNotice(page, 'You are signed out.');
      },
    ],
    [
      'revoked',
      async (page) => {
        await signIn(page, window.demo.url);
        await click(page, 'Revoke and sign out');
        await expectNotice(page, 'revoked');
      },
    ],
    [
      'refused',
      async (page) => {
        await openConsent(page, window.demo.url);
        await click(page, 'Deny');
        await expectHeading(page, 'You did not allow access');
      },
    ],
    ['not-started-here', (page) => open(page, '/auth/metafy/callback?code=c&state=s')],
    ['malformed', (page) => open(page, '/auth/metafy/callback?code=c&code=d')],
    [
      'signed-in-already',
      async (page) => {
        const callback = watchCallback(page);
        await signIn(page, window.demo.url);
        await page.goto(await callback);
        await expectHeading(page, 'You are signed in already');
      },
    ],
    ['sign-in-required', (page) => open(page, '/account')],
    [
      'sign-in-again',
      async (page) => {
        await signIn(page, window.demo.url);
        emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
        await click(page, 'Refresh now');
        await expectHeading(page, 'Please sign in again');
      },
    ],
    [
      'metafy-not-available',
      async (page) => {
        await openConsent(page, window.demo.url);
        emulator.fail('token', { status: 503 });
        await click(page, 'Allow');
        await expectHeading(page, 'Metafy is not available');
      },
    ],
    [
      'application-refused',
      async (page) => {
        await openConsent(page, window.demo.url);
        emulator.fail('token', { status: 401, body: { error: 'invalid_client' } });
        await click(page, 'Allow');
        await expectHeading(page, 'Metafy refused this application');
      },
    ],
    ['not-found', (page) => open(page, '/nowhere')],
  ];

  for (const [name, open] of pages) {
    it(`have no flaw axe could find, and nothing to scroll sideways, narrow or wide, light or dark: ${name}`, () =>
      window.inWindow(
        async (page) => {
          await open(page);
          await checkLooks(page, name);
        },
        // axe is evaluated in the page.
        { bypassCSP: true },
      ));
  }
});
