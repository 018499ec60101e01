import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Page } from 'playwright-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Looks at a page narrow and wide, light and dark: axe finds nothing, and there is nothing to scroll sideways. With
 * SCREENSHOT_FOLDER it leaves pictures there.
 */
export async function checkLooks(page: Page, name: string): Promise<void> {
  await page.evaluate(axe);
  for (const width of [360, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      const look = `${name}-${width}-${colorScheme}`;
      const flaws = await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))');
      expect(flaws, look).to.deep.equal([]);
      expect(await page.evaluate('document.documentElement.scrollWidth'), look).to.equal(width);
      const folder = process.env.SCREENSHOT_FOLDER;
      if (folder) await page.screenshot({ path: `${folder}/${look}.png`, fullPage: true });
    }
  }
}
