import { expect } from 'chai';
import { MetafyEmulator } from '../../../src/emulator';
import { DemoApplication } from '../support/application';
import { useEmulator } from '../support/fixtures';
import { findForm, PageVisitor } from '../support/page-visitor';

describe('the pages of the emulator, without a browser', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);
  const ada = '3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41';
  const grace = 'b81d0f52-37c6-4e0a-9c2d-51a7f4e86d03';
  let visitor: PageVisitor;

  beforeEach(() => {
    visitor = new PageVisitor(emulator.url);
  });

  it('ask who is signing in before anything else', async () => {
    const page = await (await visitor.open(application.authorizationURL())).text();
    expect(page).to.include('Who is signing in?').and.to.include('Ada Coach').and.to.include('Grace Student');
  });

  it('remember who has signed in', async () => {
    await visitor.signIn(application.authorizationURL(), grace);
    const page = await (await visitor.open(application.authorizationURL())).text();
    expect(page).to.include('Grace Student').and.not.to.include('Ada Coach');
  });

  it('always ask for consent, also the second time', async () => {
    await visitor.decide(application.authorizationURL(), ada, 'allow');
    const page = await (await visitor.open(application.authorizationURL())).text();
    expect(page).to.include('wants to access your Metafy account');
  });

  it('name application, scopes and destination', async () => {
    const url = application.authorizationURL({ scope: 'profile purchases' });
    const page = await (await visitor.openConsent(url, ada)).text();
    expect(page).to.include('Demo application').and.to.include('http://127.0.0.1:3000.');
    expect(page).to.include('See your profile').and.to.include('See what you have bought');
    expect(page).not.to.include('See your communities');
  });

  it('name a scope they have no words for', async () => {
    await using other = await new MetafyEmulator({
      applications: [
        {
          clientID: 'a',
          clientSecret: 'b',
          name: 'App',
          redirectURIs: ['http://localhost/cb'],
          scopes: ['teams:read'],
        },
      ],
    }).start();
    const parameters = { client_id: 'a', redirect_uri: 'http://localhost/cb', scope: 'teams:read' };
    const url = new DemoApplication(other).authorizationURL(parameters);
    const page = await (await new PageVisitor(other.url).openConsent(url, ada)).text();
    expect(page).to.include('<span>teams:read</span>');
  });

  it('carry the whole authorization request along', async () => {
    const url = application.authorizationURL({
      state: '"<&>\' ',
      code_challenge: 'x',
      code_challenge_method: 'plain',
    });
    const page = await (await visitor.openConsent(url, ada)).text();
    const { authenticity_token, ...fields } = findForm(page, '/auth/authorize').fields;
    expect(fields).to.deep.equal(Object.fromEntries(new URL(url).searchParams));
  });

  it('let the signed-in person become another', async () => {
    const page = await (await visitor.openConsent(application.authorizationURL(), ada)).text();
    const response = await visitor.post(findForm(page, '/auth/sign-out'));
    expect(response.status).to.equal(303);
    const next = await (await visitor.open(response.headers.get('location') ?? '')).text();
    expect(next).to.include('Who is signing in?');
  });

  it('ask who is signing in when a decision comes from nobody', async () => {
    const signIn = await (await visitor.open(application.authorizationURL())).text();
    const { authenticity_token } = findForm(signIn, '/auth/sign-in').fields;
    const url = new URL(application.authorizationURL());
    const fields = { ...Object.fromEntries(url.searchParams), authenticity_token: authenticity_token ?? '' };
    const response = await visitor.post({ action: '/auth/authorize', fields });
    expect(await response.text()).to.include('Who is signing in?');
  });

  it('ask again when nobody of that name exists', async () => {
    const location = await visitor.signIn(application.authorizationURL(), 'nobody');
    expect(await (await visitor.open(location)).text()).to.include('Who is signing in?');
  });

  it('refuse a form with the token of another session', async () => {
    const other = new PageVisitor(emulator.url);
    const page = await (await other.openConsent(application.authorizationURL(), ada)).text();
    await visitor.signIn(application.authorizationURL(), ada);
    expect((await visitor.post(findForm(page, '/auth/authorize'))).status).to.equal(422);
  });

  it('change the session when somebody signs in', async () => {
    const page = await (await visitor.open(application.authorizationURL())).text();
    await visitor.post(findForm(page, '/auth/sign-in'), { user: ada });
    expect((await visitor.post(findForm(page, '/auth/sign-in'), { user: grace })).status).to.equal(422);
  });

  it('tell a browser that a form is out of date, and everybody else as Rails does', async () => {
    const post = (accept: string) =>
      fetch(`${emulator.url}/auth/sign-in`, {
        method: 'POST',
        headers: { accept },
        body: new URLSearchParams(),
      });
    const page = await post('text/html,application/xhtml+xml,*/*;q=0.8');
    expect([page.status, await page.text()].join()).to.match(/^422,.*This page is out of date/s);
    const bare = await post('*/*');
    expect([bare.status, await bare.text()]).to.deep.equal([422, '']);
  });

  it('call nobody back for a decision about a bad request', async () => {
    const page = await (await visitor.openConsent(application.authorizationURL(), ada)).text();
    const response = await visitor.post(findForm(page, '/auth/authorize'), {
      redirect_uri: 'http://evil.example/',
    });
    expect(response.status).to.equal(200);
    expect(await response.text()).to.include('invalid_redirect_uri');
  });

  it('escape what they show', async () => {
    const url = application.authorizationURL({ client_id: '<script>alert(1)</script>"\'&' });
    const page = await (await visitor.open(url)).text();
    expect(page).to.include('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;').and.not.to.include('<script');
  });

  it('send a session cookie that scripts cannot read', async () => {
    const response = await visitor.open(application.authorizationURL());
    expect(response.headers.get('set-cookie')).to.match(/; Path=\/auth; HttpOnly; SameSite=Lax$/);
  });

  it('forbid scripts and frames', async () => {
    const policy = (await visitor.open(application.authorizationURL())).headers.get('content-security-policy');
    expect(policy).to.match(/^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self'; form-action 'self'; /);
    expect(policy).to.include("frame-ancestors 'none'").and.not.to.include('script-src');
  });

  it('allow a form to end at an app with its own URI scheme', async () => {
    await using other = await new MetafyEmulator({
      applications: [{ clientID: 'a', clientSecret: 'b', name: 'App', redirectURIs: ['com.example:/cb'] }],
    }).start();
    const url = new DemoApplication(other).authorizationURL({
      client_id: 'a',
      redirect_uri: 'com.example:/cb',
    });
    const response = await new PageVisitor(other.url).openConsent(url, ada);
    expect(response.headers.get('content-security-policy')).to.include("form-action 'self' http: https: com.example:;");
  });

  it('draw an avatar for everybody', async () => {
    for (const { avatar_url } of emulator.users) {
      const response = await fetch(String(avatar_url));
      expect(response.headers.get('content-type')).to.equal('image/svg+xml; charset=utf-8');
      expect(await response.text()).to.match(/^<svg .*<\/svg>$/);
    }
  });
});
