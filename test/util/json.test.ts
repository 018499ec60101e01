import { expect } from 'chai';
import { parseJSONObject } from '../../src/util/json';

describe('parseJSONObject', () => {
  it('returns the object, which `__proto__` in the text does not change', () => {
    expect(parseJSONObject('{"a":{"b":1}}')).to.deep.equal({ a: { b: 1 } });
    expect(parseJSONObject('{"__proto__":{"isAdmin":true}}')).not.to.have.property('isAdmin');
  });

  it('returns nothing for anything else', () => {
    const texts = ['', 'null', '[]', '"text"', '1', 'true', '{', '<html>', '{"a":1} ,', '{"a":'.repeat(100_000)];
    for (const text of texts) expect(parseJSONObject(text)).to.equal(undefined);
  });
});
