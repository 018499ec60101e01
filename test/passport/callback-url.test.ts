import { expect } from 'chai';
import express, { type Request } from 'express';
import { type CallbackURLRequest, resolveCallbackURL } from '../../src/passport/callback-url';
import { createRequest } from '../support/strategy-run';

const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'public.example' };

interface Setting {
  callbackURL?: string;
  url?: string;
  headers?: Record<string, string | undefined>;
  proxy?: boolean;
  encrypted?: boolean;
}

function resolve({ callbackURL = '/cb', url = '/auth', headers, proxy, encrypted }: Setting, extra = {}) {
  const req = createRequest({ url, headers: headers as Record<string, string>, extra });
  Object.assign(req.socket, { encrypted });
  return resolveCallbackURL(callbackURL, req as CallbackURLRequest, proxy);
}

/** A request of Express, from a peer at this address, to an application with this `trust proxy`. */
function createExpressRequest(trustProxy: unknown, headers: object, encrypted = false): Request {
  const app = express().set('trust proxy', trustProxy);
  const req = Object.setPrototypeOf(
    createRequest({ url: '/auth', headers: headers as Record<string, string>, extra: { app } }),
    app.request,
  );
  Object.defineProperty(req.socket, 'remoteAddress', { value: '10.0.0.1' });
  return Object.assign(req.socket, { encrypted }) && req;
}

describe('resolveCallbackURL', () => {
  for (const [title, setting, expected] of [
    ['leaves an absolute one as it is', { callbackURL: 'https://b.example/cb', proxy: true }, 'https://b.example/cb'],
    ['resolves a path', {}, 'http://app.example/cb'],
    ['resolves what has no slash', { callbackURL: 'cb', url: '/auth/metafy?a=b' }, 'http://app.example/auth/cb'],
    ['is https on a TLS connection', { encrypted: true }, 'https://app.example/cb'],
    [
      'takes `:authority` of HTTP/2',
      { headers: { host: undefined, ':authority': 'h2.example' } },
      'http://h2.example/cb',
    ],
    ['ignores what is forwarded by nobody known', { headers: forwarded }, 'http://app.example/cb'],
    ['believes it with `proxy: true`', { headers: forwarded, proxy: true }, 'https://public.example/cb'],
    [
      'takes the first of several values, from the proxy nearest to the browser',
      { headers: { 'x-forwarded-proto': 'HTTPS , http', 'x-forwarded-host': 'a.example, b.example' }, proxy: true },
      'https://a.example/cb',
    ],
    [
      'takes the Host header where no host is forwarded',
      { headers: { 'x-forwarded-proto': 'https' }, proxy: true },
      'https://app.example/cb',
    ],
    [
      'ignores a forwarded protocol that is none',
      { headers: { 'x-forwarded-proto': 'ftp' }, proxy: true },
      'http://app.example/cb',
    ],
  ] as [string, Setting, string][]) {
    it(title, () => {
      expect(resolve(setting)).to.equal(expected);
    });
  }

  // RFC 9112, section 3.2: what Node's parser lets through beside a path.
  for (const [url, expected] of [
    ['http://proxied.example/auth/metafy?a=b', 'http://app.example/auth/cb'],
    ['HTTPS://proxied.example', 'http://app.example/cb'],
    ['http://[/auth/', 'http://app.example/auth/cb'],
    ['ftp://proxied.example/auth/', 'http://app.example/auth/cb'],
    ['//other.example/auth', 'http://app.example//other.example/cb'],
    ['*', 'http://app.example/cb'],
    ['', 'http://app.example/cb'],
  ] as const) {
    it(`takes only the path of the request line's ${url || 'empty URL'}`, () => {
      expect(resolve({ callbackURL: 'cb', url })).to.equal(expected);
    });
  }

  it('works on a request of an adapter, without socket and URL', () => {
    expect(resolveCallbackURL('/cb', { headers: { host: 'app.example' } }, undefined)).to.equal(
      'http://app.example/cb',
    );
  });

  for (const host of ['', 'a b', '[', 'app.example:port', undefined]) {
    it(`is undefined for a request whose host is ${JSON.stringify(host)}`, () => {
      expect(resolve({ headers: { host } })).to.equal(undefined);
    });
  }

  it('is undefined for a request without headers', () => {
    expect(resolveCallbackURL('/cb', {}, undefined)).to.equal(undefined);
  });

  describe('on Express', () => {
    const headers = [
      forwarded,
      { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'a.example:8080, b.example' },
      { 'x-forwarded-host': 'public.example' },
      {},
    ];
    for (const trustProxy of [undefined, false, true, 1, 0, '10.0.0.0/8', '192.168.0.0/16', 'loopback']) {
      it(`has Express's own protocol and host with \`trust proxy\` ${JSON.stringify(trustProxy)}`, () => {
        for (const given of headers) {
          for (const encrypted of [false, true]) {
            const req = createExpressRequest(trustProxy, given, encrypted);
            expect(resolveCallbackURL('/cb', req, undefined)).to.equal(`${req.protocol}://${req.host}/cb`);
          }
        }
      });
    }

    it('believes nothing with `proxy: false`, and any peer with `proxy: true`', () => {
      expect(resolveCallbackURL('/cb', createExpressRequest(true, forwarded), false)).to.equal('http://app.example/cb');
      expect(resolveCallbackURL('/cb', createExpressRequest(false, forwarded), true)).to.equal(
        'https://public.example/cb',
      );
    });
  });

  for (const [framework, toExtra] of [
    ['Fastify', (own: object) => ({ raw: {}, ...own })],
    ['Koa', (own: object) => ({ ctx: own })],
  ] as const) {
    describe(`on ${framework}`, () => {
      const extra = toExtra({ protocol: 'https', host: 'own.example:8443' });

      it('has its own protocol and host', () => {
        expect(resolve({ headers: forwarded }, extra)).to.equal('https://own.example:8443/cb');
      });

      it('has those of the connection with `proxy: false`, and the forwarded ones with `proxy: true`', () => {
        expect(resolve({ headers: forwarded, proxy: false }, extra)).to.equal('http://app.example/cb');
        expect(resolve({ headers: forwarded, proxy: true }, extra)).to.equal('https://public.example/cb');
      });

      it('has those of the connection where it has none', () => {
        expect(resolve({ headers: forwarded }, toExtra({ protocol: 'http', host: '' }))).to.equal(
          'http://app.example/cb',
        );
      });
    });
  }
});
