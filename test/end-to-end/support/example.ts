import { MetafyEmulator, type MetafyEmulatorAuthorizeOptions } from '../../../src/emulator';
import { CookieBrowser, type Page } from '../../support/cookie-browser';
import { findFreePort } from '../../support/free-port';
import { type ExampleSite, startExample } from './example-server';

/** An emulator and `examples/<name>`, for the tests of a `describe`, each of which has a browser of its own. */
export function useExample(name: string) {
  const emulator = new MetafyEmulator();
  let site: ExampleSite;
  let browser: CookieBrowser;

  before(async function () {
    // A process that compiles itself.
    this.timeout(60_000);
    await emulator.start();
    // Not any port: the README's application prints the one that it was told.
    site = await startExample(name, emulator, { PORT: String(await findFreePort()) });
  });
  after(async () => {
    await site?.[Symbol.asyncDispose]();
    await emulator.stop();
  });
  beforeEach(() => {
    browser = new CookieBrowser();
  });

  return {
    emulator,
    get site() {
      return site;
    },
    open: (path: string): Promise<Page> => browser.get(new URL(path, site.url).href),
    post: (path: string): Promise<Page> => browser.post(site.url + path, 'text/plain', ''),
    /** Starts a login and has the person decide: the URL Metafy sends the browser back to. */
    async startLogin(decision?: MetafyEmulatorAuthorizeOptions, query = ''): Promise<string> {
      const { location } = await browser.get(`${site.url}/auth/metafy${query}`);
      return emulator.authorize(location, decision);
    },
  };
}
