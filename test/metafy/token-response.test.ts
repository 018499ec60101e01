import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  isFresh,
  parseStoredTokens,
  parseTokenResponse,
  splitScope,
  toMetafyTokens,
} from '../../src/metafy/token-response';
import { expectError } from '../support/caught';
import { documentedTokens } from '../support/nock-metafy';
import { hourMs, useClock } from '../tokens/support/clock';

const receivedAtMs = Date.parse('2026-01-02T03:04:05Z');
const minimal = { access_token: 'a-token', token_type: 'Bearer' };
const longest = 'a'.repeat(16 * 1024);

describe('parseTokenResponse', () => {
  it("takes the answer in Metafy's documentation as it is, and what else is known", () => {
    expect(parseTokenResponse(documentedTokens)).to.deep.equal(documentedTokens);
    const lifetimes = [null, 0, 0.5].map((expires_in) => ({ expires_in }));
    const types = ['bearer', 'BEARER'].map((token_type) => ({ token_type }));
    const longTokens = { access_token: longest, refresh_token: longest };
    for (const fields of [{}, ...lifetimes, ...types, longTokens, { scope: null, created_at: 'whenever' }]) {
      expect(parseTokenResponse({ ...minimal, ...fields })).to.deep.equal({ ...minimal, ...fields });
    }
  });

  it('reads a lifetime of digits in a string as a number, and an empty refresh token as none', () => {
    for (const refresh_token of ['', null]) {
      const response = parseTokenResponse({ ...minimal, expires_in: '7200', refresh_token });
      expect(response).to.deep.equal({ ...minimal, expires_in: 7200 });
    }
  });

  const badTokens = [42, {}, 'with space', 'line\nbreak', 'ünicode', `${longest}a`];
  for (const [field, values] of Object.entries({
    access_token: [undefined, null, '', ...badTokens],
    token_type: [undefined, null, '', 'mac', 42, ['Bearer']],
    expires_in: ['', 'soon', '-1', '7200s', 's7200', '1e3', -1, {}, true, []],
    refresh_token: badTokens,
    scope: [42, ['profile'], {}],
  })) {
    it(`refuses any other ${field}, and does not show it`, async () => {
      for (const value of values) {
        const parse = () => parseTokenResponse({ ...minimal, [field]: value }, 200);
        const { message } = await expectError(parse, { code: 'bad_body', status: 502, upstreamStatus: 200 });
        expect(message).to.include(`\`${field}\``);
        if (typeof value === 'string' && value !== '') expect(message).not.to.include(value);
      }
    });
  }
});

describe('toMetafyTokens', () => {
  it("turns the answer in Metafy's documentation into tokens", () => {
    expect(toMetafyTokens(documentedTokens, receivedAtMs)).to.deep.equal({
      accessToken: documentedTokens.access_token,
      refreshToken: documentedTokens.refresh_token,
      tokenType: 'Bearer',
      scope: ['profile'],
      expiresAt: new Date('2026-01-02T05:04:05Z'),
      raw: documentedTokens,
    });
  });

  it('leaves the refresh token out where there is none, and the scope empty', () => {
    const tokens = toMetafyTokens(minimal, receivedAtMs);
    expect(tokens).not.to.have.property('refreshToken');
    expect(tokens.scope).to.deep.equal([]);
  });

  it('counts the lifetime from when the answer arrived, up to the last date there is', () => {
    for (const [expires_in, expiresAtMs] of [
      [undefined, receivedAtMs + 2 * hourMs],
      [null, receivedAtMs + 2 * hourMs],
      [0, receivedAtMs],
      [0.5, receivedAtMs + 500],
      [1e12, receivedAtMs + 1e15],
      [1e300, 8.64e15],
      [Number.POSITIVE_INFINITY, 8.64e15],
    ] as const) {
      const response = { ...minimal, created_at: 1, expires_in: expires_in as number };
      expect(toMetafyTokens(response, receivedAtMs).expiresAt.getTime()).to.equal(expiresAtMs);
    }
  });

  it('takes the scope requested for granted only where the answer names none', () => {
    const toScope = (scope?: string) => toMetafyTokens({ ...minimal, scope }, receivedAtMs, ['profile']).scope;
    expect([undefined, 'community', ''].map(toScope)).to.deep.equal([['profile'], ['community'], []]);
  });
});

describe('MetafyTokens', () => {
  useClock();
  const tokens = toMetafyTokens(documentedTokens, receivedAtMs);
  const fromJSON = () => parseStoredTokens(JSON.parse(JSON.stringify(tokens)));

  it('are plain data for JSON and back', () => {
    expect(fromJSON()).to.deep.equal(tokens);
  });

  it('mask themselves in util.inspect, at any depth, also when they come from JSON', () => {
    for (const value of [tokens, fromJSON(), { deep: [tokens] }, new Map([['ada', tokens]])]) {
      const shown = inspect(value, { depth: null, showHidden: true });
      expect(shown).to.include("'profile'").and.include('2026-01-02T05:04:05').and.include('refreshToken');
      expect(shown).not.to.include(documentedTokens.access_token).and.not.include(documentedTokens.refresh_token);
    }
    expect(inspect(toMetafyTokens(minimal, receivedAtMs))).not.to.include('refreshToken');
  });

  it('are fresh until the margin before their expiry', () => {
    const margins = [hourMs - 1, hourMs].map((marginMs) =>
      isFresh(toMetafyTokens({ ...minimal, expires_in: 3600 }, Date.now()), marginMs),
    );
    expect(margins).to.deep.equal([true, false]);
  });
});

it('parseStoredTokens finds no tokens in anything else', () => {
  const stored = { accessToken: 'a', refreshToken: 'b', scope: [], expiresAt: '2030-01-01' };
  expect(parseStoredTokens({ ...stored })).to.include({ accessToken: 'a' });
  for (const [field, value] of [
    ['expiresAt', undefined],
    ['expiresAt', 'soon'],
    ['expiresAt', 7],
    ['scope', 'x'],
    ['accessToken', 7],
    ['refreshToken', '\n'],
  ] as const) {
    expect(parseStoredTokens({ ...stored, [field]: value }), field).to.equal(undefined);
  }
});

it('splitScope reads a text and a list, without empty words', () => {
  for (const scope of ['profile community', ' profile  community ', ['profile', '', 'community']]) {
    expect(splitScope(scope)).to.deep.equal(['profile', 'community']);
  }
  expect(splitScope('')).to.deep.equal([]);
});
