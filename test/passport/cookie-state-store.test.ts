import { inspect } from 'node:util';
import { type Clock, install } from '@sinonjs/fake-timers';
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

function start(req: Request, state?: unknown, from = store): Call {
  let call: Call | undefined;
  from.store(req, 'a-verifier', state, meta, (...given) => {
    call = given;
  });
  return call as Call;
}

function finish(req: Request, handle: unknown, from = store): Call {
  let call: Call | undefined;
  from.verify(req, handle as string, meta, (...given) => {
    call = given;
  });
  return call as Call;
}

/** A browser in which a sign-in has been started. */
function startInBrowser(state?: unknown, from = store) {
  const req = createRequest();
  const [, handle] = start(req, state, from);
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
    const req = createRequest();
    let handle = '';
    store.store(req, undefined, undefined, meta, (_error, given = '') => {
      handle = given;
    });
    expect(finish(createRequest({ cookies: keepCookies(new Map(), req) }), handle)).to.deep.equal([
      null,
      true,
      undefined,
    ]);
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

  describe('as time goes by', () => {
    let clock: Clock;
    beforeEach(() => {
      clock = install({ toFake: ['Date'], now: 1_800_000_000_000 });
    });
    afterEach(() => clock.uninstall());

    for (const [title, options, lifetimeMs] of [
      ['ten minutes', { secret }, 600_000],
      ['`maxAgeMs`', { secret, maxAgeMs: 1000 }, 1000],
    ] as const) {
      it(`knows a sign-in for ${title}`, () => {
        const from = new CookieStateStore(options);
        const { cookies, handle } = startInBrowser(undefined, from);
        clock.tick(lifetimeMs - 1);
        expect(finish(createRequest({ cookies }), handle, from)[1]).to.equal('a-verifier');
        clock.tick(1);
        expect(finish(createRequest({ cookies }), handle, from)[2]).to.include({ code: 'expired_state' });
      });
    }
  });

  it('opens what an older secret sealed', () => {
    const { cookies, handle } = startInBrowser();
    const from = new CookieStateStore({ secret: ['another secret of 32 characters!', secret] });
    expect(finish(createRequest({ cookies }), handle, from)[1]).to.equal('a-verifier');
  });

  it("is secure where Express says so, and on a TLS connection, whatever the callback URL's scheme", () => {
    const encrypted = createRequest();
    Object.assign(encrypted.socket, { encrypted: true });
    for (const [req, prefix] of [
      [createRequest({ isSecure: true }), '__Host-'],
      [encrypted, '__Host-'],
      [createRequest(), 'metafy-login-'],
    ] as const) {
      store.store(req, 'v', undefined, { ...meta, callbackURL: 'http://localhost/cb' }, () => {});
      expect(listSetCookies(req)[0]?.startsWith(prefix)).to.equal(true);
    }
  });

  it('passes on why a state cannot be kept', () => {
    const [error] = start(createRequest(), 'a'.repeat(4000));
    expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`state` smaller');
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

  for (const [option, options] of [
    ['options', undefined],
    ['options', 'a secret'],
    ['secret', {}],
    ['secret', { secret: undefined }],
    ['secret', { secret: '' }],
    ['secret', { secret: 'a'.repeat(31) }],
    ['secret', { secret: [] }],
    ['secret', { secret: ['a'.repeat(32), 'a'.repeat(31)] }],
    ['maxAgeMs', { secret, maxAgeMs: 0 }],
  ] as const) {
    it(`rejects ${JSON.stringify(options) ?? 'nothing'} with a TypeError that names \`${option}\``, () => {
      expect(() => new CookieStateStore(options as never)).to.throw(TypeError, `\`${option}\``);
    });
  }
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
