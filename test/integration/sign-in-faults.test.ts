import { expect } from 'chai';
import type { MetafyEmulator, MetafyEmulatorEndpoint, MetafyEmulatorFault } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { readUserName, type SignInApp, signIn, startEmulator, startSignInApp } from '../support/sign-in-app';

interface Case {
  what: string;
  endpoint: MetafyEmulatorEndpoint;
  fault: MetafyEmulatorFault;
  status: number;
  error: object;
}

const bearer = (parameters: string) => ({ 'WWW-Authenticate': `Bearer realm="Doorkeeper", ${parameters}` });

const cases: Case[] = [
  {
    what: 'the token endpoint refuses the code',
    endpoint: 'token',
    fault: { status: 400, body: { error: 'invalid_grant', error_description: 'The code is used up.' } },
    status: 502,
    error: { name: 'MetafyOAuthError', code: 'invalid_grant', upstreamStatus: 400 },
  },
  {
    what: 'the token endpoint refuses the client',
    endpoint: 'token',
    fault: { status: 401, body: { error: 'invalid_client' } },
    status: 502,
    error: { name: 'MetafyOAuthError', code: 'invalid_client', upstreamStatus: 401 },
  },
  {
    what: 'the token endpoint breaks down with an HTML page',
    endpoint: 'token',
    fault: { status: 500, headers: { 'Content-Type': 'text/html' }, body: '<h1>We’re sorry</h1>' },
    status: 502,
    error: { name: 'MetafyResponseError', code: 'bad_status', upstreamStatus: 500 },
  },
  {
    what: 'the token endpoint asks to wait',
    endpoint: 'token',
    fault: { status: 503, headers: { 'Retry-After': '120' } },
    status: 503,
    error: { code: 'bad_status', upstreamStatus: 503, retryAfterMs: 120_000 },
  },
  {
    what: 'the token endpoint limits the rate',
    endpoint: 'token',
    fault: { status: 429, headers: { 'Retry-After': '7' } },
    status: 503,
    error: { code: 'bad_status', upstreamStatus: 429, retryAfterMs: 7000 },
  },
  {
    what: 'the token endpoint answers HTML with a 200',
    endpoint: 'token',
    fault: { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>Maintenance</p>' },
    status: 502,
    error: { code: 'bad_body', upstreamStatus: 200 },
  },
  {
    what: 'the token endpoint answers a redirect',
    endpoint: 'token',
    fault: { status: 302, headers: { Location: '/irk/api/v1/me' } },
    status: 502,
    error: { code: 'bad_status', upstreamStatus: 302 },
  },
  {
    what: 'the token endpoint never answers',
    endpoint: 'token',
    fault: { hang: true },
    status: 504,
    error: { name: 'MetafyResponseError', code: 'timeout' },
  },
  {
    what: 'the token endpoint resets the connection',
    endpoint: 'token',
    fault: { reset: true },
    status: 502,
    error: { code: 'network' },
  },
  {
    what: 'the token endpoint breaks off its answer',
    endpoint: 'token',
    fault: { truncate: true },
    status: 502,
    error: { code: 'network' },
  },
  {
    what: 'the profile is refused, with the reason in a header',
    endpoint: 'me',
    fault: {
      status: 401,
      headers: bearer('error="invalid_token", error_description="The access token was revoked"'),
    },
    status: 502,
    error: { name: 'MetafyOAuthError', code: 'invalid_token', upstreamStatus: 401 },
  },
  {
    what: 'the profile is forbidden without a reason',
    endpoint: 'me',
    fault: { status: 403 },
    status: 502,
    error: { name: 'MetafyResponseError', code: 'bad_status', upstreamStatus: 403 },
  },
  {
    what: 'the profile has no id',
    endpoint: 'me',
    fault: { status: 200, body: { user: { name: 'Nobody' } } },
    status: 502,
    error: { code: 'bad_body' },
  },
  {
    what: 'the profile never comes',
    endpoint: 'me',
    fault: { hang: true },
    status: 504,
    error: { code: 'timeout' },
  },
];

describe('a sign-in while Metafy has a problem', () => {
  const unhandled: unknown[] = [];
  const noteUnhandled = (reason: unknown) => unhandled.push(reason);
  let emulator: MetafyEmulator;
  let app: SignInApp;

  before(async () => {
    process.on('unhandledRejection', noteUnhandled);
    emulator = await startEmulator();
    // Short for the cases that hang; everything else answers at once.
    app = await startSignInApp({ strategy: { baseURL: emulator.url, timeoutMs: 300 } });
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await emulator.stop();
    process.off('unhandledRejection', noteUnhandled);
    expect(unhandled).to.deep.equal([]);
  });

  for (const { what, endpoint, fault, status, error } of cases) {
    it(`answers ${status} when ${what}, and signs in again afterwards`, async () => {
      const browser = new CookieBrowser();
      emulator.fail(endpoint, fault);
      const page = await signIn(browser, app, emulator);
      expect(page.status).to.equal(status);
      expect(JSON.parse(page.body).error).to.include(error);
      expect(await readUserName(browser, app), 'after the fault').to.equal(undefined);

      expect((await signIn(browser, app, emulator)).status).to.equal(200);
      expect(await readUserName(browser, app), 'after another try').to.equal('ada-coach');
    });
  }

  it('answers 502 when nothing listens where Metafy should be', async () => {
    const gone = await startEmulator();
    const browser = new CookieBrowser();
    await using lonely = await startSignInApp({ strategy: { baseURL: gone.url } });
    const { location } = await browser.get(lonely.startURL);
    const callback = await gone.authorize(location);
    await gone.stop();
    const { status, body } = await browser.get(callback);
    expect(status).to.equal(502);
    expect(JSON.parse(body).error.code).to.equal('network');
  });

  it('asks for the profile again after a short 503, and signs in', async () => {
    emulator.fail('me', { status: 503 });
    const browser = new CookieBrowser();
    expect((await signIn(browser, app, emulator)).status).to.equal(200);
  });

  for (const [error, status] of [
    ['server_error', 502],
    ['temporarily_unavailable', 503],
    ['invalid_scope', 500],
  ] as const) {
    it(`answers ${status} when the browser comes back with ${error}`, async () => {
      const browser = new CookieBrowser();
      const { location } = await browser.get(app.startURL);
      const state = new URL(location).searchParams.get('state');
      const page = await browser.get(
        `${app.callbackURL}?error=${error}&error_description=why&state=${state}`,
      );
      expect(page.status).to.equal(status);
      expect(JSON.parse(page.body).error).to.include({ code: error, message: 'why' });
    });
  }
});
