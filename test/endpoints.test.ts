import { expect } from 'chai';
import { checkEndpoint, deriveEndpoints } from '../src/endpoints';

describe('deriveEndpoints', () => {
  it("returns Metafy's documented URLs by default", () => {
    expect(deriveEndpoints()).to.deep.equal({
      authorization: 'https://metafy.gg/auth/authorize',
      token: 'https://metafy.gg/irk/oauth/token',
      revocation: 'https://metafy.gg/irk/oauth/revoke',
      profile: 'https://metafy.gg/irk/api/v1/me',
    });
  });

  it('puts all of them under another base URL', () => {
    const urls = Object.values(deriveEndpoints('http://127.0.0.1:4000'));
    expect(urls.every((url) => url.startsWith('http://127.0.0.1:4000/'))).to.equal(true);
  });

  it('keeps the path of a base URL', () => {
    expect(deriveEndpoints('https://proxy.example/metafy').token).to.equal(
      'https://proxy.example/metafy/irk/oauth/token',
    );
  });

  it('takes a base URL with a slash at its end', () => {
    expect(deriveEndpoints('https://metafy.gg/').token).to.equal('https://metafy.gg/irk/oauth/token');
  });

  it('takes or refuses, but never builds upon, a base URL with white space around it', () => {
    for (const baseURL of ['https://metafy.gg\n', ' https://metafy.gg', 'https://metafy.gg ']) {
      let token = 'https://metafy.gg/irk/oauth/token';
      try {
        token = deriveEndpoints(baseURL).token;
      } catch (error) {
        expect(error).to.be.instanceOf(TypeError);
        expect(error).to.have.property('message').that.includes('`baseURL`');
      }
      expect(token, JSON.stringify(baseURL)).to.equal('https://metafy.gg/irk/oauth/token');
    }
  });

  for (const baseURL of ['https://metafy.gg/?', 'https://metafy.gg/#', 'https://metafy.gg?']) {
    it(`refuses ${baseURL}, which would swallow the paths`, () => {
      expect(() => deriveEndpoints(baseURL)).to.throw(TypeError, '`baseURL`');
    });
  }
});

describe('checkEndpoint', () => {
  const check = (url: unknown) => () => checkEndpoint('tokenURL', url);

  for (const url of [
    'https://metafy.gg/path',
    'http://localhost:3000',
    'http://metafy.localhost',
    'http://127.0.0.1:80/path',
    'http://127.1.2.3',
    'http://127.1',
    'http://[::1]:3000',
    'http://LOCALHOST',
  ]) {
    it(`takes ${url}`, () => {
      expect(check(url)).not.to.throw();
    });
  }

  for (const url of [
    'http://metafy.gg',
    'http://localhost.example',
    'http://127.0.0.1.example',
    'http://notlocalhost',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::2]',
    'http://[::ffff:8.8.8.8]',
  ]) {
    it(`refuses ${url}, where secrets would travel in the clear`, () => {
      expect(check(url)).to.throw(TypeError, /`tokenURL` must be an https URL/);
    });
  }

  for (const url of [
    undefined,
    null,
    '',
    42,
    '/path',
    'metafy.gg',
    'ftp://metafy.gg',
    'javascript:1',
    'https://',
  ]) {
    it(`refuses ${JSON.stringify(url)}, which is no URL to ask`, () => {
      expect(check(url)).to.throw(TypeError, /`tokenURL` must be an absolute https URL/);
    });
  }

  for (const url of [
    'https://user@metafy.gg',
    'https://:word@metafy.gg',
    'https://metafy.gg/#a',
    'https://metafy.gg/?a=b',
  ]) {
    it(`refuses ${url}, with more than origin and path`, () => {
      expect(check(url)).to.throw(TypeError, /`tokenURL` must be a URL without/);
    });
  }

  it('refuses an empty fragment, which would swallow what is put behind it', () => {
    expect(check('https://metafy.gg/auth/authorize#')).to.throw(TypeError, '`tokenURL`');
  });

  it('takes a query where it is told to', () => {
    expect(checkEndpoint('url', 'https://metafy.gg/list?page=1', { query: true })).to.equal(
      'https://metafy.gg/list?page=1',
    );
  });

  it('does not repeat the URL in its message, which may be a secret in the wrong place', () => {
    for (const url of ['canary', 'http://canary.example', 'https://canary@metafy.gg']) {
      expect(check(url)).to.throw(TypeError).with.property('message').that.does.not.include('canary');
    }
  });
});
