import { execFile } from 'node:child_process';
import { inspect, promisify } from 'node:util';
import { expect } from 'chai';
import { MetafyAccessError, MetafyError, MetafyOAuthError, MetafyResponseError, MetafySignInError } from '../src';
import { ensureError } from '../src/errors';
import { typescriptArguments } from './support/typescript';

type Details = { code: never; upstreamStatus?: number; retryAfterMs?: number; cause?: unknown; uri?: string };

const types = { MetafyOAuthError, MetafyResponseError, MetafySignInError, MetafyAccessError };
const create = {
  MetafyOAuthError: (details: object) => new MetafyOAuthError('Why', details as Details),
  MetafyResponseError: (details: object) => new MetafyResponseError('Why', details as Details),
  MetafySignInError: (details: object) => new MetafySignInError('Why', details as Details),
  MetafyAccessError: (details: object) => new MetafyAccessError('Why', { communityId: 'a', ...details }),
};

describe('errors', () => {
  for (const [name, createError] of Object.entries(create)) {
    it(`are each a MetafyError and an Error, and of the others none: ${name}`, () => {
      const error = createError({ code: 'a' });
      expect(error).to.be.instanceOf(MetafyError).and.instanceOf(Error);
      const own = Object.entries(types).filter(([, type]) => error instanceof type);
      expect(own.map(([typeName]) => typeName)).to.deep.equal([name]);
      expect(String(error)).to.equal(`${name}: Why`);
      expect(error.stack).to.match(new RegExp(`^${name}: Why\n\\s+at `));
      expect(Object.keys(error)).not.to.include('name');
      error.name = "the application's";
      expect(String(error)).to.equal("the application's: Why");
    });
  }

  it('carry what they were made with', () => {
    const details = { code: 'invalid_grant', upstreamStatus: 429, retryAfterMs: 1000 };
    const uri = 'https://metafy.gg/help';
    const access = { communityId: 'a', tierIds: ['b'] };
    expect(create.MetafyOAuthError({ ...details, uri })).to.include({ message: 'Why', ...details, uri });
    expect(create.MetafyResponseError(details)).to.include(details);
    expect(create.MetafySignInError({ ...details, oauthCode: 'a' })).to.include({ ...details, oauthCode: 'a' });
    expect(create.MetafyAccessError(access)).to.deep.include({ code: 'no_access', ...access });
  });

  it('show a cause when they are printed, but not in JSON', () => {
    const cause = new Error('connect ECONNREFUSED');
    for (const createError of [create.MetafyOAuthError, create.MetafyResponseError]) {
      const error = createError({ code: 'network', cause });
      expect(error.cause).to.equal(cause);
      expect(inspect(error)).to.include('ECONNREFUSED');
      expect(JSON.stringify(error)).not.to.include('ECONNREFUSED');
    }
    expect('cause' in create.MetafyOAuthError({ code: 'a' })).to.equal(false);
  });

  for (const [name, code, upstreamStatus, status] of [
    ['MetafyOAuthError', 'login_required', undefined, 401],
    ['MetafyOAuthError', 'insufficient_scope', 403, 403],
    ['MetafyOAuthError', 'insufficient_scope', undefined, 403],
    ['MetafyOAuthError', 'invalid_scope', undefined, 500],
    ['MetafyOAuthError', 'server_error', undefined, 502],
    ['MetafyOAuthError', 'temporarily_unavailable', undefined, 503],
    ['MetafyOAuthError', 'invalid_grant', 400, 502],
    ['MetafyOAuthError', 'invalid_client', 401, 502],
    ['MetafyOAuthError', 'invalid_request', 429, 503],
    ['MetafyResponseError', 'timeout', undefined, 504],
    ['MetafyResponseError', 'network', undefined, 502],
    ['MetafyResponseError', 'too_large', undefined, 502],
    ['MetafyResponseError', 'bad_body', 200, 502],
    ['MetafyResponseError', 'bad_status', 404, 502],
    ['MetafyResponseError', 'bad_status', 429, 503],
    ['MetafyResponseError', 'bad_status', 500, 502],
    ['MetafyResponseError', 'bad_status', 503, 503],
    ['MetafyResponseError', 'bad_status', 504, 504],
    ['MetafySignInError', 'access_denied', undefined, 401],
    ['MetafySignInError', 'unknown_state', undefined, 403],
    ['MetafySignInError', 'expired_state', undefined, 403],
    ['MetafySignInError', 'stale_code', 400, 403],
    ['MetafySignInError', 'malformed_response', undefined, 400],
    ['MetafyAccessError', 'no_access', undefined, 403],
  ] as const) {
    const when = upstreamStatus ? `and Metafy's ${upstreamStatus}` : 'without an answer';
    it(`have the status ${status} for ${code} ${when}`, () => {
      // What Nest and Koa take for the person's, or for the log.
      const expose = status < 500;
      expect(create[name]({ code, upstreamStatus })).to.include({ status, statusCode: status, expose });
    });
  }

  it('are right where `__proto__` is deleted', async () => {
    const names = Object.keys(types);
    const script = `
      const errors = require('./src');
      for (const name of ${JSON.stringify(names)}) {
        const error = new errors[name]('Why', { code: 'timeout', communityId: 'a' });
        console.log(error instanceof Error, error instanceof errors.MetafyError, String(error));
      }
      new errors.MetafyStrategy({ clientID: 'a', clientSecret: 'b', callbackURL: '/cb' }, () => null);`;
    const args = ['--disable-proto=delete', ...typescriptArguments, '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).to.equal(names.map((name) => `true true ${name}: Why\n`).join(''));
  });
});

describe('ensureError', () => {
  it('leaves objects as they are, which an application may tell apart', () => {
    for (const thrown of [new Error('a'), { status: 418 }]) expect(ensureError(thrown)).to.equal(thrown);
  });

  it('makes an error of anything else, after which Express would go on', () => {
    for (const thrown of [undefined, null, '', 'route', 0, false])
      expect(ensureError(thrown)).to.be.instanceOf(Error).with.property('cause', thrown);
  });
});
