import { expect } from 'chai';
import fc from 'fast-check';
import { MetafyError, MetafyStrategy, refreshTokens, revokeToken } from '../../src';
import { clientOptions, strategyOptions } from '../support/client-options';
import { createRequest, type Outcome, runStrategy, startLogin } from '../support/strategy-run';
import { WebServer } from '../support/web-server';
import { check, fuzzTimeoutMs } from './support/check';
import {
  accessToken,
  profileAnswers,
  sent,
  tokenAnswers,
  type UpstreamAnswer,
} from './support/upstream-answers';

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

  it('signs in with a token and a profile that are such, or ends in an error of this package', async () => {
    const outcomes = new Map<string, number>();
    const counted = ['success', 'bad_body', 'bad_status', 'invalid_grant', 'invalid_token'];
    const strategy = new MetafyStrategy({ ...strategyOptions, ...client() }, ({ profile, tokens }) => ({
      profile,
      tokens,
    }));
    const property = fc.asyncProperty(tokenAnswers, profileAnswers, async (token, profile) => {
      answers = { token, profile };
      const { state, jar } = await startLogin(strategy);
      const url = `/callback?code=${sent.credential}&state=${state}`;
      const outcome = await runStrategy(strategy, createRequest({ url, cookies: jar }));
      const ending = outcome.type === 'error' ? String(outcome.error.code) : outcome.type;
      const name = counted.includes(ending) ? ending : 'another code';
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
      // What was never issued is no secret, whoever says it.
      const isIssued = token.body.includes(`"access_token":"${accessToken}"`);
      expectLoginOrKnownError(outcome, isIssued ? [accessToken] : []);
    });
    await check(4000, property);
    console.log(`      ended: ${JSON.stringify(Object.fromEntries(outcomes))}`);
    // Or the cases would not go where they should.
    for (const name of counted) {
      expect(outcomes.get(name), name).to.be.greaterThan(0);
    }
  });

  it('is tokens, or an error of this package, when tokens are refreshed', () =>
    check(
      1500,
      fc.asyncProperty(tokenAnswers, async (token) => {
        answers = { token, profile: token };
        const tokens = await refreshTokens(client(), sent.credential).catch((error) =>
          expectKnownError(error, [accessToken]),
        );
        if (tokens) expectTokens(tokens);
      }),
    ));

  it('is nothing, or an error of this package, when a token is revoked', () =>
    check(
      1000,
      fc.asyncProperty(tokenAnswers, async (token) => {
        answers = { token, profile: token };
        await revokeToken(client(), sent.credential).catch((error) => expectKnownError(error, [accessToken]));
      }),
    ));
});

function expectLoginOrKnownError(outcome: Outcome, issued: string[]): void {
  if (outcome.type === 'error') {
    expectKnownError(outcome.error, issued);
    return;
  }
  if (outcome.type !== 'success') throw new Error(`ended in ${outcome.type}`);
  const { profile, tokens } = outcome.user as { profile: Record<string, unknown>; tokens: object };
  expectTokens(tokens);
  expect(profile.provider).to.equal('metafy');
  expect(profile.id).to.be.a('string').and.not.equal('');
}

function expectTokens(tokens: object): void {
  const { accessToken, refreshToken, scope, expiresAt } = tokens as Record<string, unknown>;
  expect(accessToken)
    .to.be.a('string')
    .and.match(/^[\x21-\x7e]{1,4096}$/);
  if (refreshToken !== undefined)
    expect(refreshToken)
      .to.be.a('string')
      .and.match(/^[\x21-\x7e]{1,4096}$/);
  expect(scope).to.be.an('array');
  expect((expiresAt as Date).getTime()).to.be.a('number').and.not.NaN;
}

function expectKnownError(error: Error, issued: string[]): void {
  if (!(error instanceof MetafyError)) throw new Error('an error that is not documented', { cause: error });
  expect([502, 503, 504]).to.include(error.status);
  expect(error.code).to.match(/^[\x21-\x7e]{1,100}$/);
  const { retryAfterMs = 0 } = error;
  expect(retryAfterMs >= 0 && Number.isFinite(retryAfterMs)).to.equal(true);
  const shown = `${error.stack} ${error.code} ${JSON.stringify(error)}`;
  for (const secret of [...Object.values(sent), ...issued]) expect(shown).not.to.include(secret);
  expect(error.message).not.to.match(/\p{Cc}/u);
}
