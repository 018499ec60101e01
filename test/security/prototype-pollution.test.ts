import { expect } from 'chai';
import express5 from 'express';
import { MetafyStrategy, MetafyUserTokens, refreshTokens } from '../../src';
import { parseProfile } from '../../src/profile';
import { parseBearerChallenge } from '../../src/response-error';
import { clientOptions, strategyOptions } from '../support/client-options';
import { CookieBrowser } from '../support/cookie-browser';
import { documentedProfile, documentedTokens } from '../support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from '../support/strategy-run';
import { WebServer } from '../support/web-server';

const express4 = require('express4') as typeof express5;

/** `json` with the keys that would reach a prototype, as own keys of an object, as JSON has them. */
function pollute(json: object): string {
  const keys =
    '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}';
  return JSON.stringify(json).replaceAll('{', `{${keys},`).replaceAll(',}', '}');
}

describe('prototype pollution through parsed JSON (CWE-1321; OWASP Prototype Pollution Prevention)', () => {
  const before = Reflect.ownKeys(Object.prototype);
  let server: WebServer;
  let answers: { token: string; profile: string };

  beforeEach(async () => {
    server = await WebServer.start();
    server.handle((request, response) => {
      const body = request.url?.endsWith('/v1/me') ? answers.profile : answers.token;
      request.resume().on('end', () => response.end(body));
    });
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    expect(Reflect.ownKeys(Object.prototype)).to.deep.equal(before);
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });

  /** Neither it nor anything in it has a prototype that came from outside. */
  function expectPlain(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    expect([Object.prototype, Array.prototype, Date.prototype]).to.include(Object.getPrototypeOf(value));
    expect(Object.hasOwn(value, 'polluted') || !('polluted' in value)).to.equal(true);
    for (const key of Object.keys(value)) {
      if (key !== 'constructor') expectPlain(Object.getOwnPropertyDescriptor(value, key)?.value);
    }
  }

  it('does not happen by a token answer and a profile in a login', async () => {
    answers = { token: pollute(documentedTokens), profile: pollute(documentedProfile) };
    const options = { ...strategyOptions, baseURL: server.url };
    const strategy = new MetafyStrategy(options, ({ profile, tokens }) => ({ profile, tokens }));
    const { user, info } = await expectOutcome('success', signIn(strategy, { state: { returnTo: '/' } }));
    expectPlain(user);
    expectPlain(info);
    expect(user).to.have.nested.property('profile.id', documentedProfile.user.id);
  });

  it('does not happen by a token answer to a refresh', async () => {
    answers = { token: pollute(documentedTokens), profile: '' };
    expectPlain(await refreshTokens({ ...clientOptions, baseURL: server.url }, 'a-refresh-token'));
  });

  it('does not happen by a refusal', async () => {
    answers = { token: pollute({ error: 'invalid_grant' }), profile: '' };
    const refused = refreshTokens({ ...clientOptions, baseURL: server.url }, 'a-refresh-token');
    expect(await refused.catch(({ code }) => code)).to.equal('invalid_grant');
  });

  it('does not happen by stored tokens', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const row = { accessToken: 'a', refreshToken: 'b', scope: ['profile'], expiresAt, raw: documentedTokens };
    const store = new Map([['metafy-user:ada', pollute(row)]]);
    expectPlain(await new MetafyUserTokens({ ...clientOptions, store }).get('ada'));
  });

  it('does not happen by the application’s `state`', async () => {
    answers = { token: JSON.stringify(documentedTokens), profile: JSON.stringify(documentedProfile) };
    const strategy = new MetafyStrategy(
      { ...strategyOptions, baseURL: server.url },
      ({ profile }) => profile,
    );
    const state = JSON.parse(pollute({ returnTo: '/' }));
    const { info } = await expectOutcome('success', signIn(strategy, { state }));
    expectPlain(info);
    expect(info).to.have.nested.property('state.returnTo', '/');
  });

  it('lends no field to what lacks it: an `id` in `__proto__` is none', () => {
    for (const body of ['{"__proto__":{"id":"x"}}', '{"user":{"__proto__":{"id":"x"}}}']) {
      expect(() => parseProfile(body)).to.throw(/without a usable `id`/);
    }
  });

  it('does not happen by parameters of `WWW-Authenticate`', () => {
    expect(parseBearerChallenge('Bearer __proto__="x", constructor="y"', [])).to.equal(undefined);
  });

  it('does not happen by cookies and a `state` named after what every object has', async () => {
    const strategy = new MetafyStrategy(
      { ...strategyOptions, baseURL: server.url },
      ({ profile }) => profile,
    );
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'toString']) {
      const headers = { cookie: `${name}=x; metafy-login-${name}=x` };
      const url = `/callback?code=a&state=${name}`;
      const outcome = await expectOutcome('fail', runStrategy(strategy, createRequest({ url, headers })));
      expect(outcome.status).to.equal(403);
    }
    await startLogin(strategy, undefined, { headers: { cookie: '__proto__=x; constructor=y' } });
  });

  for (const [version, express] of [
    ['Express 5', express5],
    ['Express 4', express4],
  ] as const) {
    it(`does not happen by the callback's query and body under ${version}`, async () => {
      const strategy = new MetafyStrategy(
        { ...strategyOptions, baseURL: server.url },
        ({ profile }) => profile,
      );
      await using site = await WebServer.start();
      const app = express();
      app.use(express.json(), express.urlencoded({ extended: true }), async (req, res) => {
        const { type } = await runStrategy(strategy, req as never);
        res.send(type);
      });
      site.handle(app);
      const browser = new CookieBrowser();
      for (const query of [
        '__proto__[polluted]=1',
        'constructor[prototype][polluted]=1',
        'code[__proto__][polluted]=1',
      ]) {
        expect((await browser.get(`${site.url}/?${query}&code=a`)).body).to.equal('fail');
        const form = await browser.post(site.url, 'application/x-www-form-urlencoded', `${query}&code=a`);
        expect(form.body).to.equal('fail');
      }
      const json = await browser.post(site.url, 'application/json', pollute({ code: 'a', state: 'b' }));
      expect(json.body).to.equal('fail');
    });
  }
});
