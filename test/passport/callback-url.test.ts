import { expect } from 'chai';
import express, { type Request } from 'express';
import { type CallbackURLRequest, resolveCallbackURL } from '../../src/passport/callback-url';
import { createRequest } from '../support/strategy-run';

const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'public.example' };

interface Setting {
  callbackURL?: string;
  url?: string;
  headers?: Record<string, string | undefined>;
  proxy?: boolean | undefined;
  encrypted?: boolean;
}

function resolve({ callbackURL = '/cb', url = '/auth', headers, proxy, encrypted }: Setting, extra = {}) {
  const req = createRequest({ url, headers: headers as Record<string, string>, extra });
  Object.assign(req.socket, { encrypted });
  return resolveCallbackURL(callbackURL, req as CallbackURLRequest, proxy);
}

/** A request of Express, from a peer at 10.0.0.1, to an application with this `trust proxy`. */
function createExpressRequest(trustProxy: unknown, headers: object, encrypted = false): Request {
  const app = express().set('trust proxy', trustProxy);
  const parts = createRequest({ url: '/auth', headers: headers as Record<string, string>, extra: { app } });
  const req = Object.setPrototypeOf(parts, app.request);
  Object.defineProperty(req.socket, 'remoteAddress', { value: '10.0.0.1' });
  return Object.assign(req.socket, { encrypted }) && req;
}

const proto = (value: string) => ({ 'x-forwarded-proto': value });
const lists = { ...proto('HTTPS , http'), 'x-forwarded-host': 'a.example, b.example' };
const http2 = { host: undefined, ':authority': 'h2.example' };

describe('resolveCallbackURL', () => {
  for (const [title, setting, expected] of [
    ['leaves an absolute one as it is', { callbackURL: 'https://b.example/cb', proxy: true }, 'https://b.example/cb'],
    ['resolves a path', {}, 'http://app.example/cb'],
    [
      'resolves what has no slash, as a route may give it',
      { callbackURL: 'cb', url: '/auth/metafy?a=b' },
      'http://app.example/auth/cb',
    ],
    ['is https on a TLS connection', { encrypted: true }, 'https://app.example/cb'],
    ['takes `:authority` of HTTP/2', { headers: http2 }, 'http://h2.example/cb'],
    ['ignores what is forwarded by nobody known', { headers: forwarded }, 'http://app.example/cb'],
    ['believes it with `proxy: true`', { headers: forwarded, proxy: true }, 'https://public.example/cb'],
    ['takes the first of several forwarded values', { headers: lists, proxy: true }, 'https://a.example/cb'],
    ['takes the Host where none is forwarded', { headers: proto('https'), proxy: true }, 'https://app.example/cb'],
    ['ignores the protocol xhttps', { headers: proto('xhttps'), proxy: true }, 'http://app.example/cb'],
    ['ignores the protocol httpsx', { headers: proto('httpsx'), proxy: true }, 'http://app.example/cb'],
  ] as [string, Setting, string][]) {
    it(title, () => {
      expect(resolve(setting)).to.equal(expected);
    });
  }

  it('takes only the path of the request line, in whatever form Node’s parser lets through', () => {
    // RFC 9112, section 3.2
    for (const [url, expected] of [
      ['http://proxied.example/auth/metafy?a=b', 'http://app.example/auth/cb'],
      ['HTTPS://proxied.example', 'http://app.example/cb'],
      ['http://[/auth/', 'http://app.example/auth/cb'],
      ['h2c://proxied.example/auth/', 'http://app.example/auth/cb'],
      ['//other.example/auth', 'http://app.example//other.example/cb'],
      ['*', 'http://app.example/cb'],
      ['', 'http://app.example/cb'],
    ] as const)
      expect(resolve({ callbackURL: 'cb', url }), url).to.equal(expected);
  });

  it('works on a request of an adapter, without socket and URL', () => {
    const req = { headers: { host: 'app.example' } };
    for (const extra of [{}, { app: express() }])
      expect(resolveCallbackURL('/cb', { ...req, ...extra }, undefined)).to.equal('http://app.example/cb');
  });

  it('is undefined for a request that names no usable host', () => {
    for (const host of ['', 'a b', '[', 'app.example:port', undefined])
      expect(resolve({ headers: { host } }), host).to.equal(undefined);
    expect(resolveCallbackURL('/cb', {}, undefined)).to.equal(undefined);
  });

  describe('on Express', () => {
    const other = { ...proto('http'), 'x-forwarded-host': 'a.example:8080, b.example' };
    const given = [forwarded, other, { 'x-forwarded-host': 'public.example' }, {}];

    for (const trustProxy of [undefined, false, true, 1, 0, '10.0.0.0/8', '192.168.0.0/16', 'loopback']) {
      it(`has Express's own protocol and host with \`trust proxy\` ${JSON.stringify(trustProxy)}`, () => {
        for (const headers of given) {
          for (const encrypted of [false, true]) {
            const req = createExpressRequest(trustProxy, headers, encrypted);
            expect(resolveCallbackURL('/cb', req, undefined)).to.equal(`${req.protocol}://${req.host}/cb`);
          }
        }
      });
    }

    it('believes nothing with `proxy: false`, and any peer with `proxy: true`', () => {
      const resolveFor = (trustProxy: boolean, proxy: boolean) =>
        resolveCallbackURL('/cb', createExpressRequest(trustProxy, forwarded), proxy);
      expect(resolveFor(true, false)).to.equal('http://app.example/cb');
      expect(resolveFor(false, true)).to.equal('https://public.example/cb');
    });
  });

  for (const [framework, toExtra] of [
    ['Fastify', (own: object) => ({ raw: {}, ...own })],
    ['Koa', (own: object) => ({ ctx: own })],
  ] as const) {
    it(`takes ${framework}'s own protocol and host, where it has them and \`proxy\` does not say otherwise`, () => {
      const own = { protocol: 'https', host: 'own.example:8443' };
      for (const [proxy, fields, expected] of [
        [undefined, own, 'https://own.example:8443/cb'],
        [false, own, 'http://app.example/cb'],
        [true, own, 'https://public.example/cb'],
        [undefined, { protocol: 'https', host: '' }, 'http://app.example/cb'],
        [undefined, { protocol: '', host: 'own.example' }, 'http://app.example/cb'],
      ] as const)
        expect(resolve({ headers: forwarded, proxy }, toExtra(fields))).to.equal(expected);
    });
  }
});
