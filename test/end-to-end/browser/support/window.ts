import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { MetafyEmulator } from '../../../../src/emulator';
import { launchBrowser } from '../../../support/browser';
import { Demo } from './demo';

/** A demo and a browser for the tests of one `describe`. */
export interface DemoInBrowser {
  readonly demo: Demo;
  /** Uses a window of a browser that nobody has used before, and fails when its pages complain. */
  inWindow(use: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
}

/**
 * Registers the hooks that start and stop both; skips where there is no browser.
 *
 * @param configure resolves to the demo's environment variables
 */
export function useDemoInBrowser(
  configure: () => Promise<Record<string, string>> = async () => ({}),
): DemoInBrowser {
  let browser: Browser | undefined;
  let demo: Demo | undefined;

  before(async function () {
    this.timeout(60_000);
    browser = await launchBrowser();
    if (browser) demo = await Demo.start(await configure());
    else this.skip();
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  return {
    get demo() {
      return demo as Demo;
    },
    async inWindow(use, options) {
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
    },
  };
}

/** Starts an emulator that tests hold in their hands, and resolves to what makes the demo use it. */
export async function startForDemo(emulator: MetafyEmulator): Promise<Record<string, string>> {
  await emulator.start();
  const [application] = emulator.applications;
  return {
    METAFY_URL: emulator.url,
    METAFY_CLIENT_ID: application?.clientID ?? '',
    METAFY_CLIENT_SECRET: application?.clientSecret ?? '',
    // A path: the demo's port is not known yet, and on 127.0.0.1 the emulator takes any.
    METAFY_CALLBACK_URL: '/auth/metafy/callback',
  };
}
