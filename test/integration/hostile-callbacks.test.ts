import { expect } from 'chai';
import express5, { type RequestHandler } from 'express';
import type { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser, type Page } from '../support/cookie-browser';
import {
  readUserName,
  type SignInApp,
  signIn,
  startEmulator,
  startLogin,
  startSignInApp,
} from '../support/sign-in-app';

const express4 = require('express4') as typeof express5;
const kilobyte = 1000;
const markup = '<script>alert(1)</script>';
const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

/** [what, query, status, the message a person is shown] */
const queries: [string, string, number, RegExp][] = [
  ['a list of codes', 'code[]=a&code[]=b', 400, /`code` must be given once/],
  ['a list of one code', 'code[0]=a', 400, /`code` must be given once/],
  ['an object for a code', 'code[a]=b', 400, /`code` must be given once/],
  ['a deep object for a code', `code${'[a]'.repeat(50)}=b`, 400, /`code` must be given once/],
  ['the code twice', 'code=a&code=b', 400, /`code` must be given once/],
  ['the code a thousand times', 'code=a&'.repeat(1000), 400, /`code` must be given once/],
  ['an unclosed bracket', 'code[=a', 400, /`code` must be given once/],
  ['an empty code', 'code=', 400, /is empty/],
  ['an empty error', 'error=', 400, /is empty/],
  ['an object for the state', 'code=a&state[a]=b', 400, /`state` must be given once/],
  ['the state twice', 'code=a&state=b&state=b', 400, /`state` must be given once/],
  ['an object for the error', 'error[message]=a', 400, /`error` must be given once/],
  ['no state', 'code=a', 403, /not started in this browser/],
  ['an empty state', 'code=a&state=', 403, /not started in this browser/],
  ['a code that is much too long', `code=${'a'.repeat(9 * kilobyte)}`, 400, /`code` is too long/],
  ['a state that is much too long', `code=a&state=${'a'.repeat(9 * kilobyte)}`, 400, /`state` is too long/],
  ['an error without a state', `error=x&error_description=${encodeURIComponent(markup)}`, 403, /not started/],
  ['a denial without a state', 'error=access_denied&error_description=pay%20me', 403, /not started/],
  ['a NUL byte in the code', 'code=a%00b', 400, /`code` has characters it cannot have/],
  ['a NUL byte in the state', 'code=a&state=%00', 400, /`state` has characters it cannot have/],
  [
    'a NUL byte in the description',
    'error=a&error_description=%00',
    400,
    /`error_description` has characters/,
  ],
  ['a line break in the code', 'code=a%0d%0aSet-Cookie:%20a=b', 400, /`code` has characters/],
  ['percent-encoding that breaks off', 'code=%&state=%4', 403, /not started/],
  [
    'keys that reach for the prototype',
    'code=a&__proto__[state]=b&constructor[prototype][a]=b',
    403,
    /not started/,
  ],
  ['__proto__ for a state', 'code=a&state=__proto__', 403, /not started/],
  ['a code and an error', 'code=a&error=b&state=c', 403, /not started/],
];

/** [what, content type, body, status, message] */
const bodies: [string, string, string, number, RegExp][] = [
  ['an object for a code in JSON', json, '{"code":{"a":"b"},"state":"c"}', 400, /`code` must be given once/],
  ['a list of codes in JSON', json, '{"code":["a"],"state":"c"}', 400, /`code` must be given once/],
  ['a number for a code in JSON', json, '{"code":1,"state":"c"}', 400, /`code` must be given once/],
  ['null for a code in JSON', json, '{"code":null}', 400, /`code` must be given once/],
  ['true for a state in JSON', json, '{"code":"a","state":true}', 400, /`state` must be given once/],
  ['__proto__ in JSON', json, '{"__proto__":{"state":"b"},"code":"a"}', 403, /not started/],
  ['an object for a code in a form', form, 'code[a]=b', 400, /`code` must be given once/],
  ['the code twice in a form', form, 'code=a&code=b', 400, /`code` must be given once/],
  ['a NUL byte in a form', form, 'code=%00', 400, /`code` has characters/],
  ['a code of 90 kB in a form', form, `code=${'a'.repeat(90 * kilobyte)}`, 400, /`code` is too long/],
  ['a code with a state of nobody in a form', form, 'code=a&state=b', 403, /not started/],
];

for (const [version, express] of [
  ['Express 5', express5],
  ['Express 4', express4],
] as const) {
  describe(`a hostile callback under ${version}`, () => {
    let emulator: MetafyEmulator;
    let app: SignInApp;
    let browser: CookieBrowser;

    before(async () => {
      emulator = await startEmulator();
      app = await startExplainingApp(16 * 1024);
    });
    after(async () => {
      await app[Symbol.asyncDispose]();
      await emulator.stop();
    });
    beforeEach(() => {
      browser = new CookieBrowser();
      emulator.clearRequests();
    });
    afterEach(() => expect(emulator.requests, 'nothing reaches Metafy').to.deep.equal([]));

    /** Its callback, `/explained`, answers what a custom callback of Passport is told. */
    async function startExplainingApp(maxHeaderSize: number): Promise<SignInApp> {
      const started = await startSignInApp({
        strategy: { baseURL: emulator.url },
        framework: express,
        server: { maxHeaderSize },
        handlesErrors: false,
      });
      const explain: RequestHandler = (req, res, next) => {
        const { callbackURL } = started;
        started.passport.authenticate('metafy', { callbackURL }, (error, user, info, status) => {
          if (error) next(error);
          else res.status(user ? 200 : Number(status ?? 401)).json(info);
        })(req, res, next);
      };
      started.app.all('/explained', express.json(), express.urlencoded({ extended: true }), explain);
      return started;
    }

    function expectRefusal(page: Page, status: number, message: RegExp): void {
      expect(page.status).to.equal(status);
      expect(JSON.parse(page.body).message).to.match(message);
    }

    for (const [what, query, status, message] of queries) {
      it(`with ${what} is answered with ${status}`, async () => {
        expectRefusal(await browser.get(`${app.url}/explained?${query}`), status, message);
      });
    }

    for (const [what, type, body, status, message] of bodies) {
      it(`with ${what} is answered with ${status}`, async () => {
        expectRefusal(await browser.post(`${app.url}/explained`, type, body), status, message);
      });
    }

    // Express 5 puts U+FFFD there, qs leaves the percent signs as they are.
    for (const code of ['%E0%A4%A', '%ED%A0%80']) {
      it(`with percent-encoding that is not UTF-8 (${code}) is refused`, async () => {
        const { status } = await browser.get(`${app.url}/explained?code=${code}&state=a`);
        expect(status).to.equal(express === express5 ? 400 : 403);
      });
    }

    it('with a state of 100 kB is answered with 400 where the server lets it in', async () => {
      await using roomy = await startExplainingApp(200 * kilobyte);
      const page = await browser.get(`${roomy.url}/explained?code=a&state=${'a'.repeat(100 * kilobyte)}`);
      expectRefusal(page, 400, /`state` is too long/);
    });

    it('with a state of 100 kB and nothing else is answered with 400 and starts no login', async () => {
      await using roomy = await startExplainingApp(200 * kilobyte);
      const page = await browser.get(`${roomy.url}/explained?state=${'a'.repeat(100 * kilobyte)}`);
      expectRefusal(page, 400, /`state` is too long/);
      expect(await browser.cookies(roomy.url)).to.deep.equal([]);
    });

    it('with a state of 100 kB is answered with 431 by a server as Node has it', async () => {
      const page = await browser.get(`${app.url}/explained?code=a&state=${'a'.repeat(100 * kilobyte)}`);
      expect(page.status).to.equal(431);
    });

    it('with a cookie of 16 kB, named like ours, is answered with 403', async () => {
      await using roomy = await startExplainingApp(200 * kilobyte);
      const state = 'a'.repeat(22);
      const Cookie = `metafy-login-${state}=${'a'.repeat(16 * kilobyte)}`;
      const page = await browser.get(`${roomy.url}/explained?code=a&state=${state}`, { Cookie });
      expectRefusal(page, 403, /not started in this browser/);
    });

    for (const rubbish of [
      '',
      '.',
      '..',
      'zzzzzzzz.',
      `zzzzzzzz.${'A'.repeat(100)}`,
      '%00',
      '%E0%A4%A',
      '"',
      '=',
      '{}',
      '__proto__',
    ]) {
      it(`with a cookie named like ours that holds ${JSON.stringify(rubbish.slice(0, 20))} is answered with 403`, async () => {
        const state = 'a'.repeat(22);
        const Cookie = `metafy-login-${state}=${rubbish}; __Host-metafy-login-${state}=${rubbish}`;
        const page = await browser.get(`${app.url}/explained?code=a&state=${state}`, { Cookie });
        expectRefusal(page, 403, /not started in this browser/);
      });
    }

    it('before or after it, a hundred cookies of rubbish do not keep a person from signing in', async () => {
      await using roomy = await startExplainingApp(200 * kilobyte);
      for (let count = 0; count < 100; count++) {
        const name = `metafy-login-${String(count).padStart(22, 'x')}`;
        await browser.jar.setCookie(`${name}=zzzzzzzz.${'A'.repeat(500)}; Path=/`, roomy.url);
      }
      const page = await signIn(browser, roomy, emulator);
      expect(page.status).to.equal(200);
      emulator.clearRequests();
    });

    for (const error of ['x', 'access_denied', 'server_error', 'invalid_scope']) {
      it(`with error=${error} and a valid state does not write its description into the page as HTML`, async () => {
        const { location } = await browser.get(app.startURL);
        const state = new URL(location).searchParams.get('state');
        const description = encodeURIComponent(markup);
        const page = await browser.get(
          `${app.callbackURL}?error=${error}&error_description=${description}&state=${state}`,
        );
        expect(page.status).to.be.within(400, 599);
        expect(page.body).not.to.include('<script>');
      });
    }

    it('reaches an error handler as an error with the status, with failWithError', async () => {
      const { callbackURL } = app;
      const strict = app.passport.authenticate('metafy', { callbackURL, failWithError: true });
      const answer: express5.ErrorRequestHandler = (error, _req, res, _next) => {
        res.status(error.status).json({ message: error.message });
      };
      app.app.get('/strict', strict, answer);
      expectRefusal(await browser.get(`${app.url}/strict?code[]=a`), 400, /Bad Request/);
    });

    it('does not disturb the login that is pending in the same browser', async () => {
      const callback = await startLogin(browser, app, emulator);
      for (const [, query] of queries) await browser.get(`${app.url}/explained?${query}`);
      expect((await browser.get(callback)).status).to.equal(200);
      expect(await readUserName(browser, app)).to.equal('ada-coach');
      emulator.clearRequests();
    });
  });
}
