import { inspect } from 'node:util';
import { expect } from 'chai';
import { Strategy as OAuth2Strategy } from 'passport-oauth2';
import { CookieStateStore } from '../src/cookie-state-store';
import { createRequest, expectOutcome, keepCookies, runStrategy, startLogin } from './support/strategy-run';

const meta = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  tokenURL: 'https://metafy.gg/irk/oauth/token',
  clientID: 'a-client',
  callbackURL: 'https://app.example/cb',
};
const store = new CookieStateStore({ secret: 'canary' });

function storeError(req: Parameters<CookieStateStore['store']>[0], state: unknown): Error | null | undefined {
  let received: Error | null | undefined;
  store.store(req, 'a-verifier', state, meta, (error) => {
    received = error;
  });
  return received;
}

describe('CookieStateStore misused', () => {
  for (const [option, options] of [
    ['options', undefined],
    ['options', 'a secret'],
    ['secret', {}],
    ['secret', { secret: '' }],
    ['secret', { secret: [] }],
    ['maxAgeMs', { secret: 'a', maxAgeMs: 0 }],
    ['maxAgeMs', { secret: 'a', maxAgeMs: '10' }],
  ] as const) {
    it(`refuses ${JSON.stringify(options) ?? 'nothing'}`, () => {
      expect(() => new CookieStateStore(options as never)).to.throw(
        TypeError,
        new RegExp(`^CookieStateStore: .*\`${option}\``),
      );
    });
  }

  it('says what to do where there is no `req.res`', () => {
    const error = storeError(createRequest({ extra: { res: undefined } }), undefined);
    expect(error?.message).to.include('`req.res`').and.include('`state: true`');
  });

  it('says the same where the response has gone when a login is finished', async () => {
    const req = createRequest();
    let handle = '';
    store.store(req, 'a-verifier', undefined, meta, (_error, stored = '') => {
      handle = stored;
    });
    const cookies = keepCookies(new Map(), req);
    let failure: Error | null = null;
    store.verify(createRequest({ cookies, extra: { res: undefined } }), handle, meta, (error) => {
      failure = error;
    });
    expect(failure).to.be.instanceOf(Error).with.property('message').that.includes('`req.res`');
  });

  it('says that a state is too large for a cookie', () => {
    const error = storeError(createRequest(), { text: 'a'.repeat(4000) });
    expect(error).to.be.instanceOf(TypeError);
    expect(error?.message).to.include('`state` smaller');
  });

  it('takes a state of 2 kB', () => {
    expect(storeError(createRequest(), 'a'.repeat(2048))).to.equal(null);
  });

  it('passes on why a state is no JSON', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(storeError(createRequest(), circular)).to.be.instanceOf(TypeError);
    expect(storeError(createRequest(), 1n)).to.be.instanceOf(TypeError);
  });

  it('lets through what a callback throws', () => {
    const failure = new Error("the callback's own");
    const throwing = () => {
      throw failure;
    };
    expect(() => store.store(createRequest(), undefined, undefined, meta, throwing)).to.throw(
      failure.message,
    );
  });

  it('does not show its secret', () => {
    const shown = inspect(store, { depth: null, showHidden: true }) + JSON.stringify(store);
    expect(shown).not.to.include('canary');
  });
});

describe("CookieStateStore in passport-oauth2's own strategy", () => {
  const createStrategy = (pkce: boolean) =>
    new OAuth2Strategy(
      {
        authorizationURL: meta.authorizationURL,
        tokenURL: meta.tokenURL,
        clientID: 'a-client',
        clientSecret: 'a-secret',
        callbackURL: meta.callbackURL,
        store: store as never,
        pkce,
      },
      (
        _accessToken: string,
        _refreshToken: string,
        _profile: unknown,
        done: (e: null, user: object) => void,
      ) => done(null, { id: 1 }),
    );
  type Stubbed = { _oauth2: { getOAuthAccessToken: (code: string, params: object, done: Done) => void } };
  type Done = (error: null, accessToken: string, refreshToken: string, params: object) => void;

  for (const pkce of [true, false]) {
    it(`keeps state and ${pkce ? 'verifier' : 'no verifier'}`, async () => {
      const strategy = createStrategy(pkce);
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
