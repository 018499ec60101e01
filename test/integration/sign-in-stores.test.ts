import { expect } from 'chai';
import type { Request } from 'express';
import type { StateMetadata } from '../../src';
import type { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { readUserName, signIn, startEmulator, startLogin, startSignInApp } from '../support/sign-in-app';

type Done = (error: Error | null, ...values: unknown[]) => void;

describe('a sign-in whose state is kept elsewhere', () => {
  let emulator: MetafyEmulator;
  let browser: CookieBrowser;
  const strategy = () => ({ baseURL: emulator.url });

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());
  beforeEach(() => {
    browser = new CookieBrowser();
    emulator.clearRequests();
  });

  describe('in express-session, with `state: true`', () => {
    it('signs in, with PKCE, and sets no cookie but the session’s', async () => {
      await using app = await startSignInApp({ strategy: { ...strategy(), state: true } });
      const callback = await startLogin(browser, app, emulator);
      expect((await browser.cookies(app.url)).map(({ key }) => key)).to.deep.equal(['connect.sid']);
      await browser.get(callback);
      expect(await readUserName(browser, app)).to.equal('ada-coach');
      expect(emulator.requests[0]?.body).to.have.property('code_verifier');
    });

    for (const state of ['a string', { an: 'object' }]) {
      it(`brings back the application's state: ${JSON.stringify(state)}`, async () => {
        await using app = await startSignInApp({
          strategy: { ...strategy(), state: true },
          start: { state },
        });
        const { body } = await signIn(browser, app, emulator);
        expect(JSON.parse(body).authInfo.state).to.deep.equal(state);
      });
    }

    it('refuses the callback in another browser', async () => {
      await using app = await startSignInApp({ strategy: { ...strategy(), state: true } });
      const callback = await startLogin(browser, app, emulator);
      expect((await new CookieBrowser().get(callback)).status).to.equal(403);
      expect(emulator.requests).to.have.length(0);
    });

    it('tells the developer when there is no session', async () => {
      await using app = await startSignInApp({ strategy: { ...strategy(), state: true }, hasSession: false });
      const { status, body } = await browser.get(app.startURL);
      expect(status).to.equal(500);
      expect(JSON.parse(body).error.message).to.match(/requires session support/);
    });
  });

  describe('in a store of the application', () => {
    it('signs in with a store that keeps a verifier, with PKCE', async () => {
      const pending = new Map<string, unknown[]>();
      const store = {
        store(_req: Request, verifier: string, state: unknown, _meta: StateMetadata, done: Done) {
          pending.set('handle', [verifier, state]);
          done(null, 'handle');
        },
        verify(_req: Request, handle: string, _meta: StateMetadata, done: Done) {
          done(null, ...(pending.get(handle) ?? [false]));
        },
      };
      await using app = await startSignInApp({
        strategy: { ...strategy(), store },
        start: { state: { cart: 7 } },
      });
      const { body } = await signIn(browser, app, emulator);
      expect(JSON.parse(body).authInfo.state).to.deep.equal({ cart: 7 });
      expect(emulator.requests[0]?.body).to.have.property('code_verifier');
    });

    it('signs in with the oldest shape of a store, without PKCE', async () => {
      const store = {
        store: (_req: Request, done: Done) => done(null, 'handle'),
        verify: (_req: Request, handle: string, done: Done) => done(null, handle === 'handle'),
      };
      await using app = await startSignInApp({ strategy: { ...strategy(), store } });
      await signIn(browser, app, emulator);
      expect(await readUserName(browser, app)).to.equal('ada-coach');
      expect(emulator.requests[0]?.body).not.to.have.property('code_verifier');
    });

    for (const method of ['store', 'verify']) {
      for (const way of ['throws', 'calls back with an error']) {
        it(`passes on what goes wrong when its \`${method}\` ${way}`, async () => {
          const fault = new Error('the database is away');
          const breakDown = (done: Done) => {
            if (way === 'throws') throw fault;
            done(fault);
          };
          const store = {
            store: (_req: Request, done: Done) =>
              method === 'store' ? breakDown(done) : done(null, 'handle'),
            verify: (_req: Request, _handle: string, done: Done) => breakDown(done),
          };
          await using app = await startSignInApp({ strategy: { ...strategy(), store } });
          const { status, body } = await browser.get(
            method === 'store' ? app.startURL : `${app.callbackURL}?code=c&state=handle`,
          );
          expect(status).to.equal(500);
          expect(JSON.parse(body).error.message).to.equal('the database is away');
        });
      }
    }
  });

  for (const option of [{ store: false as const }, { state: false as const }]) {
    describe(`nowhere, with ${JSON.stringify(option)}`, () => {
      it('sends the application’s own `state` and leaves the check to it', async () => {
        await using app = await startSignInApp({
          strategy: { ...strategy(), ...option },
          start: { state: 'its own' },
        });
        const callback = await startLogin(browser, app, emulator);
        expect(new URL(callback).searchParams.get('state')).to.equal('its own');
        await browser.get(callback);
        expect(await readUserName(browser, app)).to.equal('ada-coach');
      });

      it('sends no `state` and no challenge when there is none', async () => {
        await using app = await startSignInApp({ strategy: { ...strategy(), ...option } });
        const { location } = await browser.get(app.startURL);
        expect([...new URL(location).searchParams.keys()]).to.have.members([
          'client_id',
          'redirect_uri',
          'response_type',
          'scope',
        ]);
      });
    });
  }
});
