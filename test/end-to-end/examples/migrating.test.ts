import { expect } from 'chai';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
// The built package, which the examples use as well.
import { MetafyUserTokens } from 'passport-metafy';
import { importTokens } from '../../../examples/migrating/import-tokens';
import { createLinkingStrategy } from '../../../examples/migrating/link-accounts';
import { answerAccess } from '../../../examples/migrating/route-handler';
import { createApp } from '../../../examples/migrating/sign-in';
import { users } from '../../../examples/migrating/users';
import { MetafyEmulator } from '../../../src/emulator';
import { CookieBrowser } from '../../support/cookie-browser';
import { WebServer } from '../../support/web-server';
import { issueTokens, listGrants, toClient, useToken } from '../support/tokens';

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

  it('leads from an account of another provider to the same account with Metafy', async () => {
    await using server = await WebServer.start();
    await using emulator = await new MetafyEmulator().start();
    const grace = users.save({ id: 'grace', name: 'Grace' });
    const callbackURL = `${server.url}/auth/metafy/callback`;
    passport.use('linking', createLinkingStrategy(toClient(emulator), callbackURL));
    let signedIn: Express.User | undefined;
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

    const browser = new CookieBrowser();
    // The second time nobody is signed in.
    for (signedIn of [grace, undefined]) {
      const { location } = await browser.get(`${server.url}/auth/metafy`);
      const { body } = await browser.get(await emulator.authorize(location, { user: 'grace-student' }));
      expect(JSON.parse(body)).to.deep.equal({ ...grace, metafyId: emulator.users[1]?.id });
    }
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

  it('tells who is subscribed from who is not, and both from a failure', async () => {
    await using server = await WebServer.start();
    let status = 200;
    server.handle((_req, res) => {
      res.writeHead(status).end(JSON.stringify({ community: { has_access: true } }));
    });
    const userTokens = createUserTokens(server);
    const raw = { access_token: 'token', token_type: 'Bearer' };
    const tokens = { accessToken: 'token', tokenType: 'Bearer', scope: [], expiresAt: inOneHour(), raw };
    await userTokens.set('ada', tokens);
    const ask = (userId: string) => answerAccess(userTokens, userId, 'club', server.url);

    expect(await (await ask('ada')).json()).to.deep.equal({ hasAccess: true });
    status = 404;
    expect(await (await ask('ada')).json()).to.deep.equal({ hasAccess: false });
    status = 503;
    expect(await ask('ada').catch(() => 'failed')).to.equal('failed');
    const unknown = await ask('nobody');
    expect([unknown.status, await unknown.json()]).to.deep.equal([401, { error: 'login_required' }]);
  });
});
