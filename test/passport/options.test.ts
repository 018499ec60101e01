import { Agent } from 'node:http';
import { expect } from 'chai';
import { MetafyStrategy, type MetafyStrategyOptions } from '../../src';
import { resolveStrategyOptions } from '../../src/passport/options';
import { strategyOptions } from '../support/client-options';
import { startLogin } from '../support/strategy-run';
import { createStore, createStrategy } from './support/sign-in';

const resolve = (options: object) =>
  resolveStrategyOptions({ ...strategyOptions, ...options } as MetafyStrategyOptions);

const five = createStore(5, 3);
const four = createStore(4, 3);

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

  it('make a TypeError that names `pkce` where nothing keeps a verifier', () => {
    for (const options of [
      { store: false, pkce: true },
      { state: false, pkce: 'S256' },
      { store: four, pkce: true },
    ])
      expect(() => createStrategy(options as object)).to.throw(TypeError, '`pkce`');
  });

  it('are an object, beside a verify function', () => {
    for (const options of [undefined, null, 'options', () => {}])
      expect(() => new MetafyStrategy(options as never, () => null)).to.throw(TypeError, '`options`');
    for (const verify of [undefined, null, {}, 'verify'])
      expect(() => new MetafyStrategy(strategyOptions, verify as never)).to.throw(TypeError, '`verify`');
  });

  it('are left alone', () => {
    createStrategy(Object.freeze({ scope: Object.freeze(['profile']) }));
  });
});

describe('resolveStrategyOptions', () => {
  it("points at Metafy's URLs by default, under `baseURL`, or each at its own", () => {
    const urls = (base: string) => ({
      authorizationURL: `${base}/auth/authorize`,
      tokenURL: `${base}/irk/oauth/token`,
      userProfileURL: `${base}/irk/api/v1/me`,
    });
    expect(resolve({})).to.include(urls('https://metafy.gg'));
    expect(resolve({ baseURL: 'http://127.0.0.1:4000' })).to.include(urls('http://127.0.0.1:4000'));
    for (const name of Object.keys(urls(''))) {
      const own = { [name]: 'https://a.example/b' };
      expect(resolve(own)).to.include({ ...urls('https://metafy.gg'), ...own });
    }
  });

  it('asks for the profile by default, and for what it is told to otherwise', () => {
    const scope = ['profile', 'community'];
    expect(resolve({}).inherited).to.include({ scope: 'profile' });
    expect(resolve({ scope }).inherited).to.include({ scope });
  });

  for (const [title, options, place, usesPKCE] of [
    ['no option', {}, 'a cookie', true],
    ['undefined options', { store: undefined, state: undefined, pkce: undefined }, 'a cookie', true],
    ['options that are null', { store: null, state: null, pkce: null }, 'a cookie', true],
    ["pkce: 'S256'", { pkce: 'S256' }, 'a cookie', true],
    ['pkce: false', { pkce: false }, 'a cookie', false],
    ['state: true', { state: true }, 'the session', true],
    ['state: true, pkce: false', { state: true, pkce: false }, 'the session', false],
    ['state: false', { state: false }, 'nothing', false],
    ['store: false', { store: false, pkce: false }, 'nothing', false],
    ['store: false, state: true', { store: false, state: true }, 'nothing', false],
    ['a store that keeps a verifier', { store: five, pkce: true }, 'that store', true],
    ['a store that keeps a verifier, pkce: false', { store: five, pkce: false }, 'that store', false],
    ['a store that keeps none', { store: four }, 'that store', false],
    ['a store and state: true', { store: five, state: true }, 'that store', true],
  ] as const) {
    it(`keeps the state in ${place} with ${title}, ${usesPKCE ? 'and has' : 'without'} PKCE`, async () => {
      const session = {};
      const { url, state, jar } = await startLogin(createStrategy(options as object), {}, { extra: { session } });
      const places = [
        ...(state === 'of-the-store' ? ['that store'] : []),
        ...(jar.size > 0 ? ['a cookie'] : []),
        ...(Object.keys(session).length > 0 ? ['the session'] : []),
      ];
      expect(places.join() || 'nothing').to.equal(place);
      expect(url.searchParams.has('code_challenge')).to.equal(usesPKCE);
    });
  }
});
