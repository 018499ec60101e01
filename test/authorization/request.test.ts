import { expect } from 'chai';
import {
  buildAuthorizationURL,
  createCodeChallenge,
  createCodeVerifier,
  requireCallbackURL,
} from '../../src/authorization/request';

describe('PKCE', () => {
  it('has another verifier of 43 allowed characters each time', () => {
    const verifiers = Array.from({ length: 100 }, createCodeVerifier);
    expect(new Set(verifiers).size).to.equal(100);
    for (const verifier of verifiers) expect(verifier).to.match(/^[\w-]{43}$/);
  });

  it("has the challenge of RFC 7636's own example, appendix B", () => {
    const challenge = createCodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk');
    expect(challenge).to.equal('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });
});

describe('buildAuthorizationURL', () => {
  for (const [title, base, parameters, query] of [
    ['writes a space as %20 and a plus as %2B', '/auth', { scope: 'a b+c' }, '?scope=a%20b%2Bc'],
    ['encodes names and values', '/auth', { 'a&b': 'c=d&e#f' }, '?a%26b=c%3Dd%26e%23f'],
    ['leaves out what has no value', '/auth', { a: undefined, b: null, c: '', d: 0 }, '?c=&d=0'],
    ['repeats a parameter that has several values', '/auth', { a: ['b', 'c d', undefined], e: [] }, '?a=b&a=c%20d'],
    ['keeps a query that is there', '/auth?a=b', { c: 'd' }, '&c=d'],
  ] as const) {
    it(title, () => {
      expect(buildAuthorizationURL(base, parameters)).to.equal(base + query);
    });
  }
});

describe('requireCallbackURL', () => {
  it('takes an absolute URL or a path from the root, whatever is in its query', () => {
    const absolute = 'https://app.example/cb?a=b HTTP://localhost:3000/cb'.split(' ');
    for (const url of [...absolute, '/cb', '/cb?next=a:b', '/cb?next=https://a'])
      expect(requireCallbackURL(url)).to.equal(url);
  });

  it('rejects anything else', () => {
    const others = 'ftp://app.example/cb javascript:alert(1) localhost:3000/cb app.example/cb cb ./cb ?a'.split(' ');
    const fragments = ['https://app.example/cb#a', '/cb#a'];
    for (const url of [undefined, null, '', 42, 'https://', 'https://a b/cb', ...fragments, ...others])
      expect(() => requireCallbackURL(url), String(url)).to.throw(TypeError, '`callbackURL`');
  });
});
