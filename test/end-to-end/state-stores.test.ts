import { expect } from 'chai';
import type { Request } from 'express';
import type { StateMetadata } from '../../src';
import { CookieBrowser } from '../support/cookie-browser';
import { useSignIns } from './support/sign-ins';

type Done = (error: Error | null, ...values: unknown[]) => void;

// Stores of every shape are compared with passport-oauth2 in ./passport-oauth2.
describe('a sign-in whose state is', () => {
  const context = useSignIns();

  it('in the session ends with PKCE and the application’s state, and sets no cookie but the session’s', async () => {
    await using app = await context.startApp({ strategy: { state: true }, start: { state: { an: 'object' } } });
    const callback = await context.startLogin(app);
    expect((await context.browser.cookies(app.url)).map(({ key }) => key)).to.deep.equal(['connect.sid']);
    expect((await new CookieBrowser().get(callback)).status).to.equal(403);
    const { body } = await context.browser.get(callback);
    expect(JSON.parse(body).authInfo.state).to.deep.equal({ an: 'object' });
    expect(context.emulator.requests[0]?.body).to.have.property('code_verifier');
  });

  it('in a store of the application ends with PKCE and the application’s state', async () => {
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
    await using app = await context.startApp({ strategy: { store }, start: { state: { cart: 7 } } });
    const { body } = await context.signIn(app);
    expect(JSON.parse(body).authInfo.state).to.deep.equal({ cart: 7 });
    expect(context.emulator.requests[0]?.body).to.have.property('code_verifier');
  });
});
