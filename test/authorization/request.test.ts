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
    expect(createCodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).to.equal(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });
});

describe('buildAuthorizationURL', () => {
  for (const [title, parameters, query] of [
    ['writes a space as %20 and a plus as %2B', { scope: 'a b+c' }, '?scope=a%20b%2Bc'],
    ['encodes names and values', { 'a&b': 'c=d&e#f' }, '?a%26b=c%3Dd%26e%23f'],
    ['leaves out what has no value', { a: undefined, b: null, c: '', d: 0 }, '?c=&d=0'],
    ['repeats a parameter that has several values', { a: ['b', 'c d', undefined], e: [] }, '?a=b&a=c%20d'],
  ] as const) {
    it(title, () => {
      expect(buildAuthorizationURL('https://metafy.gg/auth', parameters)).to.equal(`https://metafy.gg/auth${query}`);
    });
  }

  it('keeps a query that is there', () => {
    expect(buildAuthorizationURL('https://metafy.gg/auth?a=b', { c: 'd' })).to.equal('https://metafy.gg/auth?a=b&c=d');
  });
});

describe('requireCallbackURL', () => {
  for (const url of ['https://app.example/cb?a=b', 'HTTP://localhost:3000/cb', '/cb', 'cb', '/cb?next=a:b']) {
    it(`takes ${url}`, () => {
      expect(requireCallbackURL(url)).to.equal(url);
    });
  }

  for (const url of [
    undefined,
    null,
    '',
    42,
    'https://',
    'https://a b/cb',
    'https://app.example/cb#a',
    '/cb#a',
    'ftp://app.example/cb',
    'javascript:alert(1)',
    'localhost:3000/cb',
  ]) {
    it(`rejects ${JSON.stringify(url) ?? 'undefined'}`, () => {
      expect(() => requireCallbackURL(url)).to.throw(TypeError, '`callbackURL`');
    });
  }

  it('does not repeat the value, which may be a secret in the wrong place', () => {
    expect(() => requireCallbackURL('canary:'))
      .to.throw(TypeError)
      .with.property('message')
      .not.include('canary');
  });
});
