import { expect } from 'chai';
import { isJSONObject, parseAnswer, parseJSONObject } from '../src/json';

describe('parseJSONObject', () => {
  it('returns the object', () => {
    expect(parseJSONObject('{"a":{"b":1}}')).to.deep.equal({ a: { b: 1 } });
  });

  for (const text of ['', 'null', '[]', '"text"', '1', 'true', '{', '<html>', '{"a":1} ,']) {
    it(`returns nothing for ${text || 'an empty text'}`, () => {
      expect(parseJSONObject(text)).to.equal(undefined);
    });
  }

  it('does not let `__proto__` in a text change an object', () => {
    const parsed = parseJSONObject('{"__proto__":{"isAdmin":true}}');
    expect(parsed).not.to.have.property('isAdmin');
  });
});

describe('parseAnswer', () => {
  const nest = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

  it('returns an object of 100 levels', () => {
    expect(JSON.stringify(parseAnswer(nest(100)))).to.equal(nest(100));
  });

  it('returns nothing for one of 101 levels, nor for a list that deep inside', () => {
    expect(parseAnswer(nest(101))).to.equal(undefined);
    expect(parseAnswer(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`)).to.equal(undefined);
  });
});

describe('isJSONObject', () => {
  it('takes plain objects only', () => {
    expect([{}, [], null, 'a', 1, undefined].map(isJSONObject)).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
