import { expect } from 'chai';
import { buildAuthorizationURL } from '../src/authorization-url';

describe('buildAuthorizationURL', () => {
  it('writes a space as %20 and a plus as %2B', () => {
    expect(buildAuthorizationURL('https://metafy.gg/auth', { scope: 'a b+c' })).to.equal(
      'https://metafy.gg/auth?scope=a%20b%2Bc',
    );
  });

  it('encodes names and values', () => {
    expect(buildAuthorizationURL('https://metafy.gg/auth', { 'a&b': 'c=d&e#f' })).to.equal(
      'https://metafy.gg/auth?a%26b=c%3Dd%26e%23f',
    );
  });

  it('leaves out what has no value', () => {
    expect(buildAuthorizationURL('https://metafy.gg/auth', { a: undefined, b: null, c: '', d: 0 })).to.equal(
      'https://metafy.gg/auth?c=&d=0',
    );
  });

  it('repeats a parameter that has several values', () => {
    expect(buildAuthorizationURL('https://metafy.gg/auth', { a: ['b', 'c d', undefined], e: [] })).to.equal(
      'https://metafy.gg/auth?a=b&a=c%20d',
    );
  });

  it('keeps a query that is there', () => {
    expect(buildAuthorizationURL('https://metafy.gg/auth?a=b', { c: 'd', e: 'f' })).to.equal(
      'https://metafy.gg/auth?a=b&c=d&e=f',
    );
  });
});
