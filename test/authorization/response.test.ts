import { expect } from 'chai';
import fastCheck from 'fast-check';
import {
  classifyExchangeError,
  parseAuthorizationResponse,
  parseQuery,
  rejectPrefetch,
  throwAuthorizationError,
} from '../../src/authorization/response';
import { MetafyOAuthError, MetafySignInError } from '../../src/errors';

const names = ['code', 'state', 'error', 'error_description', 'error_uri'];

function expectMalformed(source: Record<string, unknown>): void {
  expect(() => parseAuthorizationResponse(source))
    .to.throw(MetafySignInError)
    .and.include({ code: 'malformed_response', status: 400 })
    .with.property('message')
    .not.include('canary');
}

describe('parseAuthorizationResponse', () => {
  it('reads what an authorization server sends back, and nothing else', () => {
    const response = {
      code: 'a',
      state: 'b',
      error: 'c',
      error_description: 'Un problème · ✓',
      error_uri: 'https://metafy.gg/help',
    };
    const others = { iss: 'a', access_token: 'b', 'x[]': ['c'] };
    expect(parseAuthorizationResponse({ ...response, ...others })).to.deep.equal(response);
  });

  it('is undefined for a request that starts a sign-in', () => {
    for (const source of [{}, { returnTo: '/' }]) expect(parseAuthorizationResponse(source)).to.equal(undefined);
  });

  // Starting a sign-in for one of them would bring the browser back with it, without end.
  for (const name of ['state', 'error_description', 'error_uri']) {
    it(`rejects \`${name}\` with neither \`code\` nor \`error\``, () => {
      expectMalformed({ [name]: 'canary' });
      expectMalformed({ [name]: 'canary', error_code: 'access_denied' });
      expectMalformed({ [name]: 'canary', code: '' });
      expectMalformed({ [name]: 'canary', error: '' });
    });
  }

  for (const name of names) {
    it(`rejects ${name} that is not one string`, () => {
      for (const value of [['a', 'canary'], ['a'], [], { a: 'canary' }, null, undefined, 42, true])
        expectMalformed({ code: 'a', [name]: value });
    });

    it(`rejects ${name} with brackets, as Express 5 leaves them`, () => {
      for (const key of [`${name}[]`, `${name}[a]`, `${name}[a][b]`, `${name}[`]) expectMalformed({ [key]: 'canary' });
    });

    it(`rejects ${name} with a control character`, () => {
      for (const char of ['\0', '\n', '\r', '\x7f', '\x85']) expectMalformed({ code: 'a', [name]: `canary${char}` });
    });
  }

  for (const [name, maxLength] of [
    ['code', 2048],
    ['state', 4096],
    ['error', 200],
    ['error_description', 2000],
    ['error_uri', 2000],
  ] as const) {
    it(`takes ${name} of ${maxLength} characters and rejects one more`, () => {
      const source = { code: 'a', [name]: 'a'.repeat(maxLength) };
      expect(parseAuthorizationResponse(source)).to.deep.equal(source);
      expectMalformed({ ...source, [name]: 'a'.repeat(maxLength + 1) });
    });
  }

  it('reads nothing but short single strings, whatever it is given', () => {
    const key = fastCheck.oneof(fastCheck.constantFrom(...names), fastCheck.string());
    fastCheck.assert(
      fastCheck.property(fastCheck.dictionary(key, fastCheck.anything()), (source) => {
        let response: object | undefined;
        try {
          response = parseAuthorizationResponse(source);
        } catch (error) {
          expect(error).to.be.instanceOf(MetafySignInError);
        }
        for (const [name, value] of Object.entries(response ?? {})) {
          expect(names).to.include(name);
          expect(value).to.be.a('string');
        }
      }),
    );
  });
});

describe('parseQuery', () => {
  for (const [url, query] of [
    ['/cb?code=a%20b&state=c', { code: 'a b', state: 'c' }],
    ['https://app.example/cb?code=a&code=b', { code: ['a', 'b'] }],
    ['/cb?', {}],
    ['/cb', {}],
    [undefined, {}],
  ] as const) {
    it(`reads ${url}`, () => {
      expect({ ...parseQuery(url) }).to.deep.equal(query);
    });
  }
});

describe('rejectPrefetch', () => {
  const reject = (headers: Record<string, string | undefined>) => () => rejectPrefetch((name) => headers[name]);

  for (const [name, value] of [
    ['sec-purpose', 'prefetch'],
    ['sec-purpose', 'prefetch;prerender'],
    ['sec-purpose', 'prefetch;anonymous-client-ip'],
    ['purpose', 'prefetch'],
    ['purpose', 'Prefetch'],
    ['x-moz', 'prefetch'],
  ] as const) {
    it(`rejects ${name}: ${value}`, () => {
      expect(reject({ [name]: value }))
        .to.throw(MetafySignInError)
        .with.property('status', 400);
    });
  }

  it('lets any other request pass', () => {
    for (const headers of [
      {},
      { purpose: '' },
      { 'sec-purpose': 'navigate' },
      { referer: 'https://a.example/prefetch' },
    ])
      expect(reject(headers)).not.to.throw();
  });
});

describe('throwAuthorizationError', () => {
  const error_uri = 'https://metafy.gg/help';

  it('throws nothing for a code', () => {
    throwAuthorizationError({ code: 'a' });
  });

  for (const [error, code, status] of [
    ['access_denied', 'access_denied', 401],
    ['whatever', 'malformed_response', 400],
  ] as const) {
    it(`throws the person's own situation for ${error}, with ${status}`, () => {
      expect(() => throwAuthorizationError({ error, error_description: 'No, thanks' }))
        .to.throw(MetafySignInError, 'No, thanks')
        .and.include({ code, oauthCode: error, status });
    });
  }

  it('has a message where Metafy gave none, and prefers the error where there is a code as well', () => {
    const response = { code: 'a', error: 'access_denied', error_description: '' };
    expect(() => throwAuthorizationError(response)).to.throw(MetafySignInError, 'access_denied');
  });

  for (const [error, status] of [
    ['invalid_request', 500],
    ['unauthorized_client', 500],
    ['unsupported_response_type', 500],
    ['invalid_scope', 500],
    ['server_error', 502],
    ['temporarily_unavailable', 503],
  ] as const) {
    it(`throws a MetafyOAuthError for ${error}, with ${status}`, () => {
      expect(() => throwAuthorizationError({ error, error_description: 'Why', error_uri }))
        .to.throw(MetafyOAuthError, 'Why')
        .and.include({ code: error, status, uri: error_uri });
    });
  }
});

describe('classifyExchangeError', () => {
  it("makes a code that is used up or too old the person's own situation", () => {
    const cause = new MetafyOAuthError('a', { code: 'invalid_grant', upstreamStatus: 400 });
    const error = classifyExchangeError(cause);
    expect(error).to.be.instanceOf(MetafySignInError);
    const expected = { code: 'stale_code', oauthCode: 'invalid_grant', status: 403, upstreamStatus: 400, cause };
    expect(error).to.include(expected);
  });

  it('leaves any other error as it is', () => {
    for (const error of [new MetafyOAuthError('a', { code: 'invalid_client', upstreamStatus: 401 }), new Error('a')])
      expect(classifyExchangeError(error)).to.equal(error);
  });
});
