import { expect } from 'chai';
import express from 'express';
import { Passport } from 'passport';
import { Strategy as OAuth2Strategy } from 'passport-oauth2';
import { CookieStateStore, MetafyStrategy } from '../../src';
import { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { WebServer } from '../support/web-server';
import { changeQuery, readParameter, registerApplication } from './support/tasks';

const origin = 'http://127.0.0.1';
const listExchanges = ({ requests }: MetafyEmulator) =>
  requests.filter(({ path }) => path === '/irk/oauth/token').map(({ body }) => body?.client_id);

describe('mix-up between two strategies of one application (RFC 9700, section 4.4)', () => {
  const [first, second] = [
    registerApplication('first', [origin], '/shared'),
    registerApplication('second', [origin], '/shared'),
  ];
  const shop = registerApplication('shop', [origin], '/metafy');
  shop.redirectURIs.push(`${origin}/shared`);
  /** What the other provider, who means ill, gave to the application. It looks like Metafy's. */
  const atOther = { ...shop, redirectURIs: [`${origin}/other`, `${origin}/shared`] };

  let metafy: MetafyEmulator;
  let other: MetafyEmulator;
  let server: WebServer;
  let passport: InstanceType<typeof Passport>;
  let app: express.Express;
  let victim: CookieBrowser;

  beforeEach(async () => {
    metafy = await new MetafyEmulator({ applications: [first, second, shop] }).start();
    other = await new MetafyEmulator({ applications: [atOther] }).start();
    server = await WebServer.start();
    passport = new Passport();
    app = express();
    app.set('env', 'test');
    server.handle(app);
    victim = new CookieBrowser();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await metafy.stop();
    await other.stop();
  });

  /** Answers at `/<name>/start`, and at `callback` with the name of the strategy that signed in. */
  function serve(name: string | string[], callback: string): void {
    for (const one of [name].flat()) app.get(`/${one}/start`, passport.authenticate(one, { session: false }));
    app.get(callback, passport.authenticate(name, { session: false }), (req, res) => {
      res.send((req.user as { by: string }).by);
    });
  }

  describe('of two clients at Metafy that share a callback', () => {
    beforeEach(() => {
      for (const client of [first, second]) {
        const options = { ...client, baseURL: metafy.url, callbackURL: `${server.url}/shared` };
        passport.use(client.clientID, new MetafyStrategy(options, (_login) => ({ by: client.clientID })));
      }
    });

    it('does not finish the sign-in of one as the other', async () => {
      serve('first', '/shared');
      serve('second', '/shared-by-second');
      const { location } = await victim.get(`${server.url}/first/start`);
      const callback = await metafy.authorize(location);
      const wrong = callback.replace('/shared', '/shared-by-second');
      expect((await victim.get(wrong)).status).to.equal(403);
      expect(listExchanges(metafy)).to.deep.equal([]);
      expect((await victim.get(callback)).body).to.equal('first');
    });

    for (const name of ['first', 'second']) {
      it(`finishes the sign-in of the ${name} as it, and asks for nothing in the other's name`, async () => {
        serve(['first', 'second'], '/shared');
        const { location } = await victim.get(`${server.url}/${name}/start`);
        expect((await victim.get(await metafy.authorize(location))).body).to.equal(name);
        expect(listExchanges(metafy)).to.deep.equal([name]);
      });
    }
  });

  describe('of Metafy and another provider', () => {
    const useBoth = (metafyPath: string, otherPath: string): void => {
      const { clientID, clientSecret } = shop;
      const client = { clientID, clientSecret };
      const metafyCallback = `${server.url}${metafyPath}`;
      passport.use(
        'metafy',
        new MetafyStrategy({ ...client, baseURL: metafy.url, callbackURL: metafyCallback }, (_login) => ({
          by: 'metafy',
        })),
      );
      const strategy = new OAuth2Strategy(
        {
          ...client,
          authorizationURL: `${other.url}/auth/authorize`,
          tokenURL: `${other.url}/irk/oauth/token`,
          callbackURL: `${server.url}${otherPath}`,
          store: new CookieStateStore({ secret: client.clientSecret }) as never,
          pkce: true as never,
          state: true,
        },
        (
          _accessToken: string,
          _refreshToken: string,
          _profile: object,
          done: (...ended: unknown[]) => void,
        ) => done(null, { by: 'other' }),
      );
      passport.use('other', strategy);
    };
    /** What the other provider does with the victim who came to sign in there: send them on to Metafy. */
    const sendOn = async (redirectURI: string): Promise<string> => {
      const { location } = await victim.get(`${server.url}/other/start`);
      const atMetafy = location.replace(other.url, metafy.url);
      return metafy.authorize(changeQuery(atMetafy, { redirect_uri: redirectURI }), { user: 'ada-coach' });
    };

    it('hands the code to nobody where each has a callback of its own', async () => {
      useBoth('/metafy', '/other');
      serve('metafy', '/metafy');
      serve('other', '/other');
      const callback = await sendOn(`${server.url}/metafy`);
      expect((await victim.get(callback)).status).to.equal(403);
      expect([listExchanges(metafy), listExchanges(other)]).to.deep.equal([[], []]);
    });

    it('hands the code to the other where both share one: not defended', async () => {
      useBoth('/shared', '/shared');
      serve(['metafy', 'other'], '/shared');
      await victim.get(await sendOn(`${server.url}/shared`));
      expect([listExchanges(metafy), listExchanges(other)]).to.deep.equal([[], ['shop']]);
    });

    it('does not hand Metafy’s code to the other when its link is changed to the other’s callback', async () => {
      useBoth('/metafy', '/other');
      serve('metafy', '/metafy');
      serve('other', '/other');
      const { location } = await victim.get(`${server.url}/metafy/start`);
      const callback = await metafy.authorize(location, { user: 'ada-coach' });
      expect((await victim.get(callback.replace('/metafy?', '/other?'))).status).to.equal(403);
      expect(listExchanges(other)).to.deep.equal([]);
      expect((await victim.get(callback)).body).to.equal('metafy');
    });

    it('does not offer a code to the other first, which stands first in the list of a shared callback', async () => {
      useBoth('/shared', '/shared');
      serve(['other', 'metafy'], '/shared');
      const { location } = await victim.get(`${server.url}/metafy/start`);
      const callback = await metafy.authorize(location, { user: 'ada-coach' });
      expect(readParameter(callback, 'code')).not.to.equal('');
      expect((await victim.get(callback)).body).to.equal('metafy');
      expect(listExchanges(other)).to.deep.equal([]);
    });
  });
});
