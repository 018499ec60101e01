import { inspect } from 'node:util';
import { expect } from 'chai';
import type { MetafyTokens } from '../../src';
import { checkStoredTokens, isFresh, splitScope, toMetafyTokens } from '../../src/tokens';
import { hourMs, minuteMs, secondMs, useClock } from './support/clock';

const response = {
  access_token: 'the-access-token',
  token_type: 'Bearer',
  refresh_token: 'the-refresh-token',
};

describe('MetafyTokens', () => {
  const clock = useClock();
  const create = (changes: object = {}): MetafyTokens =>
    toMetafyTokens({ ...response, ...changes }, Date.now());

  it('mask themselves in util.inspect, at any depth', () => {
    const tokens = create();
    for (const value of [tokens, { deep: [tokens] }, new Map([['ada', tokens]])]) {
      expect(inspect(value))
        .to.include('[masked]')
        .and.not.include('the-access')
        .and.not.include('the-refresh');
    }
  });

  it('say in util.inspect that there is no refresh token', () => {
    expect(inspect(create({ refresh_token: undefined }))).not.to.include('refreshToken');
  });

  it('are plain data for JSON and back', () => {
    const tokens = create();
    expect(checkStoredTokens(JSON.parse(JSON.stringify(tokens)))).to.deep.equal(tokens);
  });

  it('mask themselves also when they come from JSON', () => {
    expect(inspect(checkStoredTokens(JSON.parse(JSON.stringify(create()))))).not.to.include('the-access');
  });

  it('are fresh until the margin before their expiry', () => {
    const tokens = create({ expires_in: 3600 });
    expect(isFresh(tokens, hourMs - 1)).to.equal(true);
    expect(isFresh(tokens, hourMs)).to.equal(false);
  });

  it('are not fresh when they would live longer than they were given', () => {
    const tokens = create({ expires_in: 3600 });
    clock.setBack(minuteMs);
    expect(isFresh(tokens, 0)).to.equal(true);
    clock.setBack(secondMs);
    expect(isFresh(tokens, 0)).to.equal(false);
  });

  it('are fresh without the answer they came from, as if it had said nothing', () => {
    expect(isFresh({ ...create(), raw: undefined } as unknown as MetafyTokens, 0)).to.equal(true);
  });
});

describe('splitScope', () => {
  for (const scope of [
    'profile community',
    ' profile  community ',
    ['profile', 'community'],
    ['profile', '', 'community'],
  ]) {
    it(`reads ${JSON.stringify(scope)}`, () => {
      expect(splitScope(scope)).to.deep.equal(['profile', 'community']);
    });
  }

  it('reads nothing as no scope', () => {
    expect(splitScope('')).to.deep.equal([]);
  });
});
