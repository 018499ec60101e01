import { expect } from 'chai';
import fc from 'fast-check';
import { CookieStateStore, MetafyUserTokens } from '../../src';
import { caught } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { createRequest } from '../support/strategy-run';
import { check, fuzzTimeoutMs } from './support/check';
import { hostileText, mutate, toHeaderValue } from './support/hostile-text';
import { storedTokens } from './support/stored-tokens';

const secret = 'canary of at least 32 characters';
const meta = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  tokenURL: 'https://metafy.gg/irk/oauth/token',
  clientID: 'fuzzed',
  callbackURL: 'http://127.0.0.1/callback',
};

describe('any cookie of a pending login', function () {
  this.timeout(fuzzTimeoutMs);
  const store = new CookieStateStore({ secret });
  const verify = (cookie: string, state: string | undefined) => {
    let result: unknown[] = [];
    store.verify(createRequest({ headers: { cookie } }), state, meta, (...parameters) => {
      result = parameters;
    });
    return result;
  };

  it('opens for its own state alone, and never throws', () => {
    const req = createRequest();
    let handle = '';
    store.store(req, 'the-verifier', { returnTo: '/' }, meta, (_error, text) => {
      handle = text ?? '';
    });
    const [pair = ''] = String(req.res?.getHeader('set-cookie')).split(';');
    const [name = '', value = ''] = pair.split('=');
    expect(verify(pair, handle)).to.deep.equal([null, 'the-verifier', { returnTo: '/' }]);

    const state = fc.oneof(fc.constant(handle), mutate(handle), hostileText, fc.constant(undefined));
    const cookie = fc.oneof(
      mutate(pair),
      hostileText,
      fc.oneof(hostileText, mutate(value)).map((text) => `${name}=${text}`),
    );
    return check(
      fc.property(state, cookie, (providedState, text) => {
        const header = toHeaderValue(text);
        const [error, ok] = verify(header, providedState);
        expect(error).to.equal(null);
        // White space around a name and a value is part of neither; browsers remove it as well.
        const pairs = header.split(';').map((part) => part.split('=').map((half) => half.trim()));
        const isRight = providedState === handle && pairs.some((halves) => halves.join('=') === pair);
        if (!isRight) expect(ok).to.equal(false);
      }),
    );
  });
});

describe('any value in a store of tokens', function () {
  this.timeout(fuzzTimeoutMs);
  // Each threw "Cannot convert object to primitive value" at the application once.
  const noText = { toString: 0, valueOf: 0 };
  const tokens = {
    accessToken: 'a',
    refreshToken: 'r',
    scope: [],
    expiresAt: new Date(Date.now() + 600_000),
  };
  const damaged: [unknown][] = [
    [JSON.stringify({ ...tokens, expiresAt: noText })],
    [JSON.stringify({ ...tokens, raw: { expires_in: noText } })],
  ];

  /** What the application gets for a user, whose row in the store is `value`. Nobody listens on port 1. */
  const getTokens = (value: unknown, options: { secret?: string } = {}) => {
    const store = { get: () => value, set: () => true, delete: () => true };
    const client = { ...clientOptions, baseURL: 'http://127.0.0.1:1' };
    return new MetafyUserTokens({ ...client, ...options, store }).get('ada');
  };

  it('gives the user tokens or an error', async () => {
    let successes = 0;
    const property = fc.asyncProperty(storedTokens, async (value) => {
      const tokens = await getTokens(value).catch((error) => error);
      if (tokens instanceof Error) return expectMeant(tokens);
      expect(tokens.accessToken).to.match(/^[\x21-\x7e]+$/);
      expect(tokens.expiresAt.getTime()).to.be.a('number').and.not.NaN;
      successes += 1;
    });
    await check(property, damaged);
    // Or the cases would not go where they should.
    expect(successes).to.be.above(0);
  });

  it('opens nothing that was not sealed, where there is a secret', () =>
    check(
      fc.asyncProperty(storedTokens, async (value) => {
        expectMeant(await caught(() => getTokens(value, { secret })));
      }),
      damaged,
    ));
});

/** Not an exception of JavaScript's own. */
function expectMeant(error: Error): void {
  expect(error.message).not.to.match(/^Cannot |is not (a function|iterable)|undefined|Invalid time value/);
}
