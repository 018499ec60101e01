import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Passport } from 'passport';
import { MetafyStrategy } from '../../../src';
import type { MetafyEmulator } from '../../../src/emulator';
import { type Certificate, createCertificate } from '../../support/certificate';
import { CookieBrowser } from '../../support/cookie-browser';
import { callbackPath, shop, startEmulator } from '../../support/sign-in-app';
import { skipWithout } from '../../support/skip-without';
import { startTLSProxy } from '../../support/tls-proxy';
import { type SiteOptions, sites } from './support/sites';

const origin = 'https://shop.example';

/** Where Metafy is told to send the browser back to. */
const readRedirectURI = (location: string) => new URL(location).searchParams.get('redirect_uri');

describe('a relative callback URL', () => {
  const certificate = createCertificate('shop.example') as Certificate;
  let emulator: MetafyEmulator;

  before(async function () {
    if (!certificate) skipWithout(this, 'openssl', 'apt-get install openssl');
    emulator = await startEmulator();
  });
  after(() => emulator?.stop());

  for (const [name, start] of Object.entries(sites)) {
    describe(`behind a proxy that terminates TLS, with ${name}`, () => {
      /** The redirect URI of a sign-in through the proxy, and how one ends. */
      async function signIn(options: Partial<SiteOptions>) {
        await using site = await start({ ...options, strategy: { baseURL: emulator.url, ...options.strategy } });
        await using proxy = await startTLSProxy(site.port, certificate);
        const browser = new CookieBrowser({ ca: certificate.cert, hosts: { 'shop.example': proxy.port } });
        const { location, body } = await browser.get(`${origin}/auth/metafy`);
        expect(location, body).not.to.equal('');
        const redirectURI = readRedirectURI(location);
        const ending =
          redirectURI === origin + callbackPath && (await browser.get(await emulator.authorize(location))).body;
        return { redirectURI, ending };
      }

      const trusted = { redirectURI: origin + callbackPath, ending: 'Ada Coach' };
      // The proxy's connection, and the host that it asks.
      const direct = { redirectURI: `http://inside.internal${callbackPath}`, ending: false };

      it('leads back to the host that the browser asked, where the framework trusts the proxy', async () => {
        expect(await signIn({ trustsProxy: true })).to.deep.equal(trusted);
      });

      it('ignores what a peer forwards that the framework does not trust', async () => {
        expect(await signIn({ trustsProxy: false })).to.deep.equal(direct);
      });

      it('does as `proxy` says, whatever the framework trusts', async () => {
        expect(await signIn({ trustsProxy: false, strategy: { proxy: true } })).to.deep.equal(trusted);
        expect(await signIn({ trustsProxy: true, strategy: { proxy: false } })).to.deep.equal(direct);
      });
    });
  }

  it('leads back to `:authority` over HTTP/2', async () => {
    const passport = new Passport();
    passport.use(new MetafyStrategy({ ...shop, callbackURL: callbackPath, baseURL: emulator.url }, () => false));
    const authenticate = passport.authenticate('metafy', { session: false });
    const server = http2.createSecureServer(certificate, (req, res) => {
      authenticate(Object.assign(req, { res }) as never, res as never, () => res.end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const session = http2.connect(`https://127.0.0.1:${port}`, { ca: certificate.cert });
    try {
      const stream = session.request({ ':path': '/auth/metafy', ':authority': 'shop.example' });
      stream.resume();
      const [headers] = await once(stream, 'response');
      expect(readRedirectURI(headers.location)).to.equal(origin + callbackPath);
    } finally {
      session.close();
      server.close();
    }
  });
});
