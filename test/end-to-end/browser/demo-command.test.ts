import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Page } from 'playwright-core';
import { createDemoServer, getOrigin, hostname } from '../../../src/cli/demo/server';
import { MetafyEmulator } from '../../../src/emulator';
import { click, expectHeading, openConsent, signIn } from './support/steps';
import { useBrowser } from './support/window';

describe('the pages of `passport-metafy demo`, in Chromium, have no flaw axe could find:', function () {
  this.timeout(60_000);
  const longName = `<b>${'Wolfeschlegelsteinhausenbergerdorff'.repeat(3)}</b>`;
  const users = [
    { id: '1', slug: 'ada-coach', name: 'Ada Coach', email: 'ada@example.com', avatar_url: '/avatars/1.svg' },
    { id: '2', slug: 'x'.repeat(80), name: longName },
  ];
  const community = { id: 'chess', title: 'Chess with Linus', ownerID: '2', tiers: [] };
  const emulator = new MetafyEmulator({ users, communities: [community] });
  const window = useBrowser();
  let server: Server;
  let url: string;

  before(async () => {
    await emulator.start();
    server = createDemoServer(emulator).listen(0, hostname);
    await once(server, 'listening');
    url = getOrigin(server);
  });
  after(async () => {
    server?.close();
    server?.closeAllConnections();
    await emulator.stop();
  });

  const open = (path: string) => async (page: Page) => void (await page.goto(url + path));
  const afterConsent = (button: string, heading: string) => async (page: Page) => {
    await openConsent(page, url);
    await click(page, button);
    await expectHeading(page, heading);
  };

  window.itLooksRight('start', open('/'));
  window.itLooksRight('account', (page) => signIn(page, url));
  window.itLooksRight('account, with a long name', (page) => signIn(page, url, longName));
  window.itLooksRight('signed out', async (page) => {
    await signIn(page, url);
    await click(page, 'Sign out');
    await expectHeading(page, 'You are not signed in');
  });
  window.itLooksRight('denied', afterConsent('Deny', 'You did not allow access'));
  window.itLooksRight('not started here', open('/auth/metafy/callback?code=c&state=s'));
  window.itLooksRight('Metafy not available', (page) => {
    emulator.fail('token', { status: 503 });
    return afterConsent('Allow', 'Metafy is not available')(page);
  });
  window.it('account, as its policy lets a browser show it', (page) => signIn(page, url));
});
