import { expect } from 'chai';
import type { MetafyEmulatorFault } from '../../../src/emulator';
import { CookieBrowser } from '../../support/cookie-browser';
import { startEmulator } from '../../support/sign-in-app';
import { sites } from './support/sites';

const faults: [title: string, endpoint: 'token' | 'me', fault: MetafyEmulatorFault, status: number][] = [
  ['a failure of the token endpoint', 'token', { status: 500 }, 502],
  ['the token endpoint down for maintenance', 'token', { status: 503 }, 503],
  ['too many requests for the profile', 'me', { status: 429 }, 503],
  ['a profile that does not arrive', 'me', { hang: true }, 504],
];

for (const [name, start] of Object.entries(sites)) {
  describe(`an outage during a sign-in, with ${name} and no error handler of the application`, () => {
    for (const [title, endpoint, fault, status] of faults) {
      it(`is answered with ${status}: ${title}`, async () => {
        await using emulator = await startEmulator();
        await using site = await start({ strategy: { baseURL: emulator.url, timeoutMs: 300 } });
        const browser = new CookieBrowser();
        const { location } = await browser.get(`http://127.0.0.1:${site.port}/auth/metafy`);
        // The profile is asked for again.
        emulator.fail(endpoint, fault, 3);
        const page = await browser.get(await emulator.authorize(location));
        expect(page.status, page.body).to.equal(status);
      });
    }
  });
}
