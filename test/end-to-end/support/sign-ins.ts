import type { MetafyEmulator } from '../../../src/emulator';
import { CookieBrowser } from '../../support/cookie-browser';
import { type FrontEnd, type SignInSiteOptions, startSignInSite } from '../../support/front-ends';
import * as signInApp from '../../support/sign-in-app';

type Decision = Parameters<MetafyEmulator['authorize']>[1];
type Start = { startURL: string };

/** Gives the tests of a `describe` an emulator, and each of them a browser of its own. */
export function useSignIns() {
  let emulator: MetafyEmulator;
  let browser: CookieBrowser;
  before(async () => {
    emulator = await signInApp.startEmulator();
  });
  beforeEach(() => {
    browser = new CookieBrowser();
    emulator.clearRequests();
  });
  after(() => emulator.stop());

  return {
    get emulator() {
      return emulator;
    },
    get browser() {
      return browser;
    },
    /** An application that asks the emulator. */
    startApp: ({ strategy, ...options }: Partial<signInApp.SignInAppOptions> = {}) =>
      signInApp.startSignInApp({ ...options, strategy: { baseURL: emulator.url, ...strategy } }),
    /** The same with nothing but a front end: see `startSignInSite`. */
    startSite: (frontEnd: FrontEnd, options: SignInSiteOptions = {}) =>
      startSignInSite(frontEnd, { baseURL: emulator.url, ...options }),
    startLogin: (app: Start, decision?: Decision) => signInApp.startLogin(browser, app, emulator, decision),
    signIn: (app: Start, decision?: Decision) => signInApp.signIn(browser, app, emulator, decision),
    readUserName: (app: { url: string }) => signInApp.readUserName(browser, app),
  };
}
