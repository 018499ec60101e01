import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { MetafyEmulator } from '../../../src/emulator';
import { launchBrowser } from '../../support/browser';
import { WebServer } from '../../support/web-server';
import { DemoApplication } from '../support/application';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

describe('the pages of the emulator, in Chromium', function () {
  this.timeout(60_000);
  const emulator = new MetafyEmulator();
  let browser: Browser | undefined;
  let server: WebServer | undefined;

  before(async function () {
    browser = await launchBrowser();
    if (!browser) this.skip();
    await emulator.start();
    // As many applications do, its callback sends the browser on to another origin: its front end.
    const application = await WebServer.start();
    server = application;
    application.handle((request, response) => {
      const [path, query] = request.url?.split('?') ?? [];
      const isCallback = path === '/auth/metafy/callback';
      const location = `http://localhost:${application.port}/front-end?${query}`;
      response.writeHead(isCallback ? 302 : 200, { 'Content-Type': 'text/html', Location: location });
      response.end('<!DOCTYPE html><title>The application</title>');
    });
  });
  after(async () => {
    await browser?.close();
    await emulator.stop();
    await server?.[Symbol.asyncDispose]();
  });

  const toURL = (parameters: Record<string, string> = {}): string => {
    const redirect_uri = `http://127.0.0.1:${server?.port}/auth/metafy/callback`;
    return new DemoApplication(emulator).authorizationURL({ redirect_uri, state: 's t', ...parameters });
  };
  const signIn = (page: Page): Promise<void> => page.getByRole('button', { name: 'Ada Coach' }).click();
  const outlineWidth = (page: Page) => page.evaluate('getComputedStyle(document.activeElement).outlineWidth');

  /** A test in a window of its own, which fails on any complaint of the page's. */
  function itInWindow(title: string, use: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): void {
    it(title, async () => {
      const context = await (browser as Browser).newContext(options);
      const complaints: string[] = [];
      context.on('console', (message) => {
        if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
      });
      context.on('weberror', (error) => complaints.push(String(error.error())));
      await use(await context.newPage()).finally(() => context.close());
      expect(complaints).to.deep.equal([]);
    });
  }

  itInWindow('lead from sign-in over consent to the application’s front end on another origin', async (page) => {
    await page.goto(toURL());
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL('**/front-end?**');
    const { code, state } = Object.fromEntries(new URL(page.url()).searchParams);
    expect(code).to.match(/^[\w-]{43}$/);
    expect(state).to.equal('s t');
  });

  itInWindow('can be used by keyboard alone, with a visible focus', async (page) => {
    await page.goto(toURL());
    for (let count = 0; count < 2; count += 1) await page.keyboard.press('Tab');
    expect(await outlineWidth(page)).to.equal('3px');
    await page.keyboard.press('Enter');
    await page.getByText('Grace Student').waitFor();
    // Past “Not you?” and Deny.
    for (let count = 0; count < 3; count += 1) await page.keyboard.press('Tab');
    expect(await outlineWidth(page)).to.equal('3px');
    await page.keyboard.press('Space');
    await page.waitForURL('**/front-end?code=**');
  });

  itInWindow('show their pictures', async (page) => {
    await page.goto(toURL());
    const widths = await page.evaluate('Array.from(document.images, ({ naturalWidth }) => naturalWidth)');
    expect(widths).to.deep.equal(emulator.users.map(() => 96));
  });

  for (const [name, open] of Object.entries<(page: Page) => Promise<unknown>>({
    'sign-in': (page) => page.goto(toURL()),
    consent: async (page) => {
      await page.goto(toURL({ scope: 'profile community purchases products' }));
      await signIn(page);
      await page.getByRole('button', { name: 'Allow' }).waitFor();
    },
    overview: (page) => page.goto(emulator.url),
    error: (page) => page.goto(toURL({ scope: 'admin' })),
  })) {
    const look = async (page: Page) => {
      await open(page);
      await page.evaluate(AXE);
      for (const [width, colorScheme] of [
        [360, 'light'],
        [360, 'dark'],
        [1440, 'light'],
        [1440, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        const flaws = await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))');
        expect(flaws, `${width} ${colorScheme}`).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
      }
    };
    itInWindow(`have no flaw axe could find, and nothing to scroll sideways: ${name}`, look, { bypassCSP: true });
  }
});
