import { expect } from 'chai';
import type { Request } from 'express';
import { Strategy as OAuth2Strategy } from 'passport-oauth2';
import { CookieStateStore } from '../../src';
import {
  createRequest,
  expectOutcome,
  keepCookies,
  listSetCookies,
  runStrategy,
  startLogin,
} from '../support/strategy-run';
import { callStore, createCallback, fail, failure, stateMetadata } from './support/sign-in';

// What it keeps, how long, and for whom is tested in test/authorization/login-cookie.test.ts.
const store = new CookieStateStore({ secret: 'a secret of at least 32 characters' });
const start = (req: Request, state?: unknown, verifier: string | undefined = 'a-verifier') =>
  callStore((callback) => store.store(req, verifier, state, stateMetadata, callback));
const finish = (req: Request, handle: unknown) =>
  callStore((callback) => store.verify(req, handle as string, stateMetadata, callback));

/** A browser in which a sign-in has been started. */
function startInBrowser() {
  const req = createRequest();
  const [, handle] = start(req);
  return { handle, cookies: keepCookies(new Map(), req) };
}

describe('CookieStateStore', () => {
  it('gives back verifier and state', () => {
    const req = createRequest();
    const [error, handle] = start(req, { returnTo: '/' });
    expect(error).to.equal(null);
    const cookies = keepCookies(new Map(), req);
    expect(finish(createRequest({ cookies }), handle)).to.deep.equal([null, 'a-verifier', { returnTo: '/' }]);
  });

  it('answers `false` with a message and a code for an unknown state', () => {
    const [error, ok, info] = finish(createRequest(startInBrowser()), 'a'.repeat(22));
    expect([error, ok]).to.deep.equal([null, false]);
    expect(info).to.include({ code: 'unknown_state' }).with.property('message').that.includes('sign in again');
  });

  it('lets through what a callback throws', () => {
    expect(() => store.store(createRequest(), undefined, undefined, stateMetadata, fail)).to.throw(failure.message);
  });

  it('rejects options that are no object with a TypeError that names them', () => {
    for (const options of [undefined, 'a secret'])
      expect(() => new CookieStateStore(options as never)).to.throw(TypeError, '`options`');
  });

  it("leaves the application's own cookies on the response", () => {
    for (const own of ['own=1', ['own=1', 'other=2']]) {
      const req = createRequest();
      req.res?.setHeader('Set-Cookie', own);
      start(req);
      expect(listSetCookies(req).slice(0, -1)).to.deep.equal([own].flat());
    }
  });

  it('needs of a response `getHeader` and `setHeader` only, and of a request no headers', () => {
    const headers = new Map<string, unknown>();
    const res = { getHeader: (name: string) => headers.get(name), setHeader: headers.set.bind(headers) };
    const [error, handle] = start({ res } as never);
    expect(error).to.equal(null);
    expect(headers.get('Set-Cookie')).to.have.property('0').that.includes(handle);
    expect(finish({ res } as never, handle).slice(0, 2)).to.deep.equal([null, false]);
  });

  it('finds the response of Koa’s context, where `res` is the stand-in of koa-passport', () => {
    const { res } = createRequest();
    start(createRequest({ extra: { res: { setHeader() {} }, ctx: { res } } }));
    expect(res?.getHeader('set-cookie')).to.have.lengthOf(1);
  });

  it('says what is missing where there is no response, at the start and at the end', () => {
    const { cookies, handle } = startInBrowser();
    for (const res of [undefined, {}, { getHeader() {} }]) {
      const req = createRequest({ cookies, extra: { res } });
      for (const [error] of [start(req), finish(req, handle)])
        expect(error?.message).to.include('`req.res`').and.include('`state: true`');
    }
  });

  for (const pkce of [true, false]) {
    it(`keeps state and ${pkce ? 'verifier' : 'no verifier'} for passport-oauth2's own strategy`, async () => {
      const strategy = new OAuth2Strategy(
        { ...stateMetadata, clientSecret: 'a-secret', store: store as never, pkce },
        (_access: string, _refresh: string, _profile: unknown, done: (error: null, user: object) => void) =>
          done(null, { id: 1 }),
      );
      let sent = {};
      const getOAuthAccessToken = (_code: string, params: object, done: (...answer: unknown[]) => void) => {
        sent = params;
        done(null, 'a-token', 'a-refresh-token', {});
      };
      Object.assign((strategy as unknown as { _oauth2: object })._oauth2, { getOAuthAccessToken });
      const req = createCallback(await startLogin(strategy, { state: { returnTo: '/' } }));
      const { info } = await expectOutcome('success', runStrategy(strategy, req));
      expect(info).to.deep.equal({ state: { returnTo: '/' } });
      expect('code_verifier' in sent).to.equal(pkce);
    });
  }
});
