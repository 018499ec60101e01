import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Starts a headless Chromium: the one at `CHROMIUM_PATH`, else `/usr/bin/chromium`, else the first on the PATH.
 *
 * @returns `undefined`, after a line that says what to install, when there is none
 * @throws {Error} instead of that when `CI` is `true`: there, a skipped test would go unnoticed.
 */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    const message = 'No Chromium: install it (apt-get install chromium) or set CHROMIUM_PATH.';
    if (process.env.CI === 'true') throw new Error(message);
    process.stderr.write(`${message}\n`);
    return undefined;
  }
  return chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

/** Where `launchBrowser` finds one; `undefined` when there is none. */
export function findChromium(): string | undefined {
  const directories = (process.env.PATH ?? '').split(delimiter);
  const candidates = directories.flatMap((directory) => names.map((name) => join(directory, name)));
  return process.env.CHROMIUM_PATH || ['/usr/bin/chromium', ...candidates].find((path) => existsSync(path));
}
