import { expect } from 'chai';
import nock from 'nock';
import { CookieBrowser } from '../support/cookie-browser';
import { answerLogin, useNock } from '../support/nock-metafy';
import { WebServer } from '../support/web-server';
import { loadReturnToExample } from './support/readme-application';

const site = 'https://example.com';

const safe = ['/', '/coaches/ada?tab=1&x=%2F%2Fevil.example#top', '/a//b', '/@evil.example', '/:80/x'];

/** What a browser ignores or takes for a slash, and what an application may take for a space. */
const ignored = [...' \t\n\r\0\x0b\u2028\u00a0\ufeff\u3000'];

const hostile = [
  ...['//', '///', '////', '/\\', '/\\/', '\\\\', '\\/', '／／', '/／', '@', '.', '', ':80@', '?//'],
  ...['https://', 'https:', 'https:/', 'HTTPS://', 'https://example.com@', 'https://example.com.'],
  ...ignored.flatMap((character) => [`${character}//`, `/${character}/`]),
]
  .map((start) => `${start}evil.example`)
  .concat('javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', '')
  .concat('/\r\nSet-Cookie: a=b', '/\r\n\r\n<script>alert(1)</script>');

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
    it(`returns to ${returnTo}`, async () => {
      expect(await signIn(`returnTo=${encodeURIComponent(returnTo)}`)).to.equal(returnTo);
    });
  }

  for (const returnTo of hostile) {
    it(`stays on the site with ${JSON.stringify(returnTo)}`, async () => {
      expect(await signIn(`returnTo=${encodeURIComponent(returnTo)}`)).to.equal('/');
    });
  }

  it('stays on the site with queries that a parser makes something else of', async () => {
    for (const name of ['', 'returnTo[]=/', 'returnTo=/&returnTo=/', 'returnTo[a]=/']) {
      expect(new URL(await signIn(`${name}/evil.example`), site).origin).to.equal(site);
    }
    for (const slash of ['%2F%252F', '%2F%255C']) {
      expect(new URL(await signIn(`returnTo=${slash}evil.example`), site).origin).to.equal(site);
    }
  });

  it('does not take it from the callback, where anybody could write it', async () => {
    expect(await signIn('returnTo=/coaches')).to.equal('/coaches');
    const page = await new CookieBrowser().get(
      `${server.url}/auth/metafy/callback?code=a&state=b&returnTo=//evil.example`,
    );
    expect([page.status, page.location]).to.deep.equal([403, '']);
  });
});
