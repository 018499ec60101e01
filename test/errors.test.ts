import { execFile } from 'node:child_process';
import { inspect, promisify } from 'node:util';
import { expect } from 'chai';
import {
  MetafyAccessError,
  MetafyError,
  MetafyOAuthError,
  MetafyResponseError,
  MetafySignInError,
  MetafyStrategy,
} from '../src';
import { ensureError } from '../src/errors';
import { resolveClient } from '../src/metafy/client';
import { requestRevocation, requestToken } from '../src/metafy/token-endpoint';
import { caught } from './support/caught';
import { clientOptions, strategyOptions } from './support/client-options';
import { documentedTokens } from './support/nock-metafy';
import { type RawServer, startRawServer, toAnswer } from './support/raw-server';
import { expectOutcome, signIn } from './support/strategy-run';
import { typescriptArguments } from './support/typescript';

type Details = { code: never; upstreamStatus?: number; retryAfterMs?: number; cause?: unknown; uri?: string };

const create = {
  MetafyOAuthError: (details: object) => new MetafyOAuthError('Why', details as Details),
  MetafyResponseError: (details: object) => new MetafyResponseError('Why', details as Details),
  MetafySignInError: (details: object) => new MetafySignInError('Why', details as Details),
  MetafyAccessError: (details: object) => new MetafyAccessError('Why', { communityId: 'a', ...details }),
};
const types = { MetafyOAuthError, MetafyResponseError, MetafySignInError, MetafyAccessError };

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
    });
  }

  it('carry what they were made with', () => {
    const details = { code: 'invalid_grant', upstreamStatus: 429, retryAfterMs: 1000 };
    const uri = 'https://metafy.gg/help';
    expect(create.MetafyOAuthError({ ...details, uri })).to.include({ message: 'Why', ...details, uri });
    expect(create.MetafyResponseError(details)).to.include(details);
    expect(create.MetafySignInError({ ...details, oauthCode: 'a' })).to.include({ ...details, oauthCode: 'a' });
    expect(create.MetafyAccessError({ tierIds: ['b'] })).to.deep.include({
      code: 'no_access',
      communityId: 'a',
      tierIds: ['b'],
    });
  });

  it('show a cause when they are printed, but not in JSON', () => {
    const cause = new Error('connect ECONNREFUSED');
    for (const error of [
      create.MetafyOAuthError({ code: 'a', cause }),
      create.MetafyResponseError({ code: 'network', cause }),
    ]) {
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
    it(`have the status ${status} for ${code} ${upstreamStatus ? `and Metafy's ${upstreamStatus}` : 'without an answer'}`, () => {
      expect(create[name]({ code, upstreamStatus })).to.include({ status, statusCode: status });
    });
  }

  it('are right where `__proto__` is deleted', async () => {
    const script = `
      const errors = require('./src');
      const details = { code: 'timeout', communityId: 'a' };
      for (const name of ${JSON.stringify(Object.keys(types))}) {
        const error = new errors[name]('Why', details);
        console.log(error instanceof Error, error instanceof errors.MetafyError, String(error));
      }
      new errors.MetafyStrategy({ clientID: 'a', clientSecret: 'b', callbackURL: '/cb' }, () => null);`;
    const args = ['--disable-proto=delete', ...typescriptArguments, '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).to.equal(
      Object.keys(types)
        .map((name) => `true true ${name}: Why\n`)
        .join(''),
    );
  });
});

describe('ensureError', () => {
  it('leaves objects as they are, which an application may tell apart', () => {
    for (const thrown of [new Error('a'), { status: 418 }]) expect(ensureError(thrown)).to.equal(thrown);
  });

  for (const thrown of [undefined, null, '', 'route', 0, false]) {
    it(`makes an error of ${JSON.stringify(thrown) ?? 'undefined'}, after which Express would go on`, () => {
      expect(ensureError(thrown)).to.be.instanceOf(Error).with.property('cause', thrown);
    });
  }
});

const secrets = {
  client: 'canary-client-secret',
  code: 'canary-code',
  verifier: 'canary-verifier',
  refresh: 'canary-refresh-token',
  token: 'canary-token',
};

/** Everything that an application might print of an error. */
function print(error: Error): string {
  return [
    error.message,
    error.stack,
    String(error),
    inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    JSON.stringify(error),
    JSON.stringify(Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name)))),
  ].join('\n');
}

describe('what is printed of an error holds no secret', () => {
  let server: RawServer;
  let baseURL: string;
  let answers: string[];

  beforeEach(async () => {
    server = await startRawServer((socket) => socket.write(answers.shift() ?? ''));
    baseURL = new URL(server.url).origin;
  });
  afterEach(() => server.stop());

  const createClient = () => resolveClient({ ...clientOptions, baseURL, timeoutMs: 150, clientSecret: secrets.client });
  /** What asks Metafy, and the secrets that it sends. */
  const requests: Record<string, [sent: string[], ask: () => Promise<unknown>]> = {
    'a code exchange': [
      [secrets.client, secrets.code, secrets.verifier],
      () => {
        const { code, verifier: code_verifier } = secrets;
        return requestToken(createClient(), { grant_type: 'authorization_code', code, code_verifier });
      },
    ],
    'a refresh': [
      [secrets.client, secrets.refresh],
      () => requestToken(createClient(), { grant_type: 'refresh_token', refresh_token: secrets.refresh }),
    ],
    'a revocation': [
      [secrets.client, secrets.token],
      () => requestRevocation(createClient(), { token: secrets.token }),
    ],
  };

  for (const [title, [sent, ask]] of Object.entries(requests)) {
    it(`when Metafy repeats what was sent in its answer to ${title}`, async () => {
      for (const secret of sent) {
        const details = { error_description: `not ${secret}`, error_uri: `https://a.example/${secret}` };
        const bodies = [{ error: 'invalid_grant', ...details }, { error: secret }];
        answers = bodies.map((json) => toAnswer(400, {}, JSON.stringify(json)));
        const errors = [await caught(ask), await caught(ask)];
        expect(errors[0]).to.include({ code: 'invalid_grant' });
        expect(errors[1]).to.include({ code: 'bad_status' });
        expect(errors.map(print).join()).not.to.include('canary');
      }
    });

    for (const [fault, answer] of Object.entries({
      'a page': toAnswer(500, {}, `<html>${Object.values(secrets)}</html>`),
      'no HTTP': `${Object.values(secrets)}\r\n\r\n`,
      'half an answer': toAnswer(200, {}, JSON.stringify({ access_token: secrets.token })).slice(0, -1),
      ...(title !== 'a revocation' && {
        'no JSON': toAnswer(200, {}, `{"access_token":"${secrets.token}"`),
        'an unusable token': toAnswer(200, {}, JSON.stringify({ access_token: `${secrets.token} ` })),
      }),
    })) {
      it(`when Metafy answers ${title} with ${fault}`, async () => {
        answers = [answer];
        expect(print(await caught(ask))).not.to.include('canary');
      });
    }
  }

  const tokens = toAnswer(200, {}, JSON.stringify({ ...documentedTokens, access_token: secrets.token }));
  const description = `${secrets.code} ${secrets.client}`;
  for (const [title, expected, given] of [
    [
      'whose code exchange fails',
      { code: 'invalid_client' },
      [toAnswer(401, {}, JSON.stringify({ error: 'invalid_client', error_description: description }))],
    ],
    ['whose profile is no profile', { code: 'bad_body' }, [tokens, toAnswer(200, {}, `{"token":"${secrets.token}"}`)]],
    [
      'whose profile is refused with the token in the reason',
      { code: 'invalid_token' },
      [
        tokens,
        toAnswer(401, { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${secrets.token}"` }),
      ],
    ],
  ] as [string, object, string[]][]) {
    it(`in a sign-in ${title}`, async () => {
      answers = [...given];
      const options = { ...strategyOptions, baseURL, clientSecret: secrets.client };
      const strategy = new MetafyStrategy(options, () => ({ id: 1 }));
      const { error } = await expectOutcome('error', signIn(strategy, {}, `code=${secrets.code}`));
      expect(error).to.include(expected);
      expect(print(error)).not.to.include('canary');
    });
  }
});
