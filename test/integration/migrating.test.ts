import { expect } from 'chai';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
// The built package, which the examples use as well.
import { MetafyUserTokens } from 'passport-metafy';
import { importTokens } from '../../examples/migrating/import-tokens';
import { createLinkingStrategy } from '../../examples/migrating/link-accounts';
import { answerAccess } from '../../examples/migrating/route-handler';
import { createApp } from '../../examples/migrating/sign-in';
import { users } from '../../examples/migrating/users';
import type { MetafyTokens } from '../../src';
import { CookieBrowser } from '../support/cookie-browser';
import { shop, startEmulator } from '../support/sign-in-app';
import { WebServer } from '../support/web-server';
import { listGrants, signIn, toClient, useEmulator, useToken } from '../tokens/support/metafy';

const toUserTokens = (baseURL: string): MetafyUserTokens =>
  new MetafyUserTokens({ ...shop, baseURL, store: new Map() });

describe('docs/migrating.md', () => {
  before(() => {
    process.env.SESSION_SECRET ??= 'of the session';
  });

  it('keeps people signed in whose session the old code wrote', async () => {
    const browser = new CookieBrowser();
    await using server = await WebServer.start();
    const app = express();
    app.use(session({ secret: 'of the session', resave: false, saveUninitialized: false }));
    app.get('/old-login', (req, res) => {
      req.session.userId = users.save({ id: 'ada', name: 'Ada' }).id;
      res.end();
    });
    app.use(createApp({ ...shop }, toUserTokens('http://127.0.0.1:1')) as never);
    app.get('/me', (req, res) => {
      res.json({ user: req.user, session: req.session });
    });
    server.handle(app);

    await browser.get(`${server.url}/old-login`);
    for (const visit of ['first', 'second']) {
      const { body } = await browser.get(`${server.url}/me`);
      const page = JSON.parse(body) as { user?: object; session: object };
      expect(page.user, visit).to.deep.equal({ id: 'ada', name: 'Ada' });
      expect(page.session).to.not.have.property('userId');
    }
  });

  it('leads from an account of another provider to the same account with Metafy', async () => {
    const browser = new CookieBrowser();
    await using server = await WebServer.start();
    await using emulator = await startEmulator();
    const callbackURL = `${server.url}/auth/metafy/callback`;
    const grace = users.save({ id: 'grace', name: 'Grace' });
    passport.use('linking', createLinkingStrategy({ ...shop, baseURL: emulator.url }, callbackURL));
    let signedIn: Express.User | undefined = grace;
    const app = express();
    app.use((req, _res, next) => {
      req.user = signedIn;
      next();
    });
    app.get('/auth/metafy', passport.authenticate('linking', { session: false }));
    app.get('/auth/metafy/callback', passport.authenticate('linking', { session: false }), (req, res) => {
      res.json(req.user);
    });
    server.handle(app);

    const linked = { ...grace, metafyId: emulator.users[1]?.id };
    // The second time nobody is signed in.
    for (const user of [grace, undefined]) {
      signedIn = user;
      const { location } = await browser.get(`${server.url}/auth/metafy`);
      const { body } = await browser.get(await emulator.authorize(location, { user: 'grace-student' }));
      expect(JSON.parse(body)).to.deep.equal(linked);
    }
  });

  describe('imported tokens', () => {
    const emulator = useEmulator();
    const toRow = ({ accessToken, refreshToken, scope }: MetafyTokens, expiresAtMs: number) => ({
      id: 'user-1',
      access_token: accessToken,
      refresh_token: refreshToken ?? null,
      expires_at: new Date(expiresAtMs),
      scope: scope.join(' '),
    });
    const importRow = async (expiresAtMs: number): Promise<MetafyTokens> => {
      const userTokens = new MetafyUserTokens({ ...toClient(emulator), store: new Map() });
      await importTokens([toRow(await signIn(emulator), expiresAtMs)], userTokens);
      return userTokens.get('user-1');
    };

    it('work as they are until they expire', async () => {
      const tokens = await importRow(Date.now() + 3_600_000);
      expect(await useToken(emulator, tokens)).to.equal(200);
      expect(listGrants(emulator)).to.have.length(0);
    });

    it('are refreshed when they have expired', async () => {
      const tokens = await importRow(Date.now() - 1000);
      expect(await useToken(emulator, tokens)).to.equal(200);
      expect(listGrants(emulator)).to.have.length(1);
    });
  });

  it('tells who is subscribed from who is not, and both from a failure', async () => {
    await using server = await WebServer.start();
    let status = 200;
    server.handle((_req, res) => {
      res.writeHead(status).end(JSON.stringify({ community: { has_access: true } }));
    });
    const userTokens = toUserTokens(server.url);
    const raw = { access_token: 'token', token_type: 'Bearer' };
    const expiresAt = new Date(Date.now() + 3_600_000);
    await userTokens.set('ada', { accessToken: 'token', tokenType: 'Bearer', scope: [], expiresAt, raw });
    const ask = (userId: string): Promise<Response> => answerAccess(userTokens, userId, 'club', server.url);

    expect(await (await ask('ada')).json()).to.deep.equal({ hasAccess: true });
    status = 404;
    expect(await (await ask('ada')).json()).to.deep.equal({ hasAccess: false });
    status = 503;
    expect(await ask('ada').catch(({ message }) => message)).to.equal('Metafy answered 503');
    const unknown = await ask('nobody');
    expect([unknown.status, await unknown.json()]).to.deep.equal([401, { error: 'login_required' }]);
  });
});
