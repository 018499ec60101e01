import { inspect } from 'node:util';
import { expect } from 'chai';
import { MetafyResponseError } from '../../src/errors';
import {
  isFresh,
  parseStoredTokens,
  parseTokenResponse,
  splitScope,
  toMetafyTokens,
} from '../../src/metafy/token-response';
import { caught } from '../support/caught';
import { documentedTokens } from '../support/nock-metafy';
import { hourMs, useClock } from '../tokens/support/clock';

const receivedAtMs = Date.parse('2026-01-02T03:04:05Z');
const minimal = { access_token: 'a-token', token_type: 'Bearer' };
const kibibyte = 1024;

describe('parseTokenResponse', () => {
  it("takes the answer in Metafy's documentation as it is", () => {
    expect(parseTokenResponse(documentedTokens)).to.deep.equal(documentedTokens);
  });

  for (const fields of [
    {},
    { token_type: 'bearer' },
    { token_type: 'BEARER' },
    { expires_in: null, scope: null },
    { expires_in: 0 },
    { expires_in: 0.5 },
    { access_token: 'a'.repeat(16 * kibibyte), refresh_token: 'b'.repeat(16 * kibibyte) },
    { created_at: 'whenever' },
  ]) {
    it(`takes ${JSON.stringify(fields).slice(0, 60)}`, () => {
      expect(parseTokenResponse({ ...minimal, ...fields })).to.include(fields);
    });
  }

  it('reads a lifetime of digits in a string as a number', () => {
    expect(parseTokenResponse({ ...minimal, expires_in: '7200' })).to.have.property('expires_in', 7200);
  });

  for (const refresh_token of ['', null]) {
    it(`reads the refresh token ${JSON.stringify(refresh_token)} as none`, () => {
      expect(parseTokenResponse({ ...minimal, refresh_token })).to.deep.equal(minimal);
    });
  }

  const badTokens = ['', 42, {}, 'with space', 'line\nbreak', 'ünicode', 'a'.repeat(16 * kibibyte + 1)];
  for (const [field, values] of Object.entries({
    access_token: [undefined, null, ...badTokens],
    token_type: [undefined, null, '', 'mac', 42, ['Bearer']],
    expires_in: ['', 'soon', '-1', '7200s', '1e3', -1, {}, true, []],
    refresh_token: badTokens.slice(1),
    scope: [42, ['profile'], {}],
  })) {
    for (const value of values) {
      it(`refuses ${field} ${inspect(value).slice(0, 20)}, and does not show it`, async () => {
        const json = { ...minimal, [field]: value };
        const error = await caught<MetafyResponseError>(() => parseTokenResponse(json, 200));
        expect(error).to.be.instanceOf(MetafyResponseError);
        expect(error).to.include({ code: 'bad_body', status: 502, upstreamStatus: 200 });
        expect(error.message).to.include(`\`${field}\``);
        if (typeof value === 'string' && value !== '') expect(error.message).not.to.include(value);
      });
    }
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

  it('leaves the refresh token out where there is none', () => {
    expect(toMetafyTokens(minimal, receivedAtMs)).not.to.have.property('refreshToken');
  });

  for (const [expires_in, lifetimeMs] of [
    [undefined, 2 * hourMs],
    [null, 2 * hourMs],
    [0, 0],
    [0.5, 500],
    [1e12, 1e15],
  ] as const) {
    it(`takes a lifetime of ${expires_in} s for ${lifetimeMs} ms from when the answer arrived`, () => {
      const response = { ...minimal, created_at: 1, expires_in: expires_in as number };
      expect(toMetafyTokens(response, receivedAtMs).expiresAt.getTime()).to.equal(receivedAtMs + lifetimeMs);
    });
  }

  it('ends a lifetime beyond all dates at the last of them', () => {
    for (const expires_in of [1e300, Number.POSITIVE_INFINITY])
      expect(toMetafyTokens({ ...minimal, expires_in }, receivedAtMs).expiresAt.getTime()).to.equal(8.64e15);
  });

  it('takes the scope requested for granted only where the answer names none', () => {
    const scopes = [undefined, 'community', ''].map(
      (scope) => toMetafyTokens({ ...minimal, scope }, receivedAtMs, ['profile']).scope,
    );
    expect(scopes).to.deep.equal([['profile'], ['community'], []]);
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
      expect(inspect(value, { depth: null, showHidden: true }))
        .to.include("'profile'")
        .and.include('2026-01-02T05:04:05')
        .and.not.include(documentedTokens.access_token)
        .and.not.include(documentedTokens.refresh_token);
    }
  });

  it('do not pretend to mask a refresh token that is not there', () => {
    expect(inspect(toMetafyTokens(minimal, receivedAtMs))).not.to.include('refreshToken');
  });

  it('are fresh until the margin before their expiry', () => {
    const response = { ...minimal, expires_in: 3600 };
    const margins = [hourMs - 1, hourMs].map((marginMs) => isFresh(toMetafyTokens(response, Date.now()), marginMs));
    expect(margins).to.deep.equal([true, false]);
  });
});

describe('parseStoredTokens', () => {
  const stored = { accessToken: 'a', refreshToken: 'b', scope: [], expiresAt: '2030-01-01' };
  for (const change of [
    { expiresAt: undefined },
    { expiresAt: 'soon' },
    { expiresAt: 7 },
    { scope: 'x' },
    { accessToken: 7 },
    { refreshToken: '\n' },
  ]) {
    it(`finds no tokens with ${inspect(change)}`, () => {
      expect(parseStoredTokens(stored)).to.include({ accessToken: 'a' });
      expect(parseStoredTokens({ ...stored, ...change })).to.equal(undefined);
    });
  }
});

describe('splitScope', () => {
  for (const [scope, expected] of [
    ['profile community', ['profile', 'community']],
    [' profile  community ', ['profile', 'community']],
    [
      ['profile', '', 'community'],
      ['profile', 'community'],
    ],
    ['', []],
  ] as const) {
    it(`reads ${JSON.stringify(scope)}`, () => {
      expect(splitScope(scope)).to.deep.equal(expected);
    });
  }
});
