import { inspect } from 'node:util';
import { expect } from 'chai';
import type { Request } from 'express';
import { Strategy as OAuth2Strategy } from 'passport-oauth2';
import { CookieStateStore } from '../../src';
import type { StateMetadata } from '../../src/passport/state-store';
import {
  createRequest,
  expectOutcome,
  keepCookies,
  listSetCookies,
  runStrategy,
  startLogin,
} from '../support/strategy-run';

const secret = 'canary, a secret of 32 characters';
const meta: StateMetadata = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  tokenURL: 'https://metafy.gg/irk/oauth/token',
  clientID: 'a-client',
  callbackURL: 'https://app.example/cb',
};
const store = new CookieStateStore({ secret });

type Call = [error: Error | null, ...values: unknown[]];

function start(req: Request, state?: unknown, verifier: string | null = 'a-verifier'): Call {
  let call: Call | undefined;
  store.store(req, verifier ?? undefined, state, meta, (...given) => {
    call = given;
  });
  return call as Call;
}

function finish(req: Request, handle: unknown): Call {
  let call: Call | undefined;
  store.verify(req, handle as string, meta, (...given) => {
    call = given;
  });
  return call as Call;
}

/** A browser in which a sign-in has been started. */
function startInBrowser(verifier?: string | null) {
  const req = createRequest();
  const [, handle] = start(req, undefined, verifier);
  return { handle, cookies: keepCookies(new Map(), req) };
}

describe('CookieStateStore', () => {
  it('gives back verifier and state, clears the cookie, and keeps both answers out of caches', () => {
    const first = createRequest();
    const [error, handle] = start(first, { returnTo: '/' });
    expect(error).to.equal(null);
    const cookies = keepCookies(new Map(), first);
    const second = createRequest({ cookies });
    expect(finish(second, handle)).to.deep.equal([null, 'a-verifier', { returnTo: '/' }]);
    expect(keepCookies(cookies, second).size).to.equal(0);
    for (const req of [first, second]) expect(req.res?.getHeader('Cache-Control')).to.equal('no-store');
  });

  it('answers `true` where there was no verifier', () => {
    const { cookies, handle } = startInBrowser(null);
    expect(finish(createRequest({ cookies }), handle)).to.deep.equal([null, true, undefined]);
  });

  it('answers `false` with a message and a code for an unknown state, and sets nothing', () => {
    for (const handle of [undefined, 'a'.repeat(22)]) {
      const req = createRequest(startInBrowser());
      const [error, ok, info] = finish(req, handle);
      expect([error, ok]).to.deep.equal([null, false]);
      expect(info).to.include({ code: 'unknown_state' }).with.property('message').that.includes('sign in again');
      expect(listSetCookies(req)).to.deep.equal([]);
    }
  });

  it('lets through what a callback throws', () => {
    const failure = new Error("the callback's own");
    const throwing = () => {
      throw failure;
    };
    expect(() => store.store(createRequest(), undefined, undefined, meta, throwing)).to.throw(failure.message);
  });

  it('does not show its secret', () => {
    expect(inspect(store, { depth: null, showHidden: true }) + JSON.stringify(store)).not.to.include('canary');
  });

  it('rejects options that are no object with a TypeError that names them', () => {
    for (const options of [undefined, 'a secret'])
      expect(() => new CookieStateStore(options as never)).to.throw(TypeError, '`options`');
  });
});

describe('CookieStateStore and the request and response of frameworks', () => {
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
    const res = {
      getHeader: (name: string) => headers.get(name.toLowerCase()),
      setHeader: (name: string, value: unknown) => headers.set(name.toLowerCase(), value),
    };
    const [error, handle] = start({ res } as never);
    expect(error).to.equal(null);
    const [line] = headers.get('set-cookie') as string[];
    expect(line).to.include(handle);
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
      for (const [error] of [
        start(createRequest({ extra: { res } })),
        finish(createRequest({ cookies, extra: { res } }), handle),
      ])
        expect(error?.message).to.include('`req.res`').and.include('`state: true`');
    }
  });
});

describe("CookieStateStore in passport-oauth2's own strategy", () => {
  type Done = (error: null, accessToken: string, refreshToken: string, params: object) => void;
  type Stubbed = { _oauth2: { getOAuthAccessToken: (code: string, params: object, done: Done) => void } };

  for (const pkce of [true, false]) {
    it(`keeps state and ${pkce ? 'verifier' : 'no verifier'}`, async () => {
      const strategy = new OAuth2Strategy(
        { ...meta, clientSecret: 'a-secret', store: store as never, pkce },
        (_access: string, _refresh: string, _profile: unknown, done: (error: null, user: object) => void) =>
          done(null, { id: 1 }),
      );
      let sent = {};
      (strategy as unknown as Stubbed)._oauth2.getOAuthAccessToken = (_code, params, done) => {
        sent = params;
        done(null, 'a-token', 'a-refresh-token', {});
      };
      const { state, jar } = await startLogin(strategy, { state: { returnTo: '/' } });
      const req = createRequest({ url: `/cb?code=a&state=${state}`, cookies: jar });
      const { info } = await expectOutcome('success', runStrategy(strategy, req));
      expect(info).to.deep.equal({ state: { returnTo: '/' } });
      expect('code_verifier' in sent).to.equal(pkce);
    });
  }
});
