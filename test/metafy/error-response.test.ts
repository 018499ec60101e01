import { expect } from 'chai';
import { MetafyOAuthError, MetafyResponseError } from '../../src/errors';
import {
  errorFromResponse,
  parseBearerChallenge,
  parseChallenges,
  parseErrorBody,
  parseRetryAfter,
} from '../../src/metafy/error-response';
import { useClock } from '../tokens/support/clock';

const response = (status: number, headers = {}) => ({ status, headers, body: 'the body' });

describe('errorFromResponse', () => {
  it('is a MetafyOAuthError where Metafy gave a reason', () => {
    const reason = { code: 'invalid_grant', description: 'The code expired', uri: 'https://metafy.gg/help' };
    const error = errorFromResponse('the request', response(400), reason);
    expect(error).to.be.instanceOf(MetafyOAuthError);
    expect(error).to.include({ code: 'invalid_grant', status: 502, upstreamStatus: 400, uri: reason.uri });
    for (const part of ['the request', reason.code, reason.description]) expect(error.message).to.include(part);
  });

  it('is a `bad_status` where Metafy gave none, and shows nothing of the body', () => {
    const error = errorFromResponse('the request', response(500), undefined);
    expect(error).to.be.instanceOf(MetafyResponseError);
    expect(error).to.include({ code: 'bad_status', upstreamStatus: 500 });
    expect(error.message).to.include('500').and.not.include('the body');
  });

  for (const [status, retryAfterMs] of [
    [429, 7000],
    [503, 7000],
    [500, undefined],
  ] as const) {
    it(`reads ${retryAfterMs} from Retry-After of a ${status}`, () => {
      const answer = response(status, { 'retry-after': '7' });
      for (const reason of [undefined, { code: 'slow_down' }]) {
        expect(errorFromResponse('it', answer, reason).retryAfterMs).to.equal(retryAfterMs);
      }
    });
  }
});

describe('parseErrorBody', () => {
  it('returns code, description and URI', () => {
    const error_uri = 'https://metafy.gg/help';
    const error = { code: 'invalid_grant', description: 'Why', uri: error_uri };
    expect(parseErrorBody({ error: 'invalid_grant', error_description: 'Why', error_uri })).to.deep.equal(error);
  });

  for (const error of [
    undefined,
    null,
    '',
    42,
    {},
    ['a'],
    'Bad Request',
    'a"b',
    'a\\b',
    'ä',
    'a\nb',
    'a'.repeat(101),
  ]) {
    it(`takes ${JSON.stringify(error)?.slice(0, 20)} for no code`, () => {
      expect(parseErrorBody({ error })).to.equal(undefined);
    });
  }

  it('drops a description and a URI that are no text', () => {
    const error = parseErrorBody({ error: 'a', error_description: { text: 'Why' }, error_uri: '' });
    expect(error).to.deep.equal({ code: 'a', description: undefined, uri: undefined });
  });

  it('keeps a description to one line of 500 characters', () => {
    const { description } = parseErrorBody({ error: 'a', error_description: `b\r\n${'b'.repeat(500)}` }) ?? {};
    expect(description)
      .to.match(/^b {2}b+$/)
      .and.have.lengthOf(500);
  });

  it('drops a description and a URI that repeat a secret, also beyond what would be cut', () => {
    for (const error_description of ['the canary', `${'b'.repeat(495)}canary`]) {
      const answer = { error: 'a', error_description, error_uri: 'https://metafy.gg/canary' };
      expect(JSON.stringify(parseErrorBody(answer, ['other', 'canary']))).to.equal('{"code":"a"}');
    }
  });

  it('takes a code that repeats a secret for none', () => {
    expect(parseErrorBody({ error: 'x-canary' }, ['canary'])).to.equal(undefined);
  });
});

describe('parseBearerChallenge', () => {
  const expired = { code: 'invalid_token', description: 'It expired', uri: undefined };
  const code = { code: 'a', description: undefined, uri: undefined };
  const challenges: Record<string, [header: string | undefined, expected: object | undefined]> = {
    'Doorkeeper’s': ['Bearer realm="Doorkeeper", error="invalid_token", error_description="It expired"', expired],
    'another order, case and no space': ['bEARER ERROR_description="It expired",Error="invalid_token"', expired],
    'a value without quotes': ['Bearer error=a', code],
    'white space around the equals sign': ['Bearer error \t = \t "a"', code],
    'white space around the commas, and empty elements': [' ,, Bearer \t realm="x" \t,\t, error="a" ,', code],
    'quoted pairs': [
      'Bearer error=a, error_description="a \\"word\\" and a \\\\"',
      { ...code, description: 'a "word" and a \\' },
    ],
    'commas and `error=` inside of a quoted string': [
      'Bearer realm="x, error=\\"b\\", Bearer error=c", error="a", error_description="d, error=e"',
      { ...code, description: 'd, error=e' },
    ],
    'Bearer after another scheme': ['Basic realm="x", Bearer error="a"', code],
    'Bearer after a scheme alone': ['Negotiate, Bearer error="a"', code],
    'Bearer after a token68': ['Negotiate YII+/-._~12==, Bearer error="a"', code],
    'Bearer after a token68 without padding': ['NTLM TlRM, Bearer error="a"', code],
    'Bearer before another scheme': ['Bearer error="a", Basic realm="x", error="b"', code],
    'the second of two Bearer challenges': ['Bearer realm="x", Bearer realm="y", error="a"', code],
    'the first of the same parameter': ['Bearer error="a", error="b"', code],
    'a parameter called __proto__': ['Bearer __proto__="x", error="a"', code],
    'what comes before something malformed': ['Bearer error="a", error_description="it ends here', code],
    'another scheme’s error': ['Digest error="a", Bearer realm="x"', undefined],
    'an error that belongs to a scheme whose name ends alike': ['XBearer error="a"', undefined],
    'a parameter whose name ends alike': ['Bearer x_error="a", error_description="b"', undefined],
    'an error without a scheme': ['error="a"', undefined],
    'no error': ['Bearer realm="x"', undefined],
    'an empty error': ['Bearer error=""', undefined],
    'a token68': ['Bearer error=', undefined],
    'a scheme alone': ['Bearer', undefined],
    nothing: ['', undefined],
    'no header': [undefined, undefined],
    'a quoted string without end': ['Bearer error="a', undefined],
    'a quoted pair without end': ['Bearer error="a\\', undefined],
    'what follows a quoted string directly': ['Bearer error="a"b', undefined],
  };
  for (const [title, [header, expected]] of Object.entries(challenges)) {
    it(`reads ${title}`, () => {
      expect(parseBearerChallenge(header, [])).to.deep.equal(expected);
    });
  }

  it('drops a description that repeats the token', () => {
    const header = 'Bearer error="a", error_description="canary is bad"';
    expect(parseBearerChallenge(header, ['canary'])).to.deep.equal(code);
  });
});

describe('parseChallenges', () => {
  it('keeps the parameters of each scheme together', () => {
    const header = 'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"';
    expect(parseChallenges(header).map(({ scheme, parameters }) => [scheme, { ...parameters }])).to.deep.equal([
      ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ['basic', { realm: 'simple' }],
    ]);
  });

  const hostile: Record<string, (length: number) => string> = {
    'quotes that open': (length) => 'Bearer error="'.repeat(length),
    'one quoted string without end': (length) => `Bearer a="${'\\"'.repeat(length)}`,
    'white space': (length) => `Bearer${' '.repeat(length)}a${' '.repeat(length)}!${'\t'.repeat(length)}"`,
    words: (length) => 'a '.repeat(length),
    'one word': (length) => 'a'.repeat(length),
    'equals signs': (length) => `Bearer a${'='.repeat(length)}x`,
    'words and white space in turn': (length) => `a${' '.repeat(50)}`.repeat(length / 50),
    commas: (length) => `Bearer ${','.repeat(length)}"`,
    schemes: (length) => 'a b=,'.repeat(length),
    parameters: (length) => `Bearer ${'a=b,'.repeat(length)}`,
  };
  for (const [title, create] of Object.entries(hostile)) {
    it(`takes time in proportion to its length for ${title}`, () => {
      // A quadratic parser takes minutes for these, and mocha's time limit ends it.
      parseChallenges(create(300_000));
    });
  }
});

describe('parseRetryAfter', () => {
  useClock();

  for (const [header, delayMs] of [
    ['0', 0],
    ['120', 120_000],
    ['999999999', 999_999_999_000],
    ['Fri, 01 May 2026 12:00:10 GMT', 10_000],
    ['Fri, 01 May 2026 11:59:59 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['1e3', undefined],
    ['9999999999', undefined],
    ['2026-05-01T12:00:10Z', undefined],
    ['some time GMT', undefined],
  ] as const) {
    it(`reads ${delayMs} in ${JSON.stringify(header)}`, () => {
      expect(parseRetryAfter(header)).to.equal(delayMs);
    });
  }
});
