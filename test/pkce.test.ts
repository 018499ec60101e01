import { expect } from 'chai';
import { createVerifier, toChallenge } from '../src/pkce';

describe('createVerifier', () => {
  it('has 43 characters of the allowed ones', () => {
    expect(createVerifier()).to.match(/^[A-Za-z0-9_-]{43}$/);
  });

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 100 }, createVerifier)).size).to.equal(100);
  });
});

describe('toChallenge', () => {
  it("is RFC 7636's own example, appendix B", () => {
    expect(toChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).to.equal(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });
});
