import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { MetafyEmulator } from '../../../../src/emulator';
import { launchBrowser } from '../../../support/browser';
import { Demo } from './demo';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Starts a demo and a browser for the tests of one `describe`, which are skipped where there is no browser.
 *
 * @param emulator the Metafy of the demo, which this starts; without it the demo has one of its own
 */
export function useDemoInBrowser(emulator?: MetafyEmulator) {
  const window = useBrowser();
  let demo: Demo | undefined;

  before(async function () {
    this.timeout(60_000);
    demo = await Demo.start(emulator && (await startForDemo(emulator)));
  });
  after(async () => {
    await demo?.stop();
    await emulator?.stop();
  });

  return {
    ...window,
    get demo() {
      return demo as Demo;
    },
  };
}

/** Starts a browser for the tests of one `describe`, which are skipped where there is none. */
export function useBrowser() {
  let browser: Browser | undefined;

  before(async function () {
    this.timeout(60_000);
    browser = await launchBrowser();
    if (!browser) this.skip();
  });
  after(() => browser?.close());

  /** Uses a window of a browser that nobody has used before, and fails when its pages complain. */
  async function inWindow(use: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void> {
    const context = await (browser as Browser).newContext(options);
    // Less than a test's own time, so that a failure names the step that waited in vain.
    context.setDefaultTimeout(15_000);
    const complaints: string[] = [];
    context.on('console', (message) => {
      // Chromium also reports each page whose status is not 200, which is no fault.
      if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(String(error.error())));
    try {
      await use(await context.newPage());
    } finally {
      await context.close();
    }
    expect(complaints).to.deep.equal([]);
  }

  return {
    inWindow,
    /** A test in a window of its own. */
    it(title: string, use: (page: Page) => Promise<void>, options?: BrowserContextOptions): void {
      it(title, () => inWindow(use, options));
    },
    /** A test that `open` leads to a page in which axe finds no flaw and which does not scroll sideways. */
    itLooksRight(name: string, open: (page: Page) => Promise<void>): void {
      // axe is evaluated in the page, which its policy would not allow.
      this.it(name, (page) => open(page).then(() => checkLooks(page)), { bypassCSP: true });
    },
  };
}

async function checkLooks(page: Page): Promise<void> {
  await page.evaluate(axe);
  for (const [width, colorScheme] of [
    [360, 'dark'],
    [360, 'light'],
    [1280, 'dark'],
    [1280, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    const flaws = await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))');
    expect(flaws, `${width} px, ${colorScheme}`).to.deep.equal([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
  }
}

async function startForDemo(emulator: MetafyEmulator): Promise<Record<string, string>> {
  await emulator.start();
  const [application] = emulator.applications;
  const [community] = emulator.communities;
  return {
    METAFY_URL: emulator.url,
    METAFY_CLIENT_ID: application?.clientID ?? '',
    METAFY_CLIENT_SECRET: application?.clientSecret ?? '',
    // A path: the demo's port is not known yet, and on 127.0.0.1 the emulator takes any.
    METAFY_CALLBACK_URL: '/auth/metafy/callback',
    METAFY_COMMUNITY_ID: community?.id ?? '',
    METAFY_TIER_IDS: community?.tiers.at(-1)?.id ?? '',
  };
}
