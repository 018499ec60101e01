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
  const signInHeading = 'Who is signing in?';
  let url: string;
  let visitor: PageVisitor;

  beforeEach(() => {
    url = application.authorizationURL();
    visitor = new PageVisitor(emulator.url);
  });

  /** The consent page for an application with a scope and a URI scheme of its own. */
  async function openOther(): Promise<Response> {
    const redirect_uri = 'com.example:/cb';
    const names = { clientID: 'a', clientSecret: 'b', name: 'App' };
    const applications = [{ ...names, redirectURIs: [redirect_uri], scopes: ['teams:read'] }];
    await using other = await new MetafyEmulator({ applications }).start();
    const parameters = { client_id: 'a', redirect_uri, scope: 'teams:read' };
    const response = await new PageVisitor(other.url).openConsent(
      new DemoApplication(other).authorizationURL(parameters),
      ada,
    );
    return new Response(await response.text(), { headers: response.headers });
  }

  it('ask who is signing in before anything else, and remember it', async () => {
    expect(await visitor.read(url))
      .to.include(signInHeading)
      .and.include('Ada Coach')
      .and.include('Grace Student');
    await visitor.signIn(url, grace);
    expect(await visitor.read(url))
      .to.include('Grace Student')
      .and.not.to.include('Ada Coach');
  });

  it('always ask for consent, also the second time', async () => {
    await visitor.decide(url, ada, 'allow');
    expect(await visitor.read(url)).to.include('wants to access your Metafy account');
  });

  it('name application, scopes and destination, also a scope they have no words for', async () => {
    const location = await visitor.signIn(application.authorizationURL({ scope: 'profile purchases' }), ada);
    const page = await visitor.read(location);
    // The origin alone, as the form holds the redirect URI anyway.
    expect(page)
      .to.include('Demo application')
      .and.to.match(/http:\/\/127\.0\.0\.1:3000[\s.]/);
    expect(page).to.include('See your profile').and.to.include('See what you have bought');
    expect(page).not.to.include('See your communities');
    expect(await (await openOther()).text()).to.include('<span>teams:read</span>');
  });

  it('carry the whole authorization request along', async () => {
    const challenge = { code_challenge: 'x', code_challenge_method: 'plain' };
    url = application.authorizationURL({ state: '"<&>\' ', ...challenge });
    const page = await (await visitor.openConsent(url, ada)).text();
    const { authenticity_token, ...fields } = findForm(page, '/auth/authorize').fields;
    expect(fields).to.deep.equal(Object.fromEntries(new URL(url).searchParams));
  });

  it('let the signed-in person become another', async () => {
    const page = await (await visitor.openConsent(url, ada)).text();
    const response = await visitor.post(findForm(page, '/auth/sign-out'));
    expect(response.status).to.equal(303);
    expect(await visitor.read(response.headers.get('location') ?? '')).to.include(signInHeading);
  });

  it('ask who is signing in when a decision comes from nobody, or nobody of that name exists', async () => {
    const { authenticity_token = '' } = findForm(await visitor.read(url), '/auth/sign-in').fields;
    const fields = { ...Object.fromEntries(new URL(url).searchParams), authenticity_token };
    const response = await visitor.post({ action: '/auth/authorize', fields });
    expect(await response.text()).to.include(signInHeading);
    expect(await visitor.read(await visitor.signIn(url, 'nobody'))).to.include(signInHeading);
  });

  it('refuse a form with the token of another session, which one that somebody signs in to is', async () => {
    const other = await new PageVisitor(emulator.url).openConsent(url, ada);
    const page = await visitor.read(url);
    await visitor.post(findForm(page, '/auth/sign-in'), { user: ada });
    expect((await visitor.post(findForm(await other.text(), '/auth/authorize'))).status).to.equal(422);
    expect((await visitor.post(findForm(page, '/auth/sign-in'), { user: grace })).status).to.equal(422);
  });

  it('tell a browser that a form is out of date, and everybody else as Rails does', async () => {
    for (const [accept, body] of [
      ['text/html,application/xhtml+xml,*/*;q=0.8', /This page is out of date/],
      ['*/*', /^$/],
    ] as const) {
      const response = await fetch(`${emulator.url}/auth/sign-in`, { method: 'POST', headers: { accept } });
      expect(response.status).to.equal(422);
      expect(await response.text()).to.match(body);
    }
  });

  it('call nobody back for a decision about a bad request', async () => {
    const page = await (await visitor.openConsent(url, ada)).text();
    const bad = { redirect_uri: 'http://evil.example/' };
    const response = await visitor.post(findForm(page, '/auth/authorize'), bad);
    expect([response.status, await response.text()].join()).to.match(/^200.*invalid_redirect_uri/s);
  });

  it('escape what they show', async () => {
    const page = await visitor.read(application.authorizationURL({ client_id: '<script>alert(1)</script>"\'&' }));
    expect(page).to.include('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;').and.not.to.include('<script');
  });

  it('forbid scripts and frames, and hide their cookie from scripts', async () => {
    const { headers } = await visitor.open(url);
    expect(headers.get('set-cookie')).to.match(/; Path=\/auth; HttpOnly; SameSite=Lax$/);
    const policy = headers.get('content-security-policy');
    expect(policy).to.match(/^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self'; form-action 'self'; /);
    expect(policy).to.include("frame-ancestors 'none'").and.not.to.include('script-src');
  });

  it('allow a form to end at an app with its own URI scheme', async () => {
    const policy = (await openOther()).headers.get('content-security-policy');
    expect(policy).to.include("form-action 'self' http: https: com.example:;");
  });

  it('draw an avatar for everybody', async () => {
    for (const { avatar_url } of emulator.users) {
      const response = await fetch(String(avatar_url));
      expect(response.headers.get('content-type')).to.equal('image/svg+xml; charset=utf-8');
      expect(await response.text()).to.match(/^<svg .*<\/svg>$/);
    }
  });
});
