import { expect } from 'chai';
import nock from 'nock';
import { CookieBrowser } from '../support/cookie-browser';
import { answerLogin, useNock } from '../support/nock-metafy';
import { WebServer } from '../support/web-server';
import { loadReturnToExample } from './support/readme-application';

const site = 'https://example.com';

const safe = [
  '/',
  '/coaches',
  '/coaches/ada?tab=1&x=%2F%2Fevil.example#top',
  '/a//b',
  '/@evil.example',
  '/:80/x',
];

const hostile = [
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '/\\/evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'HTTPS://evil.example',
  'https://example.com@evil.example',
  'https://example.com.evil.example',
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,x',
  'evil.example',
  '@evil.example',
  '.evil.example',
  ':80@evil.example',
  '?//evil.example',
  ' //evil.example',
  '\t//evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '/\r\n/evil.example',
  '\n//evil.example',
  '\0//evil.example',
  '/\0/evil.example',
  '/\x0b/evil.example',
  '/\u2028/evil.example',
  '/\u00a0/evil.example',
  '\ufeff//evil.example',
  '/\u3000/evil.example',
  '／／evil.example',
  '/／evil.example',
  '/\r\nSet-Cookie: a=b',
  '/\r\n\r\n<script>alert(1)</script>',
  '',
];

describe('open redirect through `state.returnTo` in the README (RFC 9700, section 4.11; OWASP Unvalidated Redirects)', () => {
  useNock();
  let server: WebServer;

  before(async () => {
    nock.enableNetConnect('127.0.0.1');
    server = await WebServer.start();
    server.handle(loadReturnToExample());
  });
  after(() => server[Symbol.asyncDispose]());

  /** A whole sign-in: where the browser is sent at its end, as it stands in the header. */
  async function signIn(query: string): Promise<string> {
    const browser = new CookieBrowser();
    const { location, headers } = await browser.get(`${server.url}/signin?${query}`);
    expect(location).to.match(/^https:\/\/metafy\.gg\/auth\/authorize\?/);
    const state = new URL(location).searchParams.get('state');
    // The callback of the README is on https, whose cookies the jar does not send over http.
    const Cookie = String(headers['set-cookie']).split(';')[0] as string;
    answerLogin();
    const page = await browser.get(`${server.url}/auth/metafy/callback?code=a-code&state=${state}`, {
      Cookie,
    });
    expect(page.status).to.equal(302);
    expect(page.headers['set-cookie']?.join()).not.to.match(/a=b/);
    return page.headers.location ?? '';
  }

  for (const returnTo of safe) {
    it(`leads to ${returnTo}`, async () => {
      expect(await signIn(`returnTo=${encodeURIComponent(returnTo)}`)).to.equal(returnTo);
    });
  }

  for (const returnTo of hostile) {
    it(`stays at home with ${JSON.stringify(returnTo)}`, async () => {
      expect(await signIn(`returnTo=${encodeURIComponent(returnTo)}`)).to.equal('/');
    });
  }

  for (const query of [
    '',
    'returnTo[]=//evil.example',
    'returnTo=/&returnTo=//evil.example',
    'returnTo[a]=//evil.example',
    'returnTo=%2F%252Fevil.example',
    'returnTo=%2F%255Cevil.example',
  ]) {
    it(`stays at home with the query ${query || 'empty'}`, async () => {
      const target = new URL(await signIn(query), site);
      expect(target.origin).to.equal(site);
    });
  }

  it('does not take it from the callback, where anybody could write it', async () => {
    expect(await signIn('returnTo=/coaches')).to.equal('/coaches');
    const page = await new CookieBrowser().get(
      `${server.url}/auth/metafy/callback?code=a&state=b&returnTo=//evil.example`,
    );
    expect([page.status, page.location]).to.deep.equal([403, '']);
  });
});
