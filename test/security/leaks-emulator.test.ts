import { inspect } from 'node:util';
import { expect } from 'chai';
import { CookieStateStore, type MetafyTokens, refreshTokens, revokeToken } from '../../src';
import { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { callbackPath, type SignInApp, signIn, startLogin, startSignInApp } from '../support/sign-in-app';
import { canaries, findShown } from './support/canaries';
import { changeQuery, readParameter } from './support/tasks';

const application = {
  clientID: 'a-client',
  clientSecret: canaries.clientSecret,
  name: 'The Shop',
  redirectURIs: [`http://127.0.0.1${callbackPath}`],
};

describe('secrets in the request log of the emulator (OWASP Logging Cheat Sheet)', () => {
  let emulator: MetafyEmulator;
  let app: SignInApp;
  let tokens: MetafyTokens;
  /** What the emulator has issued, and what was proved to it. */
  const secrets: string[] = [];
  const client = () => ({ ...application, baseURL: emulator.url });

  before(async () => {
    emulator = await new MetafyEmulator({ applications: [application] }).start();
    const store = new CookieStateStore({ secret: canaries.cookieKey });
    const { verify } = store;
    store.verify = function (req, state, meta, callback) {
      verify.call(this, req, state, meta, (error, ok, kept) => {
        if (typeof ok === 'string') secrets.push(ok);
        callback(error, ok, kept);
      });
    };
    app = await startSignInApp({
      strategy: { ...client(), store },
      verify: ({ profile, tokens: received }: { profile: object; tokens: MetafyTokens }) => {
        keep(received);
        return profile;
      },
    });
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await emulator.stop();
  });

  function keep(received: MetafyTokens): MetafyTokens {
    tokens = received;
    secrets.push(received.accessToken, received.refreshToken as string);
    return received;
  }

  it('are not shown after logins, refusals, refreshes and revocations of every kind', async () => {
    const browser = new CookieBrowser();
    const callback = await startLogin(browser, app, emulator);
    secrets.push(readParameter(callback, 'code'));
    expect((await browser.get(callback)).status).to.equal(200);
    expect((await signIn(browser, app, emulator, { deny: true })).status).to.equal(401);
    const pending = await startLogin(browser, app, emulator);
    const wrong = await browser.get(changeQuery(pending, { code: secrets[0] }));
    expect(wrong.status).to.equal(502);

    keep(await refreshTokens(client(), tokens.refreshToken as string));
    for (const clientSecret of ['wrong', canaries.tokenKey]) {
      await refreshTokens({ ...client(), clientSecret }, tokens.accessToken).catch(() => {});
    }
    await sendInWrongPlaces();
    await revokeToken(client(), tokens.accessToken, { tokenTypeHint: 'access_token' });
    await refreshTokens(client(), tokens.refreshToken as string).catch(() => {});

    expect(secrets.length).to.be.at.least(7);
    expect(emulator.requests.length).to.be.at.least(15);
    const { requests } = emulator;
    for (const text of [
      JSON.stringify(requests),
      inspect(requests, { depth: null, showHidden: true, maxArrayLength: null }),
    ]) {
      expect(findShown(text, secrets)).to.deep.equal([]);
    }
  });

  it('are not shown by the emulator itself', () => {
    const text = inspect(emulator, { depth: null, showHidden: true }) + JSON.stringify(emulator);
    expect(findShown(text, secrets)).to.deep.equal([]);
  });

  /** As a mistaken application does: in queries, paths, forms, other headers and broken JSON. */
  async function sendInWrongPlaces(): Promise<void> {
    const { accessToken, refreshToken } = tokens;
    const { clientSecret } = application;
    const basic = Buffer.from(`a-client:${clientSecret}`).toString('base64');
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: `${refreshToken}`,
      client_secret: clientSecret,
    });
    const token = `${emulator.url}/irk/oauth/token`;
    const requests: [string, RequestInit?][] = [
      [`${emulator.url}/irk/api/v1/me?access_token=${accessToken}`],
      [`${emulator.url}/irk/api/v1/me?unknown=${accessToken}`],
      [`${emulator.url}/${accessToken}/${clientSecret}`],
      [`${token}?${form}`, { method: 'POST' }],
      [token, { method: 'POST', body: form, headers: { Authorization: `Basic ${basic}` } }],
      [
        token,
        {
          method: 'POST',
          body: `{"client_secret":"${clientSecret}"`,
          headers: { 'Content-Type': 'application/json' },
        },
      ],
      [
        token,
        {
          method: 'POST',
          body: JSON.stringify({ a: { b: [accessToken, clientSecret] } }),
          headers: { 'Content-Type': 'application/json' },
        },
      ],
      [
        token,
        {
          headers: {
            'X-Anything': `${accessToken}`,
            'X-Other': clientSecret,
            Referer: `http://a/?code=${accessToken}`,
          },
        },
      ],
    ];
    for (const [url, init] of requests) await (await fetch(url, init)).text();
  }
});
