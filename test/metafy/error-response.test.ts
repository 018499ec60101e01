import { type Clock, install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { MetafyOAuthError, MetafyResponseError } from '../src/errors';
import { parseBearerChallenge, parseRetryAfter, toRefusal, toRefusalError } from '../src/response-error';

const answer = (status: number, headers = {}) => ({ status, headers, body: 'the body' });

describe('toRefusalError', () => {
  it('is a MetafyOAuthError where Metafy gave a reason', () => {
    const refusal = { code: 'invalid_grant', description: 'The code expired', uri: 'https://metafy.gg/help' };
    const error = toRefusalError('the request', answer(400), refusal);
    expect(error).to.be.instanceOf(MetafyOAuthError);
    expect(error).to.include({
      message: 'Metafy refused the request with invalid_grant: The code expired',
      code: 'invalid_grant',
      status: 502,
      upstreamStatus: 400,
      uri: 'https://metafy.gg/help',
    });
  });

  it('says the code alone where there is no description', () => {
    expect(toRefusalError('the request', answer(400), { code: 'invalid_grant' }).message).to.equal(
      'Metafy refused the request with invalid_grant',
    );
  });

  it('is a `bad_status` where Metafy gave none, and shows nothing of the body', () => {
    const error = toRefusalError('the request', answer(500), undefined);
    expect(error).to.be.instanceOf(MetafyResponseError);
    expect(error).to.include({
      message: 'Metafy answered the request with status 500',
      code: 'bad_status',
      upstreamStatus: 500,
    });
  });

  for (const status of [429, 503]) {
    it(`reads Retry-After of a ${status}`, () => {
      const response = answer(status, { 'retry-after': '7' });
      expect(toRefusalError('it', response, undefined)).to.include({ retryAfterMs: 7000, status: 503 });
      expect(toRefusalError('it', response, { code: 'slow_down' })).to.include({ retryAfterMs: 7000 });
    });
  }

  it('does not read Retry-After of another status', () => {
    expect(toRefusalError('it', answer(500, { 'retry-after': '7' }), undefined).retryAfterMs).to.equal(undefined);
  });
});

describe('toRefusal', () => {
  it('returns code, description and URI', () => {
    const refusal = { code: 'invalid_grant', description: 'Why', uri: 'https://metafy.gg/help' };
    expect(toRefusal(refusal)).to.deep.equal(refusal);
  });

  for (const code of [
    undefined,
    null,
    '',
    42,
    {},
    ['invalid_grant'],
    'Bad Request',
    'a"b',
    'a\\b',
    'ä',
    'a\nb',
    'a'.repeat(101),
  ]) {
    it(`takes ${JSON.stringify(code)?.slice(0, 20)} for no code`, () => {
      expect(toRefusal({ code })).to.equal(undefined);
    });
  }

  it('drops a description and a URI that are no text', () => {
    expect(toRefusal({ code: 'a', description: { text: 'Why' }, uri: '' })).to.deep.equal({
      code: 'a',
      description: undefined,
      uri: undefined,
    });
  });

  it('cuts a description at 500 characters', () => {
    expect(toRefusal({ code: 'a', description: 'b'.repeat(501) })?.description).to.have.lengthOf(500);
  });

  it('drops a description and a URI that repeat a secret', () => {
    const refusal = { code: 'a', description: 'the secret canary', uri: 'https://metafy.gg/canary' };
    expect(JSON.stringify(toRefusal(refusal, ['other', 'canary']))).to.equal('{"code":"a"}');
  });

  it('drops a description whose secret lies beyond what would be cut', () => {
    const description = `${'b'.repeat(495)}canary`;
    expect(toRefusal({ code: 'a', description }, ['canary'])?.description).to.equal(undefined);
  });

  it('takes a code that repeats a secret for none', () => {
    expect(toRefusal({ code: 'x-canary' }, ['canary'])).to.equal(undefined);
  });
});

describe('parseBearerChallenge', () => {
  it("reads Doorkeeper's", () => {
    const header = 'Bearer realm="Doorkeeper", error="invalid_token", error_description="The access token expired"';
    expect(parseBearerChallenge(header, [])).to.include({
      code: 'invalid_token',
      description: 'The access token expired',
    });
  });

  it('reads it whatever the case of the scheme and the order of its parameters', () => {
    const header = 'bearer error_description="Why",error="invalid_token"';
    expect(parseBearerChallenge(header, [])).to.include({ code: 'invalid_token', description: 'Why' });
  });

  for (const header of [
    undefined,
    '',
    'Bearer',
    'Bearer realm="a"',
    'Basic error="a"',
    'Bearer error=a',
    'Bearer error=""',
  ]) {
    it(`reads nothing in ${header || 'an empty header'}`, () => {
      expect(parseBearerChallenge(header, [])).to.equal(undefined);
    });
  }

  it('does not take `error_description` for `error`', () => {
    expect(parseBearerChallenge('Bearer error_description="a"', [])).to.equal(undefined);
  });

  it('drops a description that repeats the token', () => {
    const header = 'Bearer error="invalid_token", error_description="canary is bad"';
    expect(parseBearerChallenge(header, ['canary'])?.description).to.equal(undefined);
  });

  it('reads a header of 100 kB at once', () => {
    const header = `Bearer ${' error="'.repeat(15_000)}`;
    expect(parseBearerChallenge(header, [])).to.equal(undefined);
  });
});

describe('parseRetryAfter', () => {
  let clock: Clock;
  beforeEach(() => {
    clock = install({ toFake: ['Date'], now: Date.parse('2026-01-02T03:04:05Z') });
  });
  afterEach(() => clock.uninstall());

  for (const [header, delayMs] of [
    ['0', 0],
    ['120', 120_000],
    ['999999999', 999_999_999_000],
    ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['Fri, 02 Jan 2026 03:04:04 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['1e3', undefined],
    ['9999999999', undefined],
    ['2026-01-02T03:04:15Z', undefined],
    ['some time GMT', undefined],
  ] as const) {
    it(`reads ${delayMs} in ${JSON.stringify(header)}`, () => {
      expect(parseRetryAfter(header)).to.equal(delayMs);
    });
  }
});
