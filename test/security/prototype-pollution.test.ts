import { expect } from 'chai';
import express5 from 'express';
import { MetafyStrategy, MetafyUserTokens } from '../../src';
import { clientOptions, strategyOptions } from '../support/client-options';
import { CookieBrowser } from '../support/cookie-browser';
import { documentedProfile, documentedTokens } from '../support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn } from '../support/strategy-run';
import { WebServer } from '../support/web-server';

const express4 = require('express4') as typeof express5;

/** `json` with the keys that would reach a prototype, as own keys of each object, as JSON has them. */
function pollute(json: object): string {
  const keys = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}';
  return JSON.stringify(json).replaceAll('{', `{${keys},`).replaceAll(',}', '}');
}

describe('prototype pollution through parsed JSON (CWE-1321; OWASP Prototype Pollution Prevention)', () => {
  const before = Reflect.ownKeys(Object.prototype);
  let server: WebServer;
  let strategy: MetafyStrategy;

  beforeEach(async () => {
    server = await WebServer.start();
    server.handle((request, response) => {
      const answer = request.url?.endsWith('/v1/me') ? documentedProfile : documentedTokens;
      request.resume().on('end', () => response.end(pollute(answer)));
    });
    const options = { ...strategyOptions, baseURL: server.url };
    strategy = new MetafyStrategy(options, ({ profile, tokens }) => ({ profile, tokens }));
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

  it('does not happen by a token answer, a profile and the application’s `state` in a login', async () => {
    const state = JSON.parse(pollute({ returnTo: '/' }));
    const { user, info } = await expectOutcome('success', signIn(strategy, { state }));
    expectPlain(user);
    expectPlain(info);
    expect(user).to.have.nested.property('profile.id', documentedProfile.user.id);
    expect(info).to.have.nested.property('state.returnTo', '/');
  });

  it('does not happen by stored tokens', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const raw = documentedTokens;
    const tokens = { accessToken: 'a', tokenType: 'Bearer', scope: ['profile'], expiresAt, raw };
    const store = new Map<string, string>();
    const users = new MetafyUserTokens({ ...clientOptions, store });
    await users.set('ada', tokens);
    for (const [key, row] of store) store.set(key, pollute(JSON.parse(row)));
    expectPlain(await users.get('ada'));
  });

  it('does not happen by cookies and a `state` named after what every object has', async () => {
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'toString']) {
      const headers = { cookie: `${name}=x; metafy-login-${name}=x` };
      const req = createRequest({ url: `/callback?code=a&state=${name}`, headers });
      expect((await expectOutcome('fail', runStrategy(strategy, req))).status).to.equal(403);
      await expectOutcome('redirect', runStrategy(strategy, createRequest({ headers })));
    }
  });

  for (const [version, express] of Object.entries({ 'Express 5': express5, 'Express 4': express4 })) {
    it(`does not happen by the callback's query and body under ${version}`, async () => {
      await using site = await WebServer.start();
      const app = express();
      app.use(express.json(), express.urlencoded({ extended: true }), async (req, res) => {
        res.send((await runStrategy(strategy, req as never)).type);
      });
      site.handle(app);
      const browser = new CookieBrowser();
      for (const name of ['__proto__', 'constructor[prototype]', 'code[__proto__]']) {
        const query = `${name}[polluted]=1&code=a`;
        expect((await browser.get(`${site.url}/?${query}`)).body).to.equal('fail');
        const form = await browser.post(site.url, 'application/x-www-form-urlencoded', query);
        expect(form.body).to.equal('fail');
      }
      const json = await browser.post(site.url, 'application/json', pollute({ code: 'a', state: 'b' }));
      expect(json.body).to.equal('fail');
    });
  }
});
