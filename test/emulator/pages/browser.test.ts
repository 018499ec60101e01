import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { MetafyEmulator } from '../../../src/emulator';
import { launchBrowser } from '../../support/browser';
import { DemoApplication } from '../support/application';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

describe('the pages of the emulator, in Chromium', function () {
  this.timeout(60_000);
  let browser: Browser | undefined;
  let callbackServer: Server;
  let callbackURL: string;
  let emulator: MetafyEmulator;
  let application: DemoApplication;

  before(async function () {
    browser = await launchBrowser();
    if (!browser) this.skip();
    // As many applications do, its callback sends the browser on to another origin: its front end.
    callbackServer = createServer((request, response) => {
      const isCallback = request.url?.startsWith('/callback');
      const location = request.url?.replace('/callback', `http://localhost:${portOf(callbackServer)}/front-end`);
      response.writeHead(isCallback ? 302 : 200, { 'Content-Type': 'text/html', Location: location ?? '' });
      response.end('<!DOCTYPE html><title>The application</title>');
    });
    await new Promise<void>((resolve) => callbackServer.listen(0, resolve));
    callbackURL = `http://127.0.0.1:${portOf(callbackServer)}/callback`;
    emulator = await new MetafyEmulator({
      applications: [
        {
          clientID: 'metafy-demo',
          clientSecret: 'metafy-demo-secret',
          name: 'Demo application',
          redirectURIs: [callbackURL],
        },
      ],
    }).start();
    application = new DemoApplication(emulator);
  });

  after(async () => {
    await browser?.close();
    await emulator?.stop();
    callbackServer?.closeAllConnections();
    callbackServer?.close();
  });

  const url = (parameters: Record<string, string> = {}): string =>
    application.authorizationURL({ redirect_uri: callbackURL, state: 's t', ...parameters });

  /** Does something in a window of its own, and fails on any complaint of the page's. */
  async function inWindow(use: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    if (!browser) throw new Error('There is no browser.');
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await use(page);
      expect(complaints).to.deep.equal([]);
    } finally {
      await context.close();
    }
  }

  const signIn = (page: Page): Promise<void> => page.getByRole('button', { name: 'Ada Coach' }).click();

  it('lead from sign-in over consent to the application’s front end on another origin', () =>
    inWindow(async (page) => {
      await page.goto(url());
      await signIn(page);
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.waitForURL('**/front-end?**');
      const { searchParams } = new URL(page.url());
      expect(searchParams.get('code')).to.match(/^[\w-]{43}$/);
      expect(searchParams.get('state')).to.equal('s t');
    }));

  it('can be used by keyboard alone, with a visible focus', () =>
    inWindow(async (page) => {
      await page.goto(url());
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      expect(await outlineWidth(page)).to.equal('3px');
      await page.keyboard.press('Enter');
      await page.getByText('Grace Student').waitFor();
      // Past “Not you?” and Deny.
      for (let count = 0; count < 3; count += 1) await page.keyboard.press('Tab');
      expect(await outlineWidth(page)).to.equal('3px');
      await page.keyboard.press('Space');
      await page.waitForURL('**/front-end?code=**');
    }));

  it('show their pictures', () =>
    inWindow(async (page) => {
      await page.goto(url());
      const widths = await page
        .locator('img')
        .evaluateAll((images) => images.map((image) => Reflect.get(image, 'naturalWidth')));
      expect(widths).to.deep.equal(emulator.users.map(() => 96));
    }));

  const pages: [name: string, open: (page: Page) => Promise<void>][] = [
    ['sign-in', async (page) => void (await page.goto(url()))],
    [
      'consent',
      async (page) => {
        await page.goto(url({ scope: 'profile community purchases products' }));
        await signIn(page);
        await page.getByRole('button', { name: 'Allow' }).waitFor();
      },
    ],
    ['overview', async (page) => void (await page.goto(emulator.url))],
    ['error', async (page) => void (await page.goto(url({ scope: 'admin' })))],
  ];
  for (const [name, open] of pages) {
    it(`have no flaw axe could find, and nothing to scroll sideways, narrow or wide, light or dark: ${name}`, () =>
      inWindow(
        async (page) => {
          await open(page);
          await page.evaluate(AXE);
          for (const width of [360, 1440]) {
            for (const colorScheme of ['light', 'dark'] as const) {
              await page.setViewportSize({ width, height: 800 });
              await page.emulateMedia({ colorScheme });
              const look = `${name}-${width}-${colorScheme}`;
              const flaws = await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))');
              expect(flaws, look).to.deep.equal([]);
              expect(await page.evaluate('document.documentElement.scrollWidth'), look).to.equal(width);
              const folder = process.env.SCREENSHOT_FOLDER;
              if (folder) await page.screenshot({ path: `${folder}/${look}.png` });
            }
          }
        },
        { bypassCSP: true },
      ));
  }
});

function outlineWidth(page: Page): Promise<unknown> {
  return page.evaluate('getComputedStyle(document.activeElement).outlineWidth');
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
