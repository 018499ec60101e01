import { expect } from 'chai';
import { MetafyStrategy, type MetafyStrategyOptions, type StateStore } from '../src';
import { resolveStrategyOptions } from '../src/strategy-options';
import { strategyOptions } from './support/client-options';
import { startLogin } from './support/strategy-run';

const resolve = (options: object) =>
  resolveStrategyOptions({ ...strategyOptions, ...options } as MetafyStrategyOptions);
const createStrategy = (options: object) =>
  new MetafyStrategy({ ...strategyOptions, ...options } as MetafyStrategyOptions, () => ({ id: 1 }));
const construct = (options: object) => () => createStrategy(options);

function customStore(length: number): StateStore {
  const store = (...parameters: unknown[]) =>
    (parameters.at(-1) as (error: null, state: string) => void)(null, 'of-the-store');
  return { store: Object.defineProperty(store, 'length', { value: length }), verify: () => {} };
}

describe('MetafyStrategy misused', () => {
  for (const [option, values] of Object.entries({
    clientID: [undefined, '', 42],
    clientSecret: [undefined, '', 42],
    baseURL: ['', 'metafy.gg', 'http://metafy.gg'],
    timeoutMs: [0, -1, '1000', Number.POSITIVE_INFINITY],
    callbackURL: [
      undefined,
      null,
      '',
      42,
      'https://',
      'https://a b/cb',
      'https://app.example/cb#a',
      '/cb#a',
      'ftp://app.example/cb',
      'javascript:alert(1)',
      'localhost:3000/cb',
    ],
    authorizationURL: ['', '/auth', 'http://metafy.gg/auth', 'https://metafy.gg/auth?a=b'],
    tokenURL: ['', '/token', 'http://metafy.gg/token', 'https://user@metafy.gg/token'],
    userProfileURL: ['', '/me', 'http://metafy.gg/me', 'https://metafy.gg/me#a'],
    scope: [42, {}, ['profile', 42], true],
    store: ['session', 42, true, {}, { store: () => {} }, { store: () => {}, verify: 'a' }],
    state: ['a-state', 42, {}],
    pkce: ['plain', 's256', 42],
    agent: ['agent', 42],
  })) {
    for (const value of values) {
      it(`refuses ${option} ${JSON.stringify(value) ?? 'undefined'}`, () => {
        expect(construct({ [option]: value })).to.throw(
          TypeError,
          new RegExp(`^MetafyStrategy: .*\`${option}\``),
        );
      });
    }
  }

  for (const options of [undefined, null, 'options', () => {}]) {
    it(`refuses ${options === null ? 'null' : typeof options} for options`, () => {
      expect(() => new MetafyStrategy(options as never, () => ({}))).to.throw(TypeError, '`options`');
    });
  }

  for (const verify of [undefined, null, {}, 'verify']) {
    it(`refuses ${verify === null ? 'null' : typeof verify} for verify`, () => {
      expect(() => new MetafyStrategy(strategyOptions, verify as never)).to.throw(
        TypeError,
        /^MetafyStrategy: `verify` must be a function/,
      );
    });
  }

  it('never repeats a value in its message', () => {
    for (const option of ['baseURL', 'callbackURL', 'tokenURL', 'store', 'pkce']) {
      expect(construct({ [option]: 'canary:' }))
        .to.throw(TypeError)
        .with.property('message')
        .that.does.not.include('canary');
    }
  });
});

describe('resolveStrategyOptions', () => {
  it("points at Metafy's four URLs by default", () => {
    const { authorizationURL, tokenURL, userProfileURL, revocation } = resolve({});
    expect([authorizationURL, tokenURL, userProfileURL, revocation.place]).to.deep.equal([
      'https://metafy.gg/auth/authorize',
      'https://metafy.gg/irk/oauth/token',
      'https://metafy.gg/irk/api/v1/me',
      'https://metafy.gg/irk/oauth/revoke',
    ]);
  });

  it('takes each URL one by one', () => {
    const own = {
      authorizationURL: 'https://a.example/authorize',
      tokenURL: 'https://b.example/token',
      userProfileURL: 'https://c.example/me',
    };
    expect(resolve(own)).to.include(own);
  });

  it('takes URLs on this machine', () => {
    expect(resolve({ baseURL: 'http://127.0.0.1:4000' }).tokenURL).to.equal(
      'http://127.0.0.1:4000/irk/oauth/token',
    );
  });

  for (const callbackURL of [
    'https://app.example/cb?a=b',
    'http://localhost:3000/cb',
    '/cb',
    'cb',
    '/cb?next=a:b',
  ]) {
    it(`takes the callback URL ${callbackURL}`, () => {
      expect(resolve({ callbackURL }).inherited).to.include({ callbackURL });
    });
  }

  it('asks for the profile by default, and for what it is told to otherwise', () => {
    const scope = ['profile', 'community'];
    expect(resolve({}).inherited).to.include({ scope: 'profile' });
    expect(resolve({ scope }).inherited).to.include({ scope });
  });

  /** Where a login that is started leaves its traces, and whether there is PKCE. */
  async function startWith(options: object): Promise<{ keeper: string; usesPKCE: boolean }> {
    const session = {};
    const { url, state, jar } = await startLogin(createStrategy(options), {}, { extra: { session } });
    const traces = {
      'a cookie': jar.size > 0,
      'the session': Object.keys(session).length > 0,
      'that store': state === 'of-the-store',
    };
    const [keeper = 'nothing'] = Object.entries(traces).flatMap(([name, isThere]) => (isThere ? [name] : []));
    return { keeper, usesPKCE: url.searchParams.has('code_challenge') };
  }
  const five = customStore(5);
  const four = customStore(4);

  for (const [title, options, keeper, usesPKCE] of [
    ['no option', {}, 'a cookie', true],
    ['undefined options', { store: undefined, state: undefined, pkce: undefined }, 'a cookie', true],
    ['pkce: true', { pkce: true }, 'a cookie', true],
    ["pkce: 'S256'", { pkce: 'S256' }, 'a cookie', true],
    ['pkce: false', { pkce: false }, 'a cookie', false],
    ['state: true', { state: true }, 'the session', true],
    ['state: true, pkce: false', { state: true, pkce: false }, 'the session', false],
    ['state: false', { state: false }, 'nothing', false],
    ['store: false', { store: false }, 'nothing', false],
    ['store: false, state: true', { store: false, state: true }, 'nothing', false],
    ['store: false, pkce: false', { store: false, pkce: false }, 'nothing', false],
    ['a store that keeps a verifier', { store: five }, 'that store', true],
    ['a store that keeps a verifier, pkce: false', { store: five, pkce: false }, 'that store', false],
    ['a store that keeps none', { store: four }, 'that store', false],
    ['a store and state: true', { store: five, state: true }, 'that store', true],
  ] as const) {
    it(`keeps the state in ${keeper} with ${title}, ${usesPKCE ? 'and has' : 'without'} PKCE`, async () => {
      expect(await startWith(options)).to.deep.equal({ keeper, usesPKCE });
    });
  }

  for (const [title, options] of [
    ['no store', { store: false, pkce: true }],
    ['no state', { state: false, pkce: 'S256' }],
    ['a store that keeps no verifier', { store: customStore(4), pkce: true }],
  ] as const) {
    it(`refuses PKCE with ${title}`, () => {
      expect(construct(options)).to.throw(TypeError, /^MetafyStrategy: option `pkce` needs a `store`/);
    });
  }
});
