import http from 'node:http';
import https from 'node:https';
import { expect } from 'chai';
import { requireServerURL, resolveClient } from '../../src/metafy/client';
import { expectError, expectTypeError } from '../support/caught';
import { clientOptions } from '../support/client-options';

const { version } = require('../../package.json') as { version: string };
const resolve = (options: object = {}) => resolveClient({ ...clientOptions, ...options });

describe('resolveClient', () => {
  it("points at Metafy's URLs, waits ten seconds, uses Node's global agent, and says who asks for JSON", () => {
    const { clientSecret, ...client } = resolve({ timeoutMs: undefined });
    expect(clientSecret).to.equal(clientOptions.clientSecret);
    expect(client).to.deep.equal({
      clientID: clientOptions.clientID,
      authorizationURL: new URL('https://metafy.gg/auth/authorize'),
      tokenURL: new URL('https://metafy.gg/irk/oauth/token'),
      revocationURL: new URL('https://metafy.gg/irk/oauth/revoke'),
      apiURL: 'https://metafy.gg/irk/api',
      timeoutMs: 10_000,
      agent: undefined,
      headers: { Accept: 'application/json', 'User-Agent': `passport-metafy/${version}` },
    });
  });

  for (const [baseURL, tokenURL] of [
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/irk/oauth/token'],
    ['https://proxy.example/metafy', 'https://proxy.example/metafy/irk/oauth/token'],
    ['https://metafy.gg/', 'https://metafy.gg/irk/oauth/token'],
    [' https://metafy.gg\n', 'https://metafy.gg/irk/oauth/token'],
  ] as const) {
    it(`builds upon the base URL ${JSON.stringify(baseURL)}`, () => {
      expect(resolve({ baseURL }).tokenURL.href).to.equal(tokenURL);
    });
  }

  it('takes the agent of Node, of another package, and none', () => {
    const foreign = { addRequest() {} };
    for (const agent of [new https.Agent(), foreign, false]) expect(resolve({ agent }).agent).to.equal(agent);
    expect(resolve({ agent: null }).agent).to.equal(undefined);
    const httpAgent = new http.Agent();
    expect(resolve({ agent: httpAgent, baseURL: 'http://localhost' }).agent).to.equal(httpAgent);
  });

  it('refuses options at fault, by their name', async () => {
    for (const [option, values] of Object.entries({
      clientID: [undefined, null, '', 42, {}],
      clientSecret: [undefined, ''],
      baseURL: ['', 'metafy.gg', 42],
      timeoutMs: [0, '1000'],
      agent: ['agent', {}, new http.Agent()],
    })) {
      for (const value of values) await expectTypeError(() => resolve({ [option]: value }), option);
    }
    for (const options of [undefined, null, 'options']) {
      await expectTypeError(() => resolveClient(options as never), 'options');
    }
  });
});

describe('requireServerURL', () => {
  it('takes https, and http for this machine', () => {
    const loopback = ['localhost:3000', 'metafy.localhost', '127.0.0.1:80/path', '127.10.20.30', '127.1', '[::1]:3000'];
    for (const url of ['https://metafy.gg/path', 'http://LOCALHOST', ...loopback.map((host) => `http://${host}`)]) {
      expect(requireServerURL('tokenURL', url).href).to.equal(new URL(url).href);
    }
  });

  it('takes a query where it is told to', () => {
    const url = 'https://metafy.gg/list?page=1';
    expect(requireServerURL('url', url, { query: true }).href).to.equal(url);
  });

  const remote = ['metafy.gg', 'localhost.example', '127.0.0.1.example', 'notlocalhost', '10.0.0.1', '0.0.0.0'];
  const refused: Record<string, unknown[]> = {
    'where secrets would travel in the clear': [...remote, '[::2]', '[::ffff:8.8.8.8]', 'canary.example'].map(
      (host) => `http://${host}`,
    ),
    'that are none': [undefined, null, '', 42, '/path', 'metafy.gg', 'shttp://metafy.gg', 'javascript:1', 'canary'],
    'with credentials': ['https://canary@metafy.gg', 'https://:canary@metafy.gg'],
    'with a query or a fragment, even an empty one': ['/#canary', '/?a=canary', '/#', '/?', '?'].map(
      (tail) => `https://metafy.gg${tail}`,
    ),
  };
  for (const [which, urls] of Object.entries(refused)) {
    it(`refuses URLs ${which}`, async () => {
      for (const url of urls) {
        const { message } = await expectError(() => requireServerURL('tokenURL', url), { name: 'TypeError' });
        // What was given may be a secret in the wrong place.
        expect(message).to.include('`tokenURL`').and.not.include('canary');
      }
    });
  }
});
