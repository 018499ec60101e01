import { expect } from 'chai';
import fc from 'fast-check';
import { MetafyError, MetafyStrategy, refreshTokens, revokeToken } from '../../src';
import { clientOptions, strategyOptions } from '../support/client-options';
import { createRequest, runStrategy, startLogin } from '../support/strategy-run';
import { WebServer } from '../support/web-server';
import { check, fuzzTimeoutMs } from './support/check';
import { accessToken, profileAnswers, sent, tokenAnswers, type UpstreamAnswer } from './support/upstream-answers';

describe('any answer of Metafy', function () {
  this.timeout(fuzzTimeoutMs);
  let server: WebServer;
  let answers: { token: UpstreamAnswer; profile: UpstreamAnswer };

  before(async () => {
    server = await WebServer.start();
    server.handle((request, response) => {
      const { status, headers, body } = request.url?.endsWith('/v1/me') ? answers.profile : answers.token;
      request.resume().on('end', () => response.writeHead(status, headers).end(body));
    });
  });
  after(() => server[Symbol.asyncDispose]());

  const client = () => ({ ...clientOptions, clientSecret: sent.clientSecret, baseURL: server.url });

  it('signs in with a valid token and a valid profile, or ends in an error of this package', async () => {
    const outcomes = new Set<string>();
    const strategy = new MetafyStrategy({ ...strategyOptions, ...client() }, ({ profile, tokens }) => ({
      profile,
      tokens,
    }));
    const property = fc.asyncProperty(tokenAnswers, profileAnswers, async (token, profile) => {
      answers = { token, profile };
      const { state, jar } = await startLogin(strategy);
      const url = `/callback?code=${sent.credential}&state=${state}`;
      const outcome = await runStrategy(strategy, createRequest({ url, cookies: jar }));
      outcomes.add(outcome.type === 'error' ? String(outcome.error.code) : outcome.type);
      // What was never issued is no secret, whoever says it.
      const isIssued = token.body.includes(`"access_token":"${accessToken}"`);
      if (outcome.type === 'error') return expectKnownError(outcome.error, isIssued ? [accessToken] : []);
      // A code that Metafy refuses.
      if (outcome.type === 'fail') return void expect(outcome.status).to.equal(403);
      if (outcome.type !== 'success') throw new Error(`ended in ${outcome.type}`);
      const user = outcome.user as { profile: object; tokens: object };
      expectTokens(user.tokens);
      expectProfile(user.profile);
    });
    await check(property);
    // Or the cases would not go where they should.
    const codes = ['bad_body', 'bad_status', 'invalid_token'];
    expect([...outcomes]).to.include.members(['success', ...codes]);
  });

  it('is tokens, or an error of this package, when tokens are refreshed', () =>
    check(
      fc.asyncProperty(tokenAnswers, async (token) => {
        answers = { token, profile: token };
        await refreshTokens(client(), sent.credential).then(expectTokens, (error) =>
          expectKnownError(error, [accessToken]),
        );
      }),
    ));

  it('is nothing, or an error of this package, when a token is revoked', () =>
    check(
      fc.asyncProperty(tokenAnswers, async (token) => {
        answers = { token, profile: token };
        await revokeToken(client(), sent.credential).catch((error) => expectKnownError(error, [accessToken]));
      }),
    ));
});

const profileFields = [
  ...['provider', 'id', 'username', 'displayName', 'profileUrl', 'emails', 'photos', '_raw', '_json'],
];

function expectProfile(profile: object): void {
  const { provider, id, username, displayName, profileUrl, emails } = profile as Record<string, unknown>;
  expect(profileFields).to.include.members(Object.keys(profile));
  expect(provider).to.equal('metafy');
  expect(id).to.be.a('string').and.not.equal('');
  for (const value of [username, displayName, (emails as { value: unknown }[] | undefined)?.[0]?.value]) {
    if (value !== undefined) expect(value).to.be.a('string').and.not.equal('');
  }
  if (profileUrl !== undefined) expect(profileUrl).to.match(/^https?:\/\//i);
}

function expectTokens(tokens: object): void {
  const { accessToken, refreshToken = 'none', scope, expiresAt } = tokens as Record<string, unknown>;
  for (const token of [accessToken, refreshToken]) {
    expect(token)
      .to.be.a('string')
      .and.match(/^[\x21-\x7e]{1,4096}$/);
  }
  expect(scope).to.be.an('array');
  expect((expiresAt as Date).getTime()).to.be.a('number').and.not.NaN;
}

function expectKnownError(error: Error, issued: string[]): void {
  if (!(error instanceof MetafyError)) throw new Error('an error that is not documented', { cause: error });
  // Never Metafy's own status, but for what the person can change by signing in again.
  expect(error.code === 'insufficient_scope' ? [403, 502] : [502, 503, 504]).to.include(error.status);
  expect(error.code).to.match(/^[\x21-\x7e]{1,100}$/);
  expect(error.message).not.to.match(/\p{Cc}/u);
  expect(error.message.length).to.be.below(1000);
  const { retryAfterMs = 0 } = error;
  expect(retryAfterMs >= 0 && Number.isFinite(retryAfterMs)).to.equal(true);
  const shown = `${error.stack} ${error.code} ${JSON.stringify(error)}`;
  for (const secret of [...Object.values(sent), ...issued]) expect(shown).not.to.include(secret);
}
