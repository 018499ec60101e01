import { expect } from 'chai';
import { type CallbackURLRequest, isAbsoluteURL, resolveCallbackURL } from '../src/callback-url';
import { createRequest } from './support/strategy-run';

interface Setting {
  callbackURL?: string;
  url?: string;
  headers?: Record<string, string>;
  proxy?: boolean;
  trustProxy?: unknown;
  encrypted?: boolean;
}

function resolve({
  callbackURL = '/cb',
  url = '/auth',
  headers,
  proxy = false,
  trustProxy,
  encrypted,
}: Setting) {
  const req = createRequest({
    url,
    ...(headers && { headers }),
    extra: { app: { get: (name: string) => (name === 'trust proxy' ? trustProxy : undefined) } },
  });
  Object.assign(req.socket, { encrypted });
  return resolveCallbackURL(callbackURL, req as CallbackURLRequest, proxy);
}

const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'public.example' };

describe('resolveCallbackURL', () => {
  it('leaves an absolute one as it is', () => {
    expect(resolve({ callbackURL: 'https://b.example/cb', headers: forwarded, proxy: true })).to.equal(
      'https://b.example/cb',
    );
  });

  it('resolves a path against the host the browser asked', () => {
    expect(resolve({})).to.equal('http://app.example/cb');
  });

  it('resolves a relative path against the path the browser asked', () => {
    expect(resolve({ callbackURL: 'cb', url: '/auth/metafy?a=b' })).to.equal('http://app.example/auth/cb');
  });

  it('is https on a TLS connection', () => {
    expect(resolve({ encrypted: true })).to.equal('https://app.example/cb');
  });

  it('works on a request that is not of Express', () => {
    const req = createRequest({ url: '/auth' }) as CallbackURLRequest;
    expect(resolveCallbackURL('/cb', req, false)).to.equal('http://app.example/cb');
  });

  it('works on a request without a URL', () => {
    const req = Object.assign(createRequest(), { url: undefined }) as unknown as CallbackURLRequest;
    expect(resolveCallbackURL('/cb', req, false)).to.equal('http://app.example/cb');
  });

  it('works on a request without a socket, as some adapters make it', () => {
    const req = { headers: { host: 'app.example' }, url: '/auth' } as CallbackURLRequest;
    expect(resolveCallbackURL('/cb', req, false)).to.equal('http://app.example/cb');
  });

  it('does not believe what a proxy forwards unless told to', () => {
    expect(resolve({ headers: forwarded })).to.equal('http://app.example/cb');
  });

  it('believes the proxy with the `proxy` option', () => {
    expect(resolve({ headers: forwarded, proxy: true })).to.equal('https://public.example/cb');
  });

  it("believes the proxy with Express's `trust proxy`", () => {
    expect(resolve({ headers: forwarded, trustProxy: 1 })).to.equal('https://public.example/cb');
  });

  it('takes the first of several forwarded values, which is the one nearest to the browser', () => {
    const headers = {
      'x-forwarded-proto': 'HTTPS , http',
      'x-forwarded-host': 'public.example, inner.example',
    };
    expect(resolve({ headers, proxy: true })).to.equal('https://public.example/cb');
  });

  it('falls back to the Host header where the proxy forwards none', () => {
    expect(resolve({ headers: { 'x-forwarded-proto': 'https' }, proxy: true })).to.equal(
      'https://app.example/cb',
    );
  });

  for (const host of ['', 'a b', '[', 'app.example:port']) {
    it(`is nothing for a request whose host is ${JSON.stringify(host)}`, () => {
      expect(resolve({ headers: { host } })).to.equal(undefined);
    });
  }
});

describe('isAbsoluteURL', () => {
  it('takes http and https only', () => {
    const urls = [
      'https://a.example',
      'HTTP://a.example',
      '/cb',
      '//a.example',
      'ftp://a.example',
      'https:/a',
    ];
    expect(urls.map(isAbsoluteURL)).to.deep.equal([true, true, false, false, false, false]);
  });
});
