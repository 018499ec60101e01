import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// What README.md and docs/testing.md show for mocha is a test.
import '../../../examples/testing/first';
import '../../../examples/testing/mocha';
import '../../../examples/testing/people';
import { findChromium } from '../../support/browser';
import { findTool, runIn } from '../../support/packed-project';
import { skipWithout } from '../../support/skip-without';

const examples = join(__dirname, '..', '..', '..', 'examples', 'testing');

describe('examples/testing', function () {
  // Each starts a test runner that compiles its tests.
  this.timeout(120_000);

  it('passes in Jest', async () => {
    await runIn(join(examples, 'jest'), process.execPath, findTool('jest/bin/jest.js'));
  });

  it('passes in Playwright', async function () {
    const chromium = findChromium();
    if (!chromium) skipWithout(this, 'chromium', 'apt-get install chromium, or set CHROMIUM_PATH');
    const output = mkdtempSync(join(tmpdir(), 'passport-metafy-playwright-'));
    try {
      const playwright = [process.execPath, findTool('@playwright/test/cli.js'), 'test', '--output', output];
      await runIn(join(examples, 'playwright'), 'env', `CHROMIUM_PATH=${chromium}`, ...playwright);
    } finally {
      rmSync(output, { recursive: true, force: true });
    }
  });
});
