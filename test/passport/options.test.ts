import { Agent } from 'node:http';
import { expect } from 'chai';
import { MetafyStrategy, type MetafyStrategyOptions, type StateStore } from '../../src';
import { resolveStrategyOptions } from '../../src/passport/options';
import { strategyOptions } from '../support/client-options';
import { startLogin } from '../support/strategy-run';

const resolve = (options: object) =>
  resolveStrategyOptions({ ...strategyOptions, ...options } as MetafyStrategyOptions);
const createStrategy = (options: object) =>
  new MetafyStrategy({ ...strategyOptions, ...options } as MetafyStrategyOptions, () => ({ id: 1 }));

function createStore(length: number): StateStore {
  const store = (...parameters: unknown[]) =>
    (parameters.at(-1) as (error: null, state: string) => void)(null, 'of-the-store');
  return { store: Object.defineProperty(store, 'length', { value: length }), verify: () => {} };
}

describe('options of MetafyStrategy', () => {
  for (const [option, values] of Object.entries({
    clientID: [undefined],
    clientSecret: [''],
    baseURL: ['http://metafy.gg'],
    timeoutMs: ['1000'],
    agent: ['agent', new Agent()],
    callbackURL: [undefined],
    authorizationURL: ['/auth'],
    tokenURL: ['http://metafy.gg/token'],
    userProfileURL: ['https://metafy.gg/me#a'],
    scope: [42, ['profile', 42]],
    store: ['session', 42, true, {}, { store: () => {} }, { store: () => {}, verify: 'a' }],
    state: ['a-state', 42, {}],
    pkce: ['plain', 's256', 42],
  })) {
    it(`make a TypeError that names \`${option}\` when it is wrong`, () => {
      for (const value of values)
        expect(() => createStrategy({ [option]: value })).to.throw(TypeError, `\`${option}\``);
    });
  }

  for (const [title, options] of [
    ['no store', { store: false, pkce: true }],
    ['no state', { state: false, pkce: 'S256' }],
    ['a store that keeps no verifier', { store: createStore(4), pkce: true }],
  ] as const) {
    it(`make a TypeError that names \`pkce\` with ${title}`, () => {
      expect(() => createStrategy(options)).to.throw(TypeError, '`pkce`');
    });
  }

  it('are an object, beside a verify function', () => {
    for (const options of [undefined, null, 'options', () => {}])
      expect(() => new MetafyStrategy(options as never, () => null)).to.throw(TypeError, '`options`');
    for (const verify of [undefined, null, {}, 'verify'])
      expect(() => new MetafyStrategy(strategyOptions, verify as never)).to.throw(TypeError, '`verify`');
  });

  it('are never repeated in a message', () => {
    for (const option of ['baseURL', 'callbackURL', 'tokenURL', 'store', 'pkce', 'state'])
      expect(() => createStrategy({ [option]: 'canary:' }))
        .to.throw(TypeError)
        .with.property('message')
        .that.does.not.include('canary');
  });

  it('are left alone', () => {
    expect(() => createStrategy(Object.freeze({ scope: Object.freeze(['profile']) }))).not.to.throw();
  });
});

describe('resolveStrategyOptions', () => {
  it("points at Metafy's URLs by default, under `baseURL`, or each at its own", () => {
    const urls = (base: string) => ({
      authorizationURL: `${base}/auth/authorize`,
      tokenURL: `${base}/irk/oauth/token`,
      userProfileURL: `${base}/irk/api/v1/me`,
    });
    const own = {
      authorizationURL: 'https://a.example/authorize',
      tokenURL: 'https://b.example/token',
      userProfileURL: 'https://c.example/me',
    };
    expect(resolve({})).to.include(urls('https://metafy.gg'));
    expect(resolve({ baseURL: 'http://127.0.0.1:4000' })).to.include(urls('http://127.0.0.1:4000'));
    expect(resolve(own)).to.include(own);
  });

  it('asks for the profile by default, and for what it is told to otherwise', () => {
    const scope = ['profile', 'community'];
    expect(resolve({}).inherited).to.include({ scope: 'profile' });
    expect(resolve({ scope }).inherited).to.include({ scope });
  });

  /** Where a sign-in that is started is kept, and whether there is PKCE. */
  async function startWith(options: object): Promise<{ place: string; usesPKCE: boolean }> {
    const session = {};
    const { url, state, jar } = await startLogin(createStrategy(options), {}, { extra: { session } });
    const place =
      state === 'of-the-store'
        ? 'that store'
        : jar.size > 0
          ? 'a cookie'
          : Object.keys(session).length > 0
            ? 'the session'
            : 'nothing';
    return { place, usesPKCE: url.searchParams.has('code_challenge') };
  }
  const five = createStore(5);

  for (const [title, options, place, usesPKCE] of [
    ['no option', {}, 'a cookie', true],
    ['undefined options', { store: undefined, state: undefined, pkce: undefined }, 'a cookie', true],
    ["pkce: 'S256'", { pkce: 'S256' }, 'a cookie', true],
    ['pkce: false', { pkce: false }, 'a cookie', false],
    ['state: true', { state: true }, 'the session', true],
    ['state: true, pkce: false', { state: true, pkce: false }, 'the session', false],
    ['state: false', { state: false }, 'nothing', false],
    ['store: false', { store: false, pkce: false }, 'nothing', false],
    ['store: false, state: true', { store: false, state: true }, 'nothing', false],
    ['a store that keeps a verifier', { store: five, pkce: true }, 'that store', true],
    ['a store that keeps a verifier, pkce: false', { store: five, pkce: false }, 'that store', false],
    ['a store that keeps none', { store: createStore(4) }, 'that store', false],
    ['a store and state: true', { store: five, state: true }, 'that store', true],
  ] as const) {
    it(`keeps the state in ${place} with ${title}, ${usesPKCE ? 'and has' : 'without'} PKCE`, async () => {
      expect(await startWith(options)).to.deep.equal({ place, usesPKCE });
    });
  }
});
