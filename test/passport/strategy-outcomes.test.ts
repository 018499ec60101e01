import { expect } from 'chai';
import type { Request } from 'express';
import { MetafyOAuthError, MetafyResponseError, type MetafyStrategy } from '../../src';
import { answerLogin, answerProfile, answerToken, documentedTokens, useNock } from '../support/nock-metafy';
import { createRequest, expectOutcome, listSetCookies, runStrategy, signIn, startLogin } from '../support/strategy-run';
import { createCallback, createStrategy, fail, failure } from './support/sign-in';

const strategy = createStrategy();

describe('a sign-in with MetafyStrategy', () => {
  useNock();

  for (const [error, status] of Object.entries({ access_denied: 401, whatever: 400 })) {
    it(`fails with ${status} and Metafy's reason for ${error}, and is over`, async () => {
      const req = createCallback(await startLogin(strategy), `error=${error}&error_description=No%20thanks`);
      const challenge = { message: 'No thanks', code: error };
      expect(await expectOutcome('fail', runStrategy(strategy, req))).to.deep.include({ challenge, status });
      expect(listSetCookies(req)[0]).to.include('Max-Age=0');
    });
  }

  it('fails with 403 where this browser did not start it, and says nothing of what the link says', async () => {
    for (const query of ['code=canary', 'error=access_denied&error_description=canary', 'error=server_error']) {
      const req = createRequest({ url: `/cb?${query}` });
      const { challenge, status } = await expectOutcome('fail', runStrategy(strategy, req));
      expect(status).to.equal(403);
      expect(challenge).to.include({ code: 'unknown_state' }).with.property('message').that.not.includes('canary');
    }
  });

  it('fails with 400 where the callback comes from no authorization server, and starts no other sign-in', async () => {
    for (const parts of [
      { extra: { query: { code: ['a', 'b'] } } },
      { url: '/cb?code=a&code=b', extra: { query: undefined } },
      { extra: { body: { code: ['a'] } } },
      { extra: { query: { code: ['a'] }, body: { code: 'b' } } },
      { url: '/cb?state=a' },
      { url: '/cb?state=a', extra: { query: {} } },
      { url: '/cb?state=a', extra: { res: undefined } },
    ]) {
      const req = createRequest(parts);
      const { challenge, status } = await expectOutcome('fail', runStrategy(strategy, req));
      expect([status, listSetCookies(req)], JSON.stringify(parts)).to.deep.equal([400, []]);
      expect(challenge).to.include({ code: 'malformed_response' });
    }
  });

  it('errs with what Metafy answers instead of tokens or a profile', async () => {
    answerToken(503, '');
    const { error } = await expectOutcome('error', signIn(strategy));
    expect(error).to.be.instanceOf(MetafyResponseError).and.include({ code: 'bad_status', status: 503 });
    answerToken(200, documentedTokens);
    answerProfile(401, '', { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
    const { error: later } = await expectOutcome('error', signIn(strategy));
    expect(later).to.be.instanceOf(MetafyOAuthError).and.include({ code: 'invalid_token', status: 502 });
  });

  it('errs with an error whatever the verify callback throws or rejects with', async () => {
    for (const thrown of [failure, undefined, null, 'route', '']) {
      const throwing = (_login: unknown): never => {
        throw thrown;
      };
      for (const verify of [throwing, (_login: unknown) => Promise.reject<never>(thrown)]) {
        answerLogin();
        const { error } = await expectOutcome('error', signIn(createStrategy({}, verify)));
        expect(thrown === failure ? error === failure : error instanceof Error).to.equal(true);
      }
    }
  });

  describe('in the hands of an application', () => {
    /** Runs the strategy itself, as Passport does when it is given the strategy instead of its name. */
    function runItself(own: MetafyStrategy, req: Request): Promise<string> {
      return new Promise((resolve) => {
        Object.assign(own, {
          success: (user: { id: string }) => resolve(`success of ${user.id}`),
          fail: (_challenge: unknown, status: number) => resolve(`fail ${status}`),
          redirect: () => resolve('redirect'),
          error: (error: Error) => resolve(`error ${error.message}`),
        });
        own.authenticate(req, {});
      });
    }

    it('ends for its own request, whatever request came in the meantime', async () => {
      const own = createStrategy({}, ({ profile }) => ({ id: profile.username }));
      const started = await startLogin(own);
      answerLogin();
      const outcomes = [runItself(own, createCallback(started)), runItself(own, createRequest({ url: '/auth' }))];
      expect(await Promise.all(outcomes)).to.deep.equal(['success of ada-coach', 'redirect']);
    });

    it('errs with what a custom callback throws at its end', async () => {
      const success = createCallback(await startLogin(strategy));
      answerLogin();
      for (const req of [success, createRequest({ url: '/cb?state=a' })]) {
        const error = await new Promise((resolve) => {
          Object.assign(Object.create(strategy), { success: fail, fail, error: resolve }).authenticate(req, {});
        });
        expect(error).to.equal(failure);
      }
    });
  });
});
