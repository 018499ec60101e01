import { expect } from 'chai';
import {
  keepsVerifier,
  type StateMetadata,
  type StateStore,
  storeState,
  verifyState,
} from '../src/state-store';
import { caught } from './support/caught';
import { createRequest } from './support/strategy-run';

const meta: StateMetadata = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  tokenURL: 'https://metafy.gg/irk/oauth/token',
  clientID: 'a-client',
  callbackURL: 'https://app.example/cb',
};
const req = createRequest();
const ignore = () => {};
const unused = () => expect.fail('not called');

function storing(length: number): unknown[] {
  let received: unknown[] = [];
  const store = (...parameters: unknown[]): void => {
    received = parameters;
  };
  Object.defineProperty(store, 'length', { value: length });
  storeState({ store, verify: unused }, req, 'a-verifier', { a: 1 }, meta, ignore);
  return received;
}

describe('storeState', () => {
  for (const [length, expected] of [
    [2, [req, ignore]],
    [3, [req, meta, ignore]],
    [4, [req, { a: 1 }, meta, ignore]],
    [5, [req, 'a-verifier', { a: 1 }, meta, ignore]],
  ] as const) {
    it(`gives a store of ${length} parameters what passport-oauth2 does`, () => {
      expect(storing(length)).to.deep.equal(expected);
    });
  }

  it('calls a store on itself', () => {
    const store = {
      kept: '',
      store(_req: unknown, _callback: unknown) {
        this.kept = 'yes';
      },
      verify: unused,
    };
    storeState(store, req, undefined, undefined, meta, ignore);
    expect(store.kept).to.equal('yes');
  });
});

describe('keepsVerifier', () => {
  it('is true for a store of five parameters only', () => {
    const stores: StateStore['store'][] = [
      (_a, _b, _c, _d, _e) => {},
      (_a, _b, _c, _d) => {},
      (_a, _b) => {},
    ];
    expect(stores.map((store) => keepsVerifier({ store, verify: unused }))).to.deep.equal([
      true,
      false,
      false,
    ]);
  });
});

describe('verifyState', () => {
  const verify = (method: StateStore['verify']) =>
    verifyState({ store: unused, verify: method }, req, 'the-state', meta);

  it('asks a store of three parameters', async () => {
    const verified = await verify((_req, state, callback) => callback(null, state === 'the-state', { a: 1 }));
    expect(verified).to.deep.equal({ ok: true, state: { a: 1 } });
  });

  it('asks a store of four parameters', async () => {
    const verified = await verify((_req, _state, given, callback) => callback(null, 'a-verifier', given));
    expect(verified).to.deep.equal({ ok: 'a-verifier', state: meta });
  });

  it("rejects with a store's error", async () => {
    const failure = new Error('the store is down');
    expect(await caught(() => verify((_req, _state, callback) => callback(failure)))).to.equal(failure);
  });

  it('rejects with what a store throws', async () => {
    const failure = new Error('the store is broken');
    const error = await caught(() =>
      verify((_req, _state, _callback) => {
        throw failure;
      }),
    );
    expect(error).to.equal(failure);
  });
});
