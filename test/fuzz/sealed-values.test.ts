import { expect } from 'chai';
import fc from 'fast-check';
import { CookieStateStore, MetafyError, MetafyUserTokens } from '../../src';
import { Sealer } from '../../src/seal';
import { caught } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { createRequest } from '../support/strategy-run';
import { check, fuzzTimeoutMs } from './support/check';
import { hostileText, mutate, toHeaderValue } from './support/hostile-text';
import { storedTokens } from './support/stored-tokens';

const secret = 'canary-cookie-key';
const meta = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  tokenURL: 'https://metafy.gg/irk/oauth/token',
  clientID: 'fuzzed',
  callbackURL: 'http://127.0.0.1/callback',
};

describe('any sealed value', function () {
  this.timeout(fuzzTimeoutMs);
  const sealer = new Sealer(secret, 'fuzzing');

  it('comes back as it was sealed, in its context', () =>
    check(
      2000,
      fc.property(fc.string({ unit: 'grapheme' }), hostileText, (text, context) => {
        expect(sealer.open(sealer.seal(text, context), context)).to.equal(text);
      }),
    ));

  it('does not open, nor throw, when it was made up', () =>
    check(
      5000,
      fc.property(
        fc.oneof(hostileText, fc.base64String({ maxLength: 300 })),
        hostileText,
        (value, context) => {
          expect(sealer.open(value, context)).to.equal(undefined);
        },
      ),
    ));

  it('does not open, nor throw, when it was changed anywhere', () => {
    const sealed = sealer.seal('text', 'context');
    return check(
      5000,
      fc.property(mutate(sealed), (changed) => {
        expect(sealer.open(changed, 'context')).to.equal(changed === sealed ? 'text' : undefined);
      }),
    );
  });

  it('does not open in any other context', () => {
    const sealed = sealer.seal('text', 'context');
    return check(
      2000,
      fc.property(fc.oneof(hostileText, mutate('context')), (context) => {
        expect(sealer.open(sealed, context)).to.equal(context === 'context' ? 'text' : undefined);
      }),
    );
  });
});

describe('any cookie of a pending login', function () {
  this.timeout(fuzzTimeoutMs);
  const store = new CookieStateStore({ secret });
  const verify = (cookie: string, state: string | undefined) => {
    const req = createRequest({ headers: { cookie } });
    let result: unknown[] = [];
    store.verify(req, state, meta, (...parameters) => {
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
      hostileText.map((text) => `${name}=${text}`),
      mutate(value).map((changed) => `${name}=${changed}`),
    );
    return check(
      10_000,
      fc.property(state, cookie, (providedState, text) => {
        const header = toHeaderValue(text);
        const [error, ok] = verify(header, providedState);
        expect(error).to.equal(null);
        // White space around a name and a value is part of neither; browsers take it away as well.
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
    const store = new Map([['metafy-user:ada', value]]) as Map<string, string>;
    const client = { ...clientOptions, baseURL: 'http://127.0.0.1:1' };
    return new MetafyUserTokens({ ...client, ...options, store }).get('ada');
  };

  it('gives the user tokens or an error of this package', () =>
    check(
      3000,
      fc.asyncProperty(storedTokens, async (value) => {
        const tokens = await getTokens(value).catch((error) => error);
        if (tokens instanceof MetafyError) return;
        if (tokens instanceof Error) throw tokens;
        expect(tokens.accessToken).to.match(/^[\x21-\x7e]+$/);
        expect(tokens.expiresAt.getTime()).to.be.a('number').and.not.NaN;
      }),
      damaged,
    ));

  it('is nothing where a secret seals the tokens: the user has to sign in', () =>
    check(
      3000,
      fc.asyncProperty(storedTokens, async (value) => {
        const error = await caught<MetafyError>(() => getTokens(value, { secret }));
        expect(error).to.be.instanceOf(MetafyError).and.include({ code: 'login_required' });
      }),
      damaged,
    ));

  it('was kept as tokens, or refused with a TypeError', () =>
    check(
      2000,
      fc.asyncProperty(storedTokens, async (value) => {
        const tokens = parse(value);
        const users = new MetafyUserTokens({ ...clientOptions, store: new Map() });
        const error = await caught(async () => {
          await users.set('ada', tokens as never);
          throw new TypeError('kept');
        });
        expect(error).to.be.instanceOf(TypeError);
        expect(String(error)).not.to.match(/Cannot (read|convert)/);
      }),
    ));
});

function parse(value: unknown): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return value;
  }
}
