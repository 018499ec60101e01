import { expect } from 'chai';
import { MetafyEmulator } from '../../../src/emulator';
import { CookieBrowser, type Page } from '../../support/cookie-browser';

export interface Site extends AsyncDisposable {
  url: string;
}

/**
 * Registers the tests that every framework has to pass. The site has `/auth/metafy` and its callback, `/login` with a
 * link to the former, and `/`, which greets whoever is signed in and leads everybody else to `/login`.
 *
 * @param keepsTabs whether a second tab may start a sign-in while the first one's is pending
 */
export function itSignsIn(
  start: (emulator: MetafyEmulator) => Promise<Site>,
  { keepsTabs = true }: { keepsTabs?: boolean } = {},
): void {
  const emulator = new MetafyEmulator();
  let site: Site;
  let browser: CookieBrowser;

  before(async function () {
    // A process that compiles itself.
    this.timeout(60_000);
    await emulator.start();
    site = await start(emulator);
  });
  after(async () => {
    await site?.[Symbol.asyncDispose]();
    await emulator.stop();
  });
  beforeEach(() => {
    browser = new CookieBrowser();
    emulator.clearRequests();
  });

  async function startLogin(decision?: Parameters<MetafyEmulator['authorize']>[1]): Promise<string> {
    const { location, status, body } = await browser.get(`${site.url}/auth/metafy`);
    expect(status, body).to.equal(302);
    return emulator.authorize(location, decision);
  }
  const readGreeting = async (from = browser): Promise<string> => (await follow(from, site.url)).body;

  it('greets the person who has signed in, now and later, and nobody else', async () => {
    const { status, body } = await follow(browser, await startLogin({ user: 'grace-student' }));
    expect(status).to.equal(200);
    expect(body).to.include('Hello, Grace Student');
    expect(await readGreeting()).to.include('Hello, Grace Student');
    expect(await readGreeting(new CookieBrowser())).to.include('Sign in with Metafy');
  });

  it('uses PKCE, and leaves no cookie of the sign-in behind beside the session’s', async () => {
    await follow(browser, await startLogin());
    const exchange = emulator.requests.find(({ path }) => path === '/irk/oauth/token');
    expect(exchange?.body).to.have.property('code_verifier');
    const names = (await browser.cookies(site.url)).map(({ key }) => key);
    expect(names.join()).to.match(/./).and.not.include('metafy-login');
  });

  it('signs nobody in when the person denies, and offers another try, which works', async () => {
    expect((await browser.get(await startLogin({ deny: true }))).status).to.equal(302);
    expect(await readGreeting()).to.include('Sign in with Metafy');
    expect(emulator.requests).to.have.length(0);
    await follow(browser, await startLogin());
    expect(await readGreeting()).to.include('Hello, Ada Coach');
  });

  it('signs nobody in with a callback that another browser started', async () => {
    const callback = await startLogin();
    browser = new CookieBrowser();
    expect((await browser.get(callback)).status).to.equal(302);
    expect(await readGreeting()).to.include('Sign in with Metafy');
    expect(emulator.requests).to.have.length(0);
  });

  it(`${keepsTabs ? 'finishes' : 'refuses'} the sign-in of one tab when another has been started since`, async () => {
    const callback = await startLogin();
    await startLogin();
    await browser.get(callback);
    expect(await readGreeting()).to.include(keepsTabs ? 'Hello, Ada Coach' : 'Sign in with Metafy');
  });

  it('answers an outage of Metafy with 503', async () => {
    const callback = await startLogin();
    emulator.fail('token', { status: 503 });
    expect((await browser.get(callback)).status).to.equal(503);
    expect(await readGreeting()).to.include('Sign in with Metafy');
  });
}

async function follow(browser: CookieBrowser, url: string): Promise<Page> {
  const page = await browser.get(url);
  // A browser stays where it is when another status has a `Location`.
  return page.status === 302 ? follow(browser, page.location) : page;
}
