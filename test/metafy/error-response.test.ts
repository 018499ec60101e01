import { expect } from 'chai';
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
    const { code, uri } = reason;
    expect(error).to.include({ name: 'MetafyOAuthError', code, uri, status: 502, upstreamStatus: 400 });
    for (const part of ['the request', reason.code, reason.description]) expect(error.message).to.include(part);
  });

  it('is a `bad_status` where Metafy gave none, and shows nothing of the body', () => {
    const error = errorFromResponse('the request', response(500), undefined);
    expect(error).to.include({ name: 'MetafyResponseError', code: 'bad_status', upstreamStatus: 500 });
    expect(error.message).to.include('500').and.not.include('the body');
  });

  it('reads Retry-After of a 429 and a 503, and of no other status', () => {
    const statuses = [429, 503, 500];
    for (const reason of [undefined, { code: 'slow_down' }]) {
      const errors = statuses.map((status) =>
        errorFromResponse('it', response(status, { 'retry-after': '7' }), reason),
      );
      expect(errors.map(({ retryAfterMs }) => retryAfterMs)).to.deep.equal([7000, 7000, undefined]);
    }
  });
});

describe('parseErrorBody', () => {
  const none = { description: undefined, uri: undefined };

  it('returns code, description and URI', () => {
    const error_uri = 'https://metafy.gg/help';
    const error = { code: 'invalid_grant', description: 'Why', uri: error_uri };
    expect(parseErrorBody({ error: 'invalid_grant', error_description: 'Why', error_uri })).to.deep.equal(error);
  });

  const noCodes = [undefined, null, '', 42, {}, ['a'], 'Bad Request', 'a"b', 'a\\b', 'ä', 'a\nb', 'a'.repeat(101)];
  for (const error of noCodes) {
    it(`takes ${JSON.stringify(error)?.slice(0, 20)} for no code`, () => {
      expect(parseErrorBody({ error })).to.equal(undefined);
    });
  }

  it('takes a code of 100 characters, and none that repeats a secret', () => {
    expect(parseErrorBody({ error: 'a'.repeat(100) })).to.include({ code: 'a'.repeat(100) });
    expect(parseErrorBody({ error: 'x-canary' }, ['canary'])).to.equal(undefined);
  });

  it('drops a description and a URI that are no text', () => {
    const error = parseErrorBody({ error: 'a', error_description: { text: 'Why' }, error_uri: '' });
    expect(error).to.deep.equal({ code: 'a', ...none });
  });

  it('keeps a description to one line of 500 characters', () => {
    const { description } = parseErrorBody({ error: 'a', error_description: `b\r\n${'b'.repeat(500)}` }) ?? {};
    expect(description).to.equal(`b  ${'b'.repeat(497)}`);
  });

  it('drops a description and a URI that repeat a secret, also beyond what would be cut', () => {
    for (const error_description of ['the canary', `${'b'.repeat(495)}canary`]) {
      const answer = { error: 'a', error_description, error_uri: 'https://metafy.gg/canary' };
      expect(parseErrorBody(answer, ['other', 'canary'])).to.deep.equal({ code: 'a', ...none });
    }
  });
});

describe('parseBearerChallenge', () => {
  const read = (header?: string, secrets: string[] = []) => parseBearerChallenge(header, secrets);
  const code = { code: 'a', description: undefined, uri: undefined };
  const described = (description: string) => ({ ...code, description });

  const challenges: Record<string, [header: string, expected: object | undefined]> = {
    'Doorkeeper’s': ['Bearer realm="Doorkeeper", error="a", error_description="It expired"', described('It expired')],
    'another order, case and no space': ['bEARER ERROR_description="b",Error="a"', described('b')],
    'a value without quotes': ['Bearer error=a', code],
    'white space around the equals sign': ['Bearer error \t = \t "a"', code],
    'white space around the commas, and empty elements': [' ,, Bearer \t realm="x" \t,\t, error="a" ,', code],
    'quoted pairs': ['Bearer error=a, error_description="a \\"b\\" and \\\\"', described('a "b" and \\')],
    'commas and `error=` inside of a quoted string': [
      'Bearer realm="x, error=\\"b\\", Bearer error=c", error="a", error_description="d, error=e"',
      described('d, error=e'),
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
    'a quoted string without end': ['Bearer error="a', undefined],
    'a quoted pair without end': ['Bearer error="a\\', undefined],
    'what follows a quoted string directly': ['Bearer error="a"b', undefined],
  };
  for (const [title, [header, expected]] of Object.entries(challenges)) {
    it(`reads ${title}`, () => expect(read(header)).to.deep.equal(expected));
  }

  it('finds nothing without a header, and drops a description that repeats the token', () => {
    expect(read()).to.equal(undefined);
    expect(read('Bearer error="a", error_description="canary is bad"', ['canary'])).to.deep.equal(code);
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

  it('takes time in proportion to its length, whatever the header', () => {
    const length = 300_000;
    // A quadratic parser takes minutes for these, and mocha's time limit ends it.
    for (const header of [
      'Bearer error="'.repeat(length),
      `Bearer a="${'\\"'.repeat(length)}`,
      `Bearer${' '.repeat(length)}a${' '.repeat(length)}!${'\t'.repeat(length)}"`,
      'a '.repeat(length),
      'a'.repeat(length),
      `Bearer a${'='.repeat(length)}x`,
      `a${' '.repeat(50)}`.repeat(length / 50),
      `Bearer ${','.repeat(length)}"`,
      'a b=,'.repeat(length),
      `Bearer ${'a=b,'.repeat(length)}`,
    ]) {
      parseChallenges(header);
    }
  });
});

describe('parseRetryAfter', () => {
  useClock();
  const nothing = [undefined, '', '-1', '1.5', 'soon', '1e3', '9999999999', '2026-05-01T12:00:10Z', 'some time GMT'];
  nothing.push('Fri, 01 May 2026 12:00:10 GMT+0100');

  for (const [header, delayMs] of [
    ['0', 0],
    ['120', 120_000],
    ['999999999', 999_999_999_000],
    ['Fri, 01 May 2026 12:00:10 GMT', 10_000],
    ['Fri, 01 May 2026 11:59:59 GMT', 0],
    ...nothing.map((header) => [header, undefined] as const),
  ] as const) {
    it(`reads ${delayMs} in ${JSON.stringify(header)}`, () => expect(parseRetryAfter(header)).to.equal(delayMs));
  }
});
