import { join, sep } from 'node:path';
import { expect } from 'chai';
import express, { type Express } from 'express';
import session from 'express-session';
import type { PassportStatic } from 'passport';
import { MetafyEmulator } from '../../../src/emulator';
import { caught } from '../../support/caught';
import { CookieBrowser } from '../../support/cookie-browser';
import { WebServer } from '../../support/web-server';
import { useExample } from '../support/example';
import { startExample } from '../support/example-server';
import { issueTokens, useToken } from '../support/tokens';

describe('the application that the README shows', () => {
  const example = useExample('readme');

  it('shows who has signed in, until they sign out', async () => {
    await example.open(await example.startLogin({ user: 'grace-student' }));
    expect((await example.open('/')).body).to.include('are signed in');
    expect((await example.open('/me')).body).to.include('"Grace Student"');
    await example.post('/sign-out');
    expect((await example.open('/me')).body).to.equal('null');
  });

  it('offers another try to those who deny', async () => {
    const { location } = await example.open(await example.startLogin({ deny: true }));
    expect(location).to.equal(`${example.site.url}/failed`);
    expect((await example.open(location)).body).to.include('href="/auth/metafy"');
    expect((await example.open('/me')).body).to.equal('null');
  });

  it('does not start on a port that is taken', async () => {
    const PORT = new URL(example.site.url).port;
    const error = await caught(() => startExample('readme', example.emulator, { PORT }));
    expect(error.message).to.include('EADDRINUSE');
  }).timeout(60_000);
});

describe('examples/readme', () => {
  const environment = { ...process.env };
  let emulator: MetafyEmulator;
  let server: WebServer;
  let app: Express;
  let browser: CookieBrowser;
  let passport: PassportStatic;

  before(async () => {
    emulator = await new MetafyEmulator().start();
    server = await WebServer.start();
    Object.assign(process.env, {
      METAFY_URL: emulator.url,
      METAFY_CLIENT_ID: 'metafy-demo',
      METAFY_CLIENT_SECRET: 'metafy-demo-secret',
      SESSION_SECRET: 'at least 32 characters, only for tests',
      TOKEN_SECRET: 'at least 32 characters, only for tests',
      NEW_SECRET: 'at least 32 characters, only for tests',
      OLD_SECRET: 'at least 32 characters, used before them',
      APP_URL: server.url,
    });
    forgetModules();
    passport = require('passport');
    app = (require('../../../examples/readme/sign-in') as typeof import('../../../examples/readme/sign-in')).app;
    app.get('/me', (req, res) => {
      res.json(req.user ?? null);
    });
    server.handle(app);
  });
  after(async () => {
    process.env = environment;
    forgetModules();
    await server[Symbol.asyncDispose]();
    await emulator.stop();
  });
  beforeEach(() => {
    browser = new CookieBrowser();
  });

  /** A sign-in until the application's answer to the callback. */
  async function signIn(url = server.url, decision: { user?: string; deny?: boolean } = {}) {
    const { location } = await browser.get(`${url}/auth/metafy`);
    return browser.get(await emulator.authorize(location, decision));
  }
  const readMe = async () => JSON.parse((await browser.get(`${server.url}/me`)).body);

  it('signs in with the first dozen lines', async () => {
    expect((await signIn()).location).to.equal(`${server.url}/`);
    expect(await readMe()).to.have.property('name', 'Ada Coach');
  });

  it('says why nobody was signed in', async () => {
    const { addCallback } =
      require('../../../examples/readme/failures') as typeof import('../../../examples/readme/failures');
    await using other = await WebServer.start();
    const site = express();
    site.use(session({ secret: 'only for tests', resave: false, saveUninitialized: false }));
    site.get('/auth/metafy', passport.authenticate('metafy'));
    addCallback(site);
    other.handle(site);
    const denied = await signIn(other.url, { deny: true });
    expect(denied.status).to.equal(401);
    expect(denied.body).to.include('declined');
    const unknown = await browser.get(`${other.url}/auth/metafy/callback?code=any&state=unknown`);
    expect(unknown.status).to.equal(403);
    expect(unknown.body).to.include('cookies');
  });

  describe('with MetafyUserTokens', () => {
    const load = () =>
      require('../../../examples/readme/sign-out') as typeof import('../../../examples/readme/sign-out');
    const { error } = console;

    before(() => {
      require('../../../examples/readme/user-tokens');
    });
    beforeEach(() => {
      console.error = () => {};
    });
    afterEach(() => {
      console.error = error;
    });

    /** The access token that Metafy gave at the last sign-in. */
    const lastToken = async (): Promise<{ accessToken: string }> => {
      const { userTokens } =
        require('../../../examples/readme/user-tokens') as typeof import('../../../examples/readme/user-tokens');
      return userTokens.get((await readMe()).id);
    };
    const signOut = () => browser.post(`${server.url}/sign-out`, 'text/plain', '');

    it('asks Metafy in the name of the person', async () => {
      await signIn();
      expect(JSON.parse((await browser.get(`${server.url}/memberships`)).body)).to.be.an('array').that.is.not.empty;
    });

    it('signs out of the site and ends the authorization at Metafy', async () => {
      load();
      await signIn();
      const tokens = await lastToken();
      expect((await signOut()).location).to.equal(`${server.url}/`);
      expect(await readMe()).to.equal(null);
      expect(await useToken(emulator, tokens)).to.equal(401);
    });

    it('signs out of the site when Metafy is away, and ends the authorization later', async () => {
      const { retryRevocations } = load();
      await signIn();
      const tokens = await lastToken();
      emulator.fail('revoke', { status: 503 });
      const { location } = await signOut();
      expect(location).to.equal(`${server.url}/signed-out`);
      expect((await browser.get(location)).status).to.equal(200);
      expect(await readMe()).to.equal(null);
      expect(await useToken(emulator, tokens)).to.equal(200);
      await retryRevocations();
      expect(await useToken(emulator, tokens)).to.equal(401);
    });

    it('leaves alone what a person has allowed who came back in the meantime', async () => {
      const { retryRevocations } = load();
      await signIn();
      emulator.fail('revoke', { status: 503 });
      await signOut();
      await signIn();
      const tokens = await lastToken();
      await retryRevocations();
      expect(await useToken(emulator, tokens)).to.equal(200);
    });
  });

  it('sends whoever has to sign in again to the sign-in, and answers an outage with its status', async () => {
    const { userTokens } =
      require('../../../examples/readme/user-tokens') as typeof import('../../../examples/readme/user-tokens');
    const { error } = console;
    console.error = () => {};
    app.get('/nobody', async () => void (await userTokens.get('nobody')));
    app.get('/outage', async () => void (await userTokens.revoke((await readMe()).id)));
    require('../../../examples/readme/errors');
    expect((await browser.get(`${server.url}/nobody`)).location).to.equal(`${server.url}/auth/metafy`);
    await signIn();
    emulator.fail('revoke', { status: 503, headers: { 'Retry-After': '60' } });
    const { status, headers } = await browser.get(`${server.url}/outage`);
    expect([status, headers['retry-after']]).to.deep.equal([503, '60']);
    console.error = error;
  });

  it('counts subscribers with the owner’s token', async () => {
    const { countSubscribers } =
      require('../../../examples/readme/client-credentials') as typeof import('../../../examples/readme/client-credentials');
    expect(await countSubscribers()).to.equal(2);
  });

  it('refreshes and revokes by hand', async () => {
    const { rotate, disconnect } =
      require('../../../examples/readme/refresh-and-revoke') as typeof import('../../../examples/readme/refresh-and-revoke');
    const { refreshToken = '' } = await issueTokens(emulator, 'ada-coach');
    const user = { refreshToken, save: async () => {} };
    const accessToken = await rotate(user);
    expect(await useToken(emulator, { accessToken })).to.equal(200);
    expect(user.refreshToken).not.to.equal(refreshToken);
    await disconnect(user);
    expect(await useToken(emulator, { accessToken })).to.equal(401);
  });

  it('signs in where a request is a Request', async () => {
    const { startSignIn, finishSignIn } =
      require('../../../examples/readme/web') as typeof import('../../../examples/readme/web');
    const started = await startSignIn(new Request(`${server.url}/auth/metafy`));
    const cookie = started.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    const authorizationURL = started.headers.get('location') ?? '';
    const finish = async (url: string) => finishSignIn(new Request(url, { headers: { cookie } }));
    const finished = await finish(await emulator.authorize(authorizationURL));
    expect([finished.status, finished.headers.get('location')]).to.deep.equal([302, '/']);
    expect(finished.headers.getSetCookie().join()).to.include('session=');
    expect((await finish(await emulator.authorize(authorizationURL, { deny: true }))).status).to.equal(401);
  });

  it('signs in with a secret of one’s own for the cookie', async () => {
    const { strategy } =
      require('../../../examples/readme/state-secret') as typeof import('../../../examples/readme/state-secret');
    await using other = await WebServer.start();
    const site = express();
    passport.use('with-secret', strategy);
    site.get('/auth/metafy', passport.authenticate('with-secret'));
    site.get('/auth/metafy/callback', passport.authenticate('with-secret', { session: false }), (req, res) => {
      res.json(req.user);
    });
    other.handle(site);
    expect(JSON.parse((await signIn(other.url)).body)).to.have.property('name', 'Ada Coach');
  });
});

/** The examples read the environment when they are loaded, and share Passport's one instance with those of other tests. */
function forgetModules(): void {
  const root = join(__dirname, '..', '..', '..');
  const folders = [join(root, 'examples', 'readme'), join(root, 'node_modules', 'passport')];
  for (const path of Object.keys(require.cache)) {
    if (folders.some((folder) => path.startsWith(folder + sep))) delete require.cache[path];
  }
}
