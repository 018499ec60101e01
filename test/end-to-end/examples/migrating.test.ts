import { expect } from 'chai';
import express from 'express';
import session from 'express-session';
// The built package, which the examples use as well.
import { MetafyUserTokens } from 'passport-metafy';
import { createAccess, listGuideTitles } from '../../../examples/migrating/access';
import { importTokens } from '../../../examples/migrating/import-tokens';
import { addAccountLinking } from '../../../examples/migrating/link-accounts';
import { answerAccess } from '../../../examples/migrating/route-handler';
import { createApp } from '../../../examples/migrating/sign-in';
import { type User, users } from '../../../examples/migrating/users';
import { MetafyEmulator } from '../../../src/emulator';
import { CookieBrowser } from '../../support/cookie-browser';
import { WebServer } from '../../support/web-server';
import { issueTokens, listGrants, toClient, useToken } from '../support/tokens';

const application = {
  clientID: 'metafy-demo',
  clientSecret: 'metafy-demo-secret',
  name: 'Demo application',
  redirectURIs: ['http://127.0.0.1/connect/metafy/callback'],
};
const createUserTokens = (metafy: { url: string }) => new MetafyUserTokens({ ...toClient(metafy), store: new Map() });
const inOneHour = () => new Date(Date.now() + 3_600_000);

describe('docs/migrating.md', () => {
  it('keeps people signed in whose session the old code wrote', async () => {
    process.env.SESSION_SECRET ??= 'of the session';
    await using server = await WebServer.start();
    const app = express();
    app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }));
    app.get('/old-login', (req, res) => {
      req.session.userId = users.save({ id: 'ada', name: 'Ada' }).id;
      res.end();
    });
    app.use(createApp(toClient(server), createUserTokens(server)) as never);
    app.get('/me', (req, res) => {
      res.json({ user: req.user, session: req.session });
    });
    server.handle(app);

    const browser = new CookieBrowser();
    await browser.get(`${server.url}/old-login`);
    for (const visit of ['first', 'second']) {
      const page = JSON.parse((await browser.get(`${server.url}/me`)).body);
      expect(page.user, visit).to.deep.equal({ id: 'ada', name: 'Ada' });
      expect(page.session).not.to.have.property('userId');
    }
  });

  describe('connecting a Metafy account', () => {
    let emulator: MetafyEmulator;
    let server: WebServer;
    let signedIn: User | undefined;
    let browser: CookieBrowser;

    before(async () => {
      emulator = await new MetafyEmulator({ applications: [application] }).start();
      server = await WebServer.start();
      const app = express();
      app.use((req, _res, next) => {
        req.user = signedIn;
        next();
      });
      addAccountLinking(app, toClient(emulator), `${server.url}/connect/metafy/callback`);
      server.handle(app);
    });
    beforeEach(() => {
      browser = new CookieBrowser();
    });
    after(async () => {
      await server[Symbol.asyncDispose]();
      await emulator.stop();
    });

    const startConnecting = async (user: string): Promise<string> => {
      const { location } = await browser.get(`${server.url}/connect/metafy`);
      return emulator.authorize(location, { user });
    };
    const readPath = async (url: string) => (await browser.get(url)).location.replace(server.url, '');

    it('leads from then on to the account that was there before', async () => {
      signedIn = users.save({ id: 'grace', name: 'Grace' });
      expect(await readPath(await startConnecting('grace-student'))).to.equal('/account');
      const metafyId = emulator.users[1]?.id as string;
      expect(users.findOrCreate(metafyId)).to.deep.equal({ id: 'grace', name: 'Grace', metafyId });
    });

    it('is refused when somebody else has signed in meanwhile', async () => {
      signedIn = users.save({ id: 'alan', name: 'Alan' });
      const callback = await startConnecting('alan-lapsed');
      signedIn = users.save({ id: 'edsger', name: 'Edsger' });
      expect(await readPath(callback)).to.include('error=');
      for (const id of ['alan', 'edsger']) expect(users.find(id)).not.to.have.property('metafyId');
    });

    it('is refused when the Metafy account is another user’s', async () => {
      const linus = users.save({ id: 'linus', name: 'Linus', metafyId: emulator.users[2]?.id });
      signedIn = users.save({ id: 'impostor', name: 'Impostor' });
      expect(await readPath(await startConnecting('linus-partner'))).to.include('error=');
      expect(users.findByMetafyId(linus.metafyId as string)).to.deep.equal(linus);
    });

    it('is only for who is signed in', async () => {
      signedIn = undefined;
      expect(await readPath(`${server.url}/connect/metafy`)).to.equal('/login');
    });
  });

  for (const [what, expiresAt, refreshes] of [
    ['works as it is until it expires', inOneHour(), 0],
    ['is refreshed when it has expired', new Date(0), 1],
  ] as const) {
    it(`imports a token, which ${what}`, async () => {
      await using emulator = await new MetafyEmulator().start();
      const { accessToken, refreshToken = null } = await issueTokens(emulator);
      const row = { id: 'user-1', access_token: accessToken, refresh_token: refreshToken, scope: 'profile' };
      const userTokens = createUserTokens(emulator);
      await importTokens([{ ...row, expires_at: expiresAt }], userTokens);
      expect(await useToken(emulator, await userTokens.get('user-1'))).to.equal(200);
      expect(listGrants(emulator)).to.have.length(refreshes);
    });
  }

  it('tells who supports the community from who does not, and both from a failure', async () => {
    await using emulator = await new MetafyEmulator().start();
    const userTokens = createUserTokens(emulator);
    const communityId = emulator.communities[0]?.id as string;
    const access = createAccess(toClient(emulator), userTokens, communityId);
    for (const slug of ['ada-coach', 'edsger-follower', 'grace-student']) {
      await userTokens.set(slug, await issueTokens(emulator, slug, 'profile purchases'));
    }
    const ask = async (userId: string) => {
      const response = await answerAccess(access, userId);
      return [response.status, await response.json()];
    };
    expect(await ask('ada-coach')).to.deep.equal([200, { hasAccess: true }]);
    expect(await ask('edsger-follower')).to.deep.equal([200, { hasAccess: false }]);
    expect(await ask('nobody')).to.deep.equal([401, { error: 'login_required' }]);
    emulator.fail('purchases', { status: 503 }, 3);
    expect(await ask('grace-student')).to.deep.equal([503, { error: 'bad_status' }]);
  });

  it('asks the API for anything else with a token that is valid', async () => {
    await using server = await WebServer.start();
    server.handle((req, res) => {
      const isAllowed = req.headers.authorization === 'Bearer token' && req.url === '/irk/api/v1/me/guides';
      res.writeHead(isAllowed ? 200 : 401).end('{"guides":[{"title":"Openings"}]}');
    });
    const userTokens = createUserTokens(server);
    const raw = { access_token: 'token', token_type: 'Bearer' };
    const tokens = { accessToken: 'token', tokenType: 'Bearer', scope: [], expiresAt: inOneHour(), raw };
    await userTokens.set('ada', tokens);
    expect(await listGuideTitles(toClient(server), userTokens, 'ada')).to.deep.equal(['Openings']);
  });
});
