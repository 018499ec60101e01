import { expect } from 'chai';
import type { Request } from 'express';
import { type MetafyClassicVerify, MetafyOAuthError, MetafyResponseError, MetafyStrategy } from '../../src';
import { strategyOptions } from '../support/client-options';
import { answerLogin, answerProfile, answerToken, documentedTokens, useNock } from '../support/nock-metafy';
import { createRequest, expectOutcome, listSetCookies, runStrategy, signIn, startLogin } from '../support/strategy-run';

const strategy = new MetafyStrategy(strategyOptions, ({ profile }) => ({ id: profile.id }));
const failure = new Error('a bug');

describe('a sign-in with MetafyStrategy', () => {
  useNock();

  describe('that Metafy refuses in the authorization response', () => {
    for (const [error, code, status] of [
      ['access_denied', 'access_denied', 401],
      ['whatever', 'whatever', 400],
    ] as const) {
      it(`fails with ${status} and the reason for ${error}, and is over`, async () => {
        const { state, jar } = await startLogin(strategy);
        const url = `/cb?error=${error}&error_description=No%20thanks&state=${state}`;
        const req = createRequest({ url, cookies: jar });
        const challenge = { message: 'No thanks', code };
        expect(await expectOutcome('fail', runStrategy(strategy, req))).to.deep.include({ challenge, status });
        expect(listSetCookies(req)[0]).to.include('Max-Age=0');
      });
    }

    it('errs with a MetafyOAuthError for what is for the log', async () => {
      const { error } = await expectOutcome('error', signIn(strategy, {}, 'error=server_error&error_description=Why'));
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ message: 'Why', code: 'server_error', status: 502, statusCode: 502 });
    });
  });

  describe('that this browser did not start', () => {
    for (const query of [
      'code=a',
      `code=a&state=${'a'.repeat(22)}`,
      'code=a&state=',
      'error=access_denied&error_description=canary',
      'error=server_error&error_description=canary',
    ]) {
      it(`fails with 403 for ${query}, and says nothing of what the link says`, async () => {
        const req = createRequest({ url: `/cb?${query}` });
        const { challenge, status } = await expectOutcome('fail', runStrategy(strategy, req));
        expect(status).to.equal(403);
        expect(challenge)
          .to.include({ code: 'unknown_state' })
          .with.property('message')
          .that.includes('Please sign in again')
          .and.not.includes('canary');
      });
    }

    it('uses nothing up: the right state works afterwards', async () => {
      const { state, jar } = await startLogin(strategy);
      const wrong = createRequest({ url: `/cb?code=a&state=${'a'.repeat(22)}`, cookies: jar });
      await expectOutcome('fail', runStrategy(strategy, wrong));
      answerLogin();
      const right = createRequest({ url: `/cb?code=a&state=${state}`, cookies: jar });
      await expectOutcome('success', runStrategy(strategy, right));
    });
  });

  describe('whose callback comes from no authorization server', () => {
    for (const [title, parts] of [
      ['a code twice', { extra: { query: { code: ['a', 'b'] } } }],
      ['a code twice where nobody has parsed the query', { url: '/cb?code=a&code=b', extra: { query: undefined } }],
      ['a malformed form', { extra: { body: { code: ['a'] } } }],
      ['a malformed query beside a form', { extra: { query: { code: ['a'] }, body: { code: 'b' } } }],
      ['a state alone', { url: `/cb?state=${'a'.repeat(22)}` }],
      ['another name for the error', { url: `/cb?error_code=access_denied&state=${'a'.repeat(22)}` }],
      ['a state alone where the query parser is off', { url: '/cb?state=a', extra: { query: {} } }],
    ] as const) {
      it(`fails with 400 for ${title}, and starts no other sign-in`, async () => {
        const req = createRequest(parts);
        const { challenge, status } = await expectOutcome('fail', runStrategy(strategy, req));
        expect(status).to.equal(400);
        expect(challenge).to.include({ code: 'malformed_response' });
        expect(listSetCookies(req)).to.deep.equal([]);
      });
    }
  });

  for (const headers of [
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
  ] as Record<string, string>[]) {
    it(`uses nothing up for a callback with ${JSON.stringify(headers)}`, async () => {
      const { state, jar } = await startLogin(strategy);
      const url = `/cb?code=a&state=${state}`;
      const prefetch = createRequest({ url, cookies: jar, headers });
      expect(await expectOutcome('fail', runStrategy(strategy, prefetch))).to.include({ status: 400 });
      expect(prefetch.res?.getHeader('Cache-Control')).to.equal('no-store');
      expect(listSetCookies(prefetch)).to.deep.equal([]);
      answerLogin();
      await expectOutcome('success', runStrategy(strategy, createRequest({ url, cookies: jar })));
    });
  }

  it('fails with 403 and the OAuth code for the second of two callbacks at once, whose code is used', async () => {
    const { state, jar } = await startLogin(strategy);
    answerLogin();
    answerToken(400, { error: 'invalid_grant', error_description: 'The code is used up' });
    const url = `/cb?code=a-code&state=${state}`;
    const [first, second] = [1, 2].map(() => runStrategy(strategy, createRequest({ url, cookies: jar })));
    await expectOutcome('success', first as never);
    const { challenge, status } = await expectOutcome('fail', second as never);
    expect(status).to.equal(403);
    expect(challenge).to.include({ code: 'invalid_grant' }).with.property('message').that.includes('sign in again');
  });

  describe('with a fault at Metafy', () => {
    const bearer = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
    for (const [title, answer, Class, expected] of [
      [
        'the client is refused',
        () => answerToken(401, { error: 'invalid_client' }),
        MetafyOAuthError,
        { code: 'invalid_client', status: 502, upstreamStatus: 401 },
      ],
      [
        'Metafy is in maintenance',
        () => answerToken(503, ''),
        MetafyResponseError,
        { code: 'bad_status', status: 503, upstreamStatus: 503 },
      ],
      [
        'the token answer is unusable',
        () => answerToken(200, '<html>'),
        MetafyResponseError,
        { code: 'bad_body', status: 502, upstreamStatus: 200 },
      ],
      [
        'the profile is refused',
        () => [answerToken(200, documentedTokens), answerProfile(401, '', bearer)],
        MetafyOAuthError,
        { code: 'invalid_token', status: 502, upstreamStatus: 401 },
      ],
      [
        'the profile has no id',
        () => [answerToken(200, documentedTokens), answerProfile(200, { user: { slug: 'ada' } })],
        MetafyResponseError,
        { code: 'bad_body', status: 502, upstreamStatus: 200 },
      ],
    ] as const) {
      it(`errs with ${expected.status} and ${expected.code} when ${title}`, async () => {
        answer();
        const { error } = await expectOutcome('error', signIn(strategy));
        expect(error).to.be.instanceOf(Class);
        expect(error).to.include({ ...expected, statusCode: expected.status });
      });
    }

    it('tries the profile again, and signs in', async () => {
      answerProfile(503, '');
      answerLogin();
      await expectOutcome('success', signIn(strategy));
    });
  });

  describe('that the verify callback decides', () => {
    const signInWith = (verify: (login: unknown) => never | false | null | Promise<never>) => {
      answerLogin();
      return signIn(new MetafyStrategy(strategyOptions, verify));
    };

    it('fails when it refuses', async () => {
      for (const value of [false, null] as const) {
        const outcome = signInWith((_login) => value);
        expect(await expectOutcome('fail', outcome)).to.include({ challenge: undefined });
      }
    });

    it("fails with a classic callback's info", async () => {
      answerLogin();
      const challenge = { message: 'banned' };
      const verify: MetafyClassicVerify = (_access, _refresh, _profile, done) => done(null, false, challenge);
      const outcome = signIn(new MetafyStrategy(strategyOptions, verify));
      expect(await expectOutcome('fail', outcome)).to.include({ challenge });
    });

    for (const thrown of [failure, undefined, null, 'route', '']) {
      it(`errs with an error when it throws or rejects with ${JSON.stringify(thrown) ?? 'undefined'}`, async () => {
        const throwing = (_login: unknown): never => {
          throw thrown;
        };
        for (const verify of [throwing, (_login: unknown) => Promise.reject<never>(thrown)]) {
          const { error } = await expectOutcome('error', signInWith(verify));
          if (thrown === failure) expect(error).to.equal(failure);
          else expect(error).to.be.instanceOf(Error);
        }
      });
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
      const own = new MetafyStrategy(strategyOptions, ({ profile }) => ({ id: profile.username }));
      const { state, jar } = await startLogin(own);
      answerLogin();
      const first = runItself(own, createRequest({ url: `/cb?code=a&state=${state}`, cookies: jar }));
      const second = runItself(own, createRequest({ url: '/auth' }));
      expect(await Promise.all([first, second])).to.deep.equal(['success of ada-coach', 'redirect']);
    });

    it('errs with what a custom callback throws at its end', async () => {
      const { state, jar } = await startLogin(strategy);
      answerLogin();
      const req = createRequest({ url: `/cb?code=a&state=${state}`, cookies: jar });
      const error = await new Promise((resolve) => {
        const success = () => {
          throw failure;
        };
        Object.assign(Object.create(strategy), { success, error: resolve }).authenticate(req, {});
      });
      expect(error).to.equal(failure);
    });
  });
});
