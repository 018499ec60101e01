import http from 'node:http';
import https from 'node:https';
import { expect } from 'chai';
import { requireServerURL, resolveClient } from '../../src/metafy/client';
import { clientOptions } from '../support/client-options';

const { version } = require('../../package.json') as { version: string };
const resolve = (options: object = {}) => resolveClient({ ...clientOptions, ...options });

describe('resolveClient', () => {
  it("points at Metafy's URLs, waits ten seconds and uses Node's global agent by default", () => {
    const { authorizationURL, tokenURL, revocationURL, apiURL, timeoutMs, agent } = resolve({ timeoutMs: undefined });
    expect({ urls: [authorizationURL, tokenURL, revocationURL].map(String), apiURL, timeoutMs, agent }).to.deep.equal({
      urls: [
        'https://metafy.gg/auth/authorize',
        'https://metafy.gg/irk/oauth/token',
        'https://metafy.gg/irk/oauth/revoke',
      ],
      apiURL: 'https://metafy.gg/irk/api',
      timeoutMs: 10_000,
      agent: undefined,
    });
  });

  for (const [baseURL, tokenURL] of [
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/irk/oauth/token'],
    ['https://proxy.example/metafy', 'https://proxy.example/metafy/irk/oauth/token'],
    ['https://metafy.gg/', 'https://metafy.gg/irk/oauth/token'],
    ['https://metafy.gg\n', 'https://metafy.gg/irk/oauth/token'],
    [' https://metafy.gg ', 'https://metafy.gg/irk/oauth/token'],
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

  it('asks for JSON and names this package and its version', () => {
    expect(resolve().headers).to.deep.equal({ Accept: 'application/json', 'User-Agent': `passport-metafy/${version}` });
  });

  for (const [option, values] of Object.entries({
    clientID: [undefined, null, '', 42, {}],
    clientSecret: [undefined, ''],
    baseURL: ['', 'metafy.gg', 42],
    timeoutMs: [0, '1000'],
    agent: ['agent', {}, new http.Agent()],
  })) {
    for (const value of values) {
      it(`refuses ${option} ${value instanceof http.Agent ? 'of http for https' : JSON.stringify(value)}`, () => {
        expect(() => resolve({ [option]: value })).to.throw(TypeError, `\`${option}\``);
      });
    }
  }

  for (const options of [undefined, null, 'options']) {
    it(`refuses ${JSON.stringify(options)} for options`, () => {
      expect(() => resolveClient(options as never)).to.throw(TypeError, '`options`');
    });
  }
});

describe('requireServerURL', () => {
  for (const url of [
    'https://metafy.gg/path',
    'http://localhost:3000',
    'http://metafy.localhost',
    'http://127.0.0.1:80/path',
    'http://127.1.2.3',
    'http://127.1',
    'http://[::1]:3000',
    'http://LOCALHOST',
  ]) {
    it(`takes ${url}`, () => {
      expect(requireServerURL('tokenURL', url).href).to.equal(new URL(url).href);
    });
  }

  const refused: Record<string, unknown[]> = {
    'where secrets would travel in the clear': [
      'http://metafy.gg',
      'http://localhost.example',
      'http://127.0.0.1.example',
      'http://notlocalhost',
      'http://10.0.0.1',
      'http://0.0.0.0',
      'http://[::2]',
      'http://[::ffff:8.8.8.8]',
      'http://canary.example',
    ],
    'which is no URL to ask': [
      undefined,
      null,
      '',
      42,
      '/path',
      'metafy.gg',
      'ftp://metafy.gg',
      'javascript:1',
      'canary',
    ],
    'with more than origin and path': [
      'https://canary@metafy.gg',
      'https://:canary@metafy.gg',
      'https://metafy.gg/#canary',
      'https://metafy.gg/?a=canary',
      'https://metafy.gg/#',
      'https://metafy.gg/?',
      'https://metafy.gg?',
    ],
  };
  for (const [why, urls] of Object.entries(refused)) {
    for (const url of urls) {
      it(`refuses ${JSON.stringify(url)}, ${why}`, () => {
        // What was given may be a secret in the wrong place.
        expect(() => requireServerURL('tokenURL', url))
          .to.throw(TypeError, '`tokenURL`')
          .with.property('message')
          .that.does.not.include('canary');
      });
    }
  }

  it('takes a query where it is told to', () => {
    const url = 'https://metafy.gg/list?page=1';
    expect(requireServerURL('url', url, { query: true }).href).to.equal(url);
  });
});
