import { expect } from 'chai';
import type { Request } from 'express';
import { Strategy as OAuth2Strategy } from 'passport-oauth2';
import { CookieStateStore } from '../../src';
import { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { frontEnds, type SignIn } from '../support/front-ends';
import { expectOutcome, runStrategy } from '../support/strategy-run';
import { WebServer } from '../support/web-server';
import { changeQuery } from './support/callback-urls';

const register = (clientID: string, ...paths: string[]) => ({
  clientID,
  clientSecret: `the client secret of ${clientID}`,
  name: clientID,
  redirectURIs: paths.map((path) => `http://127.0.0.1${path}`),
});

for (const frontEnd of frontEnds) {
  describe(`mix-up between two sign-ins of one application with ${frontEnd.name} (RFC 9700, section 4.4)`, () => {
    const clients = [register('first', '/shared'), register('second', '/shared')];
    const shop = register('shop', '/metafy', '/shared');
    /** The same client at the other provider, which is hostile: it chose values that look like Metafy's. */
    const shopAtOther = register('shop', '/other', '/shared');
    const asVictim = { user: 'ada-coach' };

    let metafy: MetafyEmulator;
    let other: MetafyEmulator;
    let server: WebServer;
    let signIns: Record<string, SignIn>;
    /** By path: those that a callback is tried with, one after the other, as Passport does with a list. */
    let callbacks: Record<string, string[]>;
    let victim: CookieBrowser;

    beforeEach(async () => {
      metafy = await new MetafyEmulator({ applications: [...clients, shop] }).start();
      other = await new MetafyEmulator({ applications: [shopAtOther] }).start();
      server = await WebServer.start();
      [signIns, callbacks] = [{}, {}];
      server.handle(async (req, res) => {
        const { pathname: path, searchParams } = new URL(req.url ?? '', server.url);
        const query = Object.fromEntries(searchParams);
        const request = Object.assign(req, { res, query }) as unknown as Request;
        const starting = signIns[/^\/(\w+)\/start$/.exec(path)?.[1] ?? ''];
        if (starting) {
          const { text } = await expectOutcome('redirect', starting.start(request));
          return res.writeHead(302, { Location: text }).end();
        }
        for (const name of callbacks[path] ?? []) {
          const outcome = await signIns[name]?.finish(request);
          if (outcome?.type === 'success') return res.end(name);
          if (outcome?.type === 'error') return res.writeHead(502).end();
        }
        return res.writeHead(403).end();
      });
      victim = new CookieBrowser();
    });
    afterEach(async () => {
      await server[Symbol.asyncDispose]();
      await metafy.stop();
      await other.stop();
    });

    const start = async (name: string) => (await victim.get(`${server.url}/${name}/start`)).location;
    const listExchanges = ({ requests }: MetafyEmulator) =>
      requests.filter(({ path }) => path === '/irk/oauth/token').map(({ body }) => body?.client_id);

    describe('of two clients at Metafy that share a callback', () => {
      beforeEach(() => {
        for (const client of clients) {
          const options = { ...client, baseURL: metafy.url, callbackURL: `${server.url}/shared` };
          signIns[client.clientID] = frontEnd.create(options);
        }
      });

      for (const name of ['first', 'second']) {
        it(`finishes the sign-in of the ${name} as it, and asks for nothing in the other's name`, async () => {
          callbacks = { '/shared': ['first', 'second'] };
          expect((await victim.get(await metafy.authorize(await start(name)))).body).to.equal(name);
          expect(listExchanges(metafy)).to.deep.equal([name]);
        });
      }
    });

    describe('of Metafy and another provider', () => {
      function useBoth(metafyPath: string, otherPath: string): void {
        const { clientID, clientSecret } = shop;
        const client = { clientID, clientSecret };
        const options = { ...client, baseURL: metafy.url, callbackURL: server.url + metafyPath };
        signIns.metafy = frontEnd.create(options);
        const otherOptions = {
          ...client,
          authorizationURL: `${other.url}/auth/authorize`,
          tokenURL: `${other.url}/irk/oauth/token`,
          callbackURL: server.url + otherPath,
          store: new CookieStateStore({ secret: 'the secret of all pending logins' }) as never,
          pkce: true as never,
          state: true,
        };
        const verify = (_access: string, _refresh: string, _profile: object, done: (...ended: unknown[]) => void) =>
          done(null, { by: 'other' });
        const strategy = new OAuth2Strategy(otherOptions, verify);
        const authenticate = (req: Request) => runStrategy(strategy, req);
        signIns.other = { start: authenticate, finish: authenticate };
      }
      function serveApart(): void {
        useBoth('/metafy', '/other');
        callbacks = { '/metafy': ['metafy'], '/other': ['other'] };
      }
      /** What the other provider does with the victim who came to sign in there: redirect them to Metafy. */
      const redirectToMetafy = async (path: string): Promise<string> => {
        const atMetafy = (await start('other')).replace(other.url, metafy.url);
        return metafy.authorize(changeQuery(atMetafy, { redirect_uri: server.url + path }), asVictim);
      };

      it('gives the code to nobody where each has a callback of its own', async () => {
        serveApart();
        expect((await victim.get(await redirectToMetafy('/metafy'))).status).to.equal(403);
        expect([listExchanges(metafy), listExchanges(other)]).to.deep.equal([[], []]);
      });

      it('gives the code to the other where both share one: not defended', async () => {
        useBoth('/shared', '/shared');
        callbacks = { '/shared': ['metafy', 'other'] };
        await victim.get(await redirectToMetafy('/shared'));
        expect([listExchanges(metafy), listExchanges(other)]).to.deep.equal([[], ['shop']]);
      });

      it('does not give Metafy’s code to the other when its link is changed to the other’s callback', async () => {
        serveApart();
        const callback = await metafy.authorize(await start('metafy'), asVictim);
        expect((await victim.get(callback.replace('/metafy?', '/other?'))).status).to.equal(403);
        expect(listExchanges(other)).to.deep.equal([]);
        expect((await victim.get(callback)).body).to.equal('metafy');
      });

      it('does not give a code to the other, which stands first in the list of a shared callback', async () => {
        useBoth('/shared', '/shared');
        callbacks = { '/shared': ['other', 'metafy'] };
        const callback = await metafy.authorize(await start('metafy'), asVictim);
        expect((await victim.get(callback)).body).to.equal('metafy');
        expect(listExchanges(other)).to.deep.equal([]);
      });
    });
  });
}
