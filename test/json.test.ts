import { expect } from 'chai';
import { isJSONObject, parseJSONObject } from '../src/json';

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
