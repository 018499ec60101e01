import assert from 'node:assert/strict';
import { MetafyEmulator, Visitor } from 'passport-metafy/emulator';
import { type RunningApp, startApp } from './app';

describe('my application', () => {
  let metafy: MetafyEmulator;
  let app: RunningApp;
  let visitor: Visitor;

  before(async () => {
    metafy = await new MetafyEmulator({ accessTokenLifetimeSeconds: 60 }).start();
    app = await startApp({
      clientID: 'metafy-demo',
      clientSecret: 'metafy-demo-secret',
      baseURL: metafy.url,
    });
  });
  after(async () => {
    await app.stop();
    await metafy.stop();
  });
  beforeEach(() => {
    metafy.clearRequests();
    visitor = new Visitor();
  });

  it('greets whoever has signed in', async () => {
    const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
    const callback = await metafy.authorize(authorizationURL, { user: 'grace-student' });
    assert.equal(await visitor.open(callback), 'Hello, Grace Student');
  });

  it('offers another try to those who deny', async () => {
    const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
    const callback = await metafy.authorize(authorizationURL, { deny: true });
    assert.match(await visitor.open(callback), /Sign in with Metafy/);
  });

  it('refuses a callback that was started in another browser', async () => {
    const authorizationURL = await new Visitor().getLocation(`${app.url}/auth/metafy`);
    const callback = await metafy.authorize(authorizationURL);
    assert.match(await visitor.open(callback), /Sign in with Metafy/);
    assert.equal(metafy.requests.length, 0);
  });

  it('says so when Metafy is away, and works when it is back', async () => {
    const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
    metafy.fail('token', { status: 503, headers: { 'Retry-After': '60' } });
    const answer = await visitor.get(await metafy.authorize(authorizationURL));
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /not available/);

    assert.equal(await signIn(), 'Hello, Ada Coach');
  });

  it('asks Metafy for the profile, and for nothing else', async () => {
    await signIn();
    const sent = metafy.requests.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(sent, ['POST /irk/oauth/token', 'GET /irk/api/v1/me']);
    assert.equal(metafy.requests[0]?.body?.grant_type, 'authorization_code');
  });

  it('refreshes tokens that are about to expire', async () => {
    await signIn();
    metafy.clearRequests();
    assert.equal((await visitor.get(`${app.url}/profile`)).status, 200);
    assert.equal(metafy.requests[0]?.body?.grant_type, 'refresh_token');
  });

  it('serves the profile under both of the refresh modes that Metafy may have', async () => {
    for (const mode of ['on_use', 'immediate'] as const) {
      metafy.setRefreshMode(mode);
      await signIn();
      for (const _turn of [1, 2]) assert.equal((await visitor.get(`${app.url}/profile`)).status, 200);
    }
  });

  async function signIn(): Promise<string> {
    const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
    return visitor.open(await metafy.authorize(authorizationURL));
  }
});
