import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { callbackPath, shop, startLogin } from '../support/sign-in-app';
import { useSignIns } from './support/sign-ins';

describe('a sign-in with Express and Passport', () => {
  const context = useSignIns();

  it('ends with the user in the request and in the session', async () => {
    await using app = await context.startApp();
    const page = await context.signIn(app, { user: 'grace-student' });
    expect(page.status).to.equal(200);
    expect(JSON.parse(page.body).user).to.include({ provider: 'metafy', username: 'grace-student' });
    expect(await context.readUserName(app)).to.equal('grace-student');
  });

  it('works without a session, and leaves no cookie behind', async () => {
    await using app = await context.startApp({ hasSession: false, finish: { session: false } });
    const { body } = await context.signIn(app);
    expect(JSON.parse(body).user.username).to.equal('ada-coach');
    expect(await context.browser.cookies(app.url)).to.have.length(0);
  });

  it('goes to failureRedirect when the person denies, with the reason in failureMessage', async () => {
    await using app = await context.startApp({
      finish: { failureRedirect: '/login', failureMessage: true },
    });
    app.app.get('/login', (req, res) => {
      res.json((req.session as unknown as { messages: string[] }).messages);
    });
    const { location } = await context.signIn(app, { deny: true });
    expect(location).to.equal(`${app.url}/login`);
    expect((await context.browser.get(location)).body).to.match(/denied/);
  });

  it('brings the application’s state back, which Metafy does not see', async () => {
    const state = { returnTo: '/coaches?page=2', deep: { list: [1, null] } };
    await using app = await context.startApp({ start: { state } });
    const { location } = await context.browser.get(app.startURL);
    expect(decodeURIComponent(location)).not.to.include('coaches');
    const { body } = await context.browser.get(await context.emulator.authorize(location));
    expect(JSON.parse(body).authInfo.state).to.deep.equal(state);
  });

  it('connects an account to the person who is signed in already, with passport.authorize', async () => {
    await using app = await context.startApp();
    const authorize = app.passport.authorize('metafy', { callbackURL: `${app.url}/other/callback` });
    app.app.get('/other', authorize);
    app.app.get('/other/callback', authorize, (req, res) => {
      res.json((req as { account?: object }).account);
    });
    await context.signIn(app, { user: 'ada-coach' });
    const { body } = await context.signIn({ startURL: `${app.url}/other` }, { user: 'grace-student' });
    expect(JSON.parse(body).username).to.equal('grace-student');
    expect(await context.readUserName(app)).to.equal('ada-coach');
  });

  it('keeps two applications apart in one browser', async () => {
    const redirectURIs = [`http://127.0.0.1${callbackPath}`];
    const application = { ...shop, clientID: 'other', name: 'Other', redirectURIs };
    await using emulator = await new MetafyEmulator({ applications: [application] }).start();
    await using first = await context.startApp();
    await using second = await context.startApp({ strategy: { baseURL: emulator.url, clientID: 'other' } });
    const callback = await context.startLogin(first);
    const otherCallback = await startLogin(context.browser, second, emulator);
    expect((await context.browser.get(otherCallback)).status).to.equal(200);
    expect((await context.browser.get(callback)).status).to.equal(200);
  });

  it('says when Metafy wants to be asked again', async () => {
    await using app = await context.startApp();
    context.emulator.fail('token', { status: 429, headers: { 'Retry-After': '7' } });
    const page = await context.signIn(app);
    expect(page.status).to.equal(503);
    expect(JSON.parse(page.body).error).to.include({ retryAfterMs: 7000 });
  });
});
