import { inspect } from 'node:util';
import { expect } from 'chai';
import { TokenError } from 'passport-oauth2';
import {
  MetafyError,
  MetafyOAuthError,
  MetafyResponseError,
  toApplicationStatus,
  toPassable,
} from '../src/errors';

const refusal = (details: object = {}) =>
  new MetafyOAuthError('Metafy refused', { code: 'invalid_grant', status: 502, ...details });
const fault = (details: object = {}) =>
  new MetafyResponseError('Metafy is not there', { code: 'network', ...details });

describe('MetafyError', () => {
  it('is what both errors are instances of', () => {
    expect([refusal(), fault()].every((error) => error instanceof MetafyError)).to.equal(true);
  });

  it('is nothing else', () => {
    const others = [new Error('a'), new TokenError('a', 'invalid_grant'), {}, null, undefined, 'MetafyError'];
    expect(others.some((error) => error instanceof MetafyError)).to.equal(false);
  });

  it('does not make its subclasses as wide as itself', () => {
    class OwnError extends MetafyResponseError {}
    expect(refusal()).not.to.be.instanceOf(MetafyResponseError);
    expect(refusal()).not.to.be.instanceOf(OwnError);
    expect(fault()).not.to.be.instanceOf(OwnError);
    expect(fault()).not.to.be.instanceOf(MetafyOAuthError);
  });

  it('holds for subclasses of both', () => {
    class OwnRefusal extends MetafyOAuthError {}
    class OwnFault extends MetafyResponseError {}
    const errors = [
      new OwnRefusal('a', { code: 'invalid_grant', status: 502 }),
      new OwnFault('a', { code: 'network' }),
    ];
    expect(errors.every((error) => error instanceof MetafyError)).to.equal(true);
  });
});

describe('MetafyOAuthError', () => {
  it('is a TokenError of passport-oauth2 and an Error', () => {
    expect(refusal()).to.be.instanceOf(TokenError).and.instanceOf(Error);
  });

  it('carries what it was made with', () => {
    const error = refusal({ uri: 'https://metafy.gg/help', upstreamStatus: 429, retryAfterMs: 1000 });
    expect(error).to.include({
      message: 'Metafy refused',
      code: 'invalid_grant',
      status: 502,
      uri: 'https://metafy.gg/help',
      upstreamStatus: 429,
      retryAfterMs: 1000,
    });
  });

  it('has its own name and its message in the stack', () => {
    expect(refusal().stack).to.match(/^MetafyOAuthError: Metafy refused\n\s+at /);
  });
});

describe('MetafyResponseError', () => {
  it('carries what it was made with', () => {
    const error = fault({ code: 'bad_status', upstreamStatus: 503, retryAfterMs: 1000 });
    expect(error).to.include({
      name: 'MetafyResponseError',
      message: 'Metafy is not there',
      code: 'bad_status',
      upstreamStatus: 503,
      retryAfterMs: 1000,
    });
  });

  it('is 504 for the application when Metafy gave no answer in time', () => {
    expect(fault({ code: 'timeout' }).status).to.equal(504);
  });

  it('is 502 for the application when the answer was unusable', () => {
    const codes = ['network', 'bad_body', 'too_large', 'bad_status'];
    expect(codes.map((code) => fault({ code, upstreamStatus: 200 }).status)).to.deep.equal([
      502, 502, 502, 502,
    ]);
  });
});

describe("an error's cause", () => {
  const cause = new Error('connect ECONNREFUSED');

  for (const error of [refusal({ cause }), fault({ cause })]) {
    it(`is there and not enumerable in ${error.name}`, () => {
      expect(error.cause).to.equal(cause);
      expect(Object.keys(error)).not.to.include('cause');
      expect(JSON.stringify(error)).not.to.include('ECONNREFUSED');
    });

    it(`is shown by util.inspect in ${error.name}`, () => {
      expect(inspect(error)).to.include('connect ECONNREFUSED');
    });
  }

  it('is no property where there is none', () => {
    expect([refusal(), fault()].some((error) => 'cause' in error)).to.equal(false);
  });
});

describe('toApplicationStatus', () => {
  for (const [upstreamStatus, status] of [
    [undefined, 502],
    [400, 502],
    [401, 502],
    [403, 502],
    [404, 502],
    [429, 503],
    [500, 502],
    [503, 503],
    [504, 504],
  ] as const) {
    it(`answers ${status} when Metafy answered ${upstreamStatus ?? 'nothing'}`, () => {
      expect(toApplicationStatus(upstreamStatus)).to.equal(status);
    });
  }
});

describe('toPassable', () => {
  it('leaves an error as it is', () => {
    const error = new Error('a');
    expect(toPassable(error)).to.equal(error);
  });

  it('leaves any other object as it is, which an application may tell apart', () => {
    const thrown = { status: 418 };
    expect(toPassable(thrown)).to.equal(thrown);
  });

  for (const thrown of [undefined, null, '', 'route', 0, false]) {
    it(`makes an error of ${JSON.stringify(thrown) ?? 'undefined'}, after which Express would go on`, () => {
      const error = toPassable(thrown);
      expect(error)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.includes(typeof thrown);
      expect((error as Error).cause).to.equal(thrown);
    });
  }
});
