import { expect } from 'chai';
import { parseJSONObject } from '../../src/util/json';

describe('parseJSONObject', () => {
  it('returns the object', () => {
    expect(parseJSONObject('{"a":{"b":1}}')).to.deep.equal({ a: { b: 1 } });
  });

  for (const text of ['', 'null', '[]', '"text"', '1', 'true', '{', '<html>', '{"a":1} ,', '{"a":'.repeat(100_000)]) {
    it(`returns nothing for ${text.slice(0, 20) || 'an empty text'}`, () => {
      expect(parseJSONObject(text)).to.equal(undefined);
    });
  }

  it('does not let `__proto__` in a text change an object', () => {
    expect(parseJSONObject('{"__proto__":{"isAdmin":true}}')).not.to.have.property('isAdmin');
  });
});
