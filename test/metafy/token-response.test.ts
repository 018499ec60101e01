import { inspect } from 'node:util';
import { expect } from 'chai';
import { MetafyResponseError } from '../src/errors';
import { checkTokenResponse, splitScope, toMetafyTokens } from '../src/tokens';
import { caught } from './support/caught';
import { documentedTokens } from './support/nock-metafy';

const receivedAtMs = Date.parse('2026-01-02T03:04:05Z');
const minimal = { access_token: 'a-token', token_type: 'Bearer' };

describe('checkTokenResponse', () => {
  const accepts = (fields: object) => expect(checkTokenResponse({ ...minimal, ...fields })).to.include(fields);

  it("takes the answer in Metafy's documentation as it is", () => {
    expect(checkTokenResponse(documentedTokens)).to.equal(documentedTokens);
  });

  it('takes an answer with nothing but the required fields', () => {
    accepts({});
  });

  it('takes `bearer` in any spelling', () => {
    accepts({ token_type: 'bearer' });
    accepts({ token_type: 'BEARER' });
  });

  it('takes null for what is optional', () => {
    accepts({ expires_in: null, refresh_token: null, scope: null });
  });

  it('takes a lifetime of 0 and a broken one', () => {
    accepts({ expires_in: 0 });
    accepts({ expires_in: 0.5 });
  });

  it('takes fields it does not know', () => {
    accepts({ created_at: 'whenever' });
  });

  for (const [field, values] of Object.entries({
    access_token: [undefined, null, '', 42, {}, 'with space', 'line\nbreak', 'ünicode', 'a'.repeat(4097)],
    token_type: [undefined, null, '', 'mac', 42],
    expires_in: ['7200', -1, {}, true],
    refresh_token: ['', 42, 'line\nbreak', {}],
    scope: [42, ['profile'], {}],
  })) {
    for (const value of values) {
      it(`refuses ${field} ${inspect(value).slice(0, 20)}`, async () => {
        const error = await caught<MetafyResponseError>(() => checkTokenResponse({ ...minimal, [field]: value }, 200));
        expect(error).to.be.instanceOf(MetafyResponseError);
        expect(error).to.include({ code: 'bad_body', status: 502, upstreamStatus: 200 });
        expect(error.message).to.include(`\`${field}\``);
      });
    }
  }

  it('never repeats a value in its message', () => {
    expect(() => checkTokenResponse({ ...minimal, access_token: 'canary value' }))
      .to.throw(MetafyResponseError)
      .with.property('message')
      .that.does.not.include('canary');
  });
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
    for (const answer of [minimal, { ...minimal, refresh_token: undefined }, { ...minimal, refresh_token: null }])
      expect(toMetafyTokens(answer as typeof minimal, receivedAtMs)).not.to.have.property('refreshToken');
  });

  it('assumes the documented lifetime of two hours where there is none', () => {
    expect(toMetafyTokens(minimal, receivedAtMs).expiresAt).to.deep.equal(new Date('2026-01-02T05:04:05Z'));
  });

  it('has a valid date for a lifetime beyond all dates', () => {
    for (const expires_in of [1e300, Number.POSITIVE_INFINITY])
      expect(toMetafyTokens({ ...minimal, expires_in }, receivedAtMs).expiresAt.getTime()).to.equal(8.64e15);
  });

  it('takes the requested scope for granted where the answer names none', () => {
    expect(toMetafyTokens(minimal, receivedAtMs, ['profile']).scope).to.deep.equal(['profile']);
  });

  it('takes the granted scope where the answer names one, even an empty one', () => {
    const scopes = ['community', ''].map(
      (scope) => toMetafyTokens({ ...minimal, scope }, receivedAtMs, ['profile']).scope,
    );
    expect(scopes).to.deep.equal([['community'], []]);
  });

  it('masks the tokens for util.inspect, and nothing else', () => {
    const shown = inspect(toMetafyTokens(documentedTokens, receivedAtMs), { depth: null, showHidden: true });
    expect(shown).not.to.include(documentedTokens.access_token);
    expect(shown).not.to.include(documentedTokens.refresh_token);
    expect(shown).to.include('Bearer').and.include("'profile'").and.include('2026-01-02T05:04:05');
  });

  it('does not pretend to mask a refresh token that is not there', () => {
    expect(inspect(toMetafyTokens(minimal, receivedAtMs))).not.to.include('refreshToken');
  });

  it('is plain data for JSON', () => {
    const tokens = toMetafyTokens(documentedTokens, receivedAtMs);
    expect(JSON.parse(JSON.stringify(tokens))).to.deep.equal({
      ...tokens,
      expiresAt: '2026-01-02T05:04:05.000Z',
    });
  });
});

describe('splitScope', () => {
  it('splits at spaces, however many', () => {
    expect(splitScope(' profile  community ')).to.deep.equal(['profile', 'community']);
  });

  it('takes a list and leaves out what is empty', () => {
    expect(splitScope(['profile', '', 'community'])).to.deep.equal(['profile', 'community']);
  });

  it('makes a list of its own', () => {
    const scopes = ['profile'];
    expect(splitScope(scopes)).not.to.equal(scopes);
  });
});
