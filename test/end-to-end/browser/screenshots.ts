/*
 * Takes the pictures of the documents anew from the demo and its emulated Metafy:
 *
 *   npm run screenshots
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser';
import { Demo } from './support/demo';
import { click, expectNotice, openConsent, openSupporters, signIn } from './support/steps';

const folder = join(__dirname, '../../../docs/images');

/** How a new window gets to what the picture of this name shows. */
const pictures: Record<string, (page: Page, demoURL: string) => Promise<void>> = {
  account: signIn,
  consent: openConsent,
  supporters: openDuringOutage,
};

/** The page of a supporter whose answer is some seconds old, and Metafy out of order. */
async function openDuringOutage(page: Page, demoURL: string): Promise<void> {
  await openSupporters(page, demoURL);
  await sleep(10_000);
  await click(page, 'Start an outage');
  await expectNotice(page, 'Metafy is not answering');
}

async function main(): Promise<void> {
  const browser = await launchBrowser();
  if (!browser) throw new Error('There is no browser to take pictures with.');
  const demo = await Demo.start();
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of Object.keys(pictures)) {
      await takePicture(browser, demo.url, name, 'light');
      // The README's picture is shown where a page cannot choose one by color scheme.
      if (name !== 'account') await takePicture(browser, demo.url, name, 'dark');
    }
  } finally {
    await browser.close();
    await demo.stop();
  }
}

async function takePicture(
  browser: Browser,
  demoURL: string,
  name: string,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 760 } });
  const page = await context.newPage();
  await pictures[name]?.(page, demoURL);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(folder, `demo-${name}-${colorScheme}.png`) });
  await context.close();
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
