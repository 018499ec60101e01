import { expect } from 'chai';
import {
  classifyExchangeError,
  parseAuthorizationResponse,
  parseQuery,
  rejectPrefetch,
  throwAuthorizationError,
} from '../../src/authorization/response';
import { MetafyOAuthError, MetafySignInError } from '../../src/errors';

const maxLengths = { code: 2048, state: 4096, error: 200, error_description: 2000, error_uri: 2000 };

function expectMalformed(source: Record<string, unknown>): void {
  expect(() => parseAuthorizationResponse(source))
    .to.throw(MetafySignInError)
    .and.include({ code: 'malformed_response', status: 400 })
    .with.property('message')
    .not.include('canary');
}

describe('parseAuthorizationResponse', () => {
  it('reads what an authorization server sends back, and nothing else', () => {
    const codeAndState = { code: 'a', state: 'b' };
    const response = {
      ...codeAndState,
      error: 'c',
      error_description: 'Un problème · ✓',
      error_uri: 'https://a.example',
    };
    const others = { iss: 'a', access_token: 'b', 'x[]': ['c'] };
    expect(parseAuthorizationResponse({ ...response, ...others })).to.deep.equal(response);
  });

  it('is undefined for a request that starts a sign-in', () => {
    for (const source of [{}, { returnTo: '/' }]) expect(parseAuthorizationResponse(source)).to.equal(undefined);
  });

  it('rejects what has neither `code` nor `error`', () => {
    // Starting a sign-in for one of them would bring the browser back with it, without end.
    for (const name of ['state', 'error_description', 'error_uri']) {
      for (const other of [{}, { error_code: 'access_denied' }, { code: '' }, { error: '' }])
        expectMalformed({ [name]: 'canary', ...other });
    }
  });

  for (const [name, maxLength] of Object.entries(maxLengths)) {
    it(`takes ${name} of up to ${maxLength} characters`, () => {
      const source = { code: 'a', [name]: 'a'.repeat(maxLength) };
      expect(parseAuthorizationResponse(source)).to.deep.equal(source);
      expectMalformed({ ...source, [name]: 'a'.repeat(maxLength + 1) });
    });

    it(`rejects ${name} that is not one string, or has a control character`, () => {
      for (const value of [['a', 'canary'], ['a'], [], { a: 'canary' }, null, undefined, 42, true])
        expectMalformed({ code: 'a', [name]: value });
      for (const char of ['\0', '\n', '\r', '\x7f', '\x85']) expectMalformed({ code: 'a', [name]: `canary${char}` });
      // As Express 5 leaves them.
      for (const end of ['[]', '[a]', '[a][b]', '[']) expectMalformed({ [name + end]: 'canary' });
    });
  }
});

describe('parseQuery', () => {
  it('reads the query of a URL or of a path', () => {
    for (const [url, query] of [
      ['/cb?code=a%20b&state=c', { code: 'a b', state: 'c' }],
      ['https://app.example/cb?code=a&code=b', { code: ['a', 'b'] }],
      ['?code=a', { code: 'a' }],
      ['/cb?', {}],
      ['/cb', {}],
      [undefined, {}],
    ] as const)
      expect({ ...parseQuery(url) }).to.deep.equal(query);
  });
});

describe('rejectPrefetch', () => {
  const reject = (headers: Record<string, string | undefined>) => () => rejectPrefetch((name) => headers[name]);

  for (const [name, ...values] of [
    ['sec-purpose', 'prefetch', 'prefetch;prerender', 'prefetch;anonymous-client-ip'],
    ['purpose', 'prefetch', 'Prefetch'],
    ['x-moz', 'prefetch'],
  ] as const) {
    it(`rejects ${name}: ${values.join(', ')}`, () => {
      for (const value of values)
        expect(reject({ [name]: value }))
          .to.throw(MetafySignInError)
          .and.include({ code: 'malformed_response' });
    });
  }

  it('lets any other request pass', () => {
    const others = [{ purpose: '' }, { 'sec-purpose': 'navigate' }, { referer: 'https://a.example/prefetch' }];
    for (const headers of [{}, ...others]) reject(headers)();
  });
});

describe('throwAuthorizationError', () => {
  const rest = { error_description: 'Why', error_uri: 'https://metafy.gg/help' };

  it('has a message where Metafy gave none, and prefers the error where there is a code as well', () => {
    throwAuthorizationError({ code: 'a' });
    const response = { code: 'a', error: 'access_denied', error_description: '' };
    expect(() => throwAuthorizationError(response)).to.throw(MetafySignInError, 'access_denied');
  });

  for (const [error, Class, code, status] of [
    ['access_denied', MetafySignInError, 'access_denied', 401],
    ['whatever', MetafySignInError, 'malformed_response', 400],
    ['invalid_request', MetafyOAuthError, 'invalid_request', 500],
    ['unauthorized_client', MetafyOAuthError, 'unauthorized_client', 500],
    ['unsupported_response_type', MetafyOAuthError, 'unsupported_response_type', 500],
    ['invalid_scope', MetafyOAuthError, 'invalid_scope', 500],
    ['server_error', MetafyOAuthError, 'server_error', 502],
    ['temporarily_unavailable', MetafyOAuthError, 'temporarily_unavailable', 503],
  ] as const) {
    it(`throws a ${Class.name} for ${error}, with ${status}`, () => {
      const details = Class === MetafyOAuthError ? { uri: rest.error_uri } : { oauthCode: error };
      const failing = () => throwAuthorizationError({ error, ...rest });
      expect(failing)
        .to.throw(Class, 'Why')
        .and.include({ code, status, ...details });
    });
  }

  it('has no `uri` that is not http or https, since applications put it into links', () => {
    for (const [error_uri, uri] of [
      ['http://localhost:4000/help', 'http://localhost:4000/help'],
      ['javascript:alert(1)//https://metafy.gg', undefined],
      ['data:text/html,https://metafy.gg', undefined],
      ['//metafy.gg/help', undefined],
      ['/help', undefined],
      [undefined, undefined],
    ]) {
      expect(() => throwAuthorizationError({ error: 'server_error', error_uri }))
        .to.throw(MetafyOAuthError)
        .with.property('uri', uri);
    }
  });
});

describe('classifyExchangeError', () => {
  it("makes a code that is used up or too old the person's own situation", () => {
    const cause = new MetafyOAuthError('a', { code: 'invalid_grant', upstreamStatus: 400 });
    const expected = { code: 'stale_code', oauthCode: 'invalid_grant', status: 403, upstreamStatus: 400, cause };
    expect(classifyExchangeError(cause)).to.be.instanceOf(MetafySignInError).and.include(expected);
  });

  it('leaves any other error as it is', () => {
    for (const error of [new MetafyOAuthError('a', { code: 'invalid_client', upstreamStatus: 401 }), new Error('a')])
      expect(classifyExchangeError(error)).to.equal(error);
  });
});
