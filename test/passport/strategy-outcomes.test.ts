import { expect } from 'chai';
import type { Request } from 'express';
import { AuthorizationError } from 'passport-oauth2';
import { type MetafyClassicVerify, MetafyOAuthError, MetafyResponseError, MetafyStrategy } from '../src';
import { strategyOptions } from './support/client-options';
import { answerLogin, answerProfile, answerToken, documentedTokens, useNock } from './support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from './support/strategy-run';

const strategy = new MetafyStrategy(strategyOptions, ({ profile }) => ({ id: profile.id }));

describe('a login with MetafyStrategy', () => {
  useNock();

  describe('that Metafy refuses in the callback', () => {
    it('fails with 401 and the reason when the person refuses', async () => {
      const query = 'error=access_denied&error_description=No%20thanks';
      expect(await expectOutcome('fail', signIn(strategy, {}, query))).to.deep.equal({
        type: 'fail',
        challenge: { message: 'No thanks' },
        status: undefined,
      });
    });

    it('fails with 400 for an error nobody knows', async () => {
      expect(await expectOutcome('fail', signIn(strategy, {}, 'error=whatever'))).to.include({ status: 400 });
    });

    for (const [code, status] of [
      ['invalid_scope', 500],
      ['server_error', 502],
      ['temporarily_unavailable', 503],
    ] as const) {
      it(`errs with ${status} for ${code}`, async () => {
        const { error } = await expectOutcome(
          'error',
          signIn(strategy, {}, `error=${code}&error_description=Why`),
        );
        expect(error).to.be.instanceOf(AuthorizationError);
        expect(error).to.include({ message: 'Why', code, status });
      });
    }

    it('forgets the login', async () => {
      const { state, jar } = await startLogin(strategy);
      const req = createRequest({ url: `/cb?error=access_denied&state=${state}`, cookies: jar });
      await expectOutcome('fail', runStrategy(strategy, req));
      expect(String(req.res?.getHeader('set-cookie'))).to.include('Max-Age=0');
    });
  });

  describe('that this browser did not start', () => {
    for (const [title, query] of [
      ['a code and no state', 'code=a'],
      ['a code and an unknown state', `code=a&state=${'a'.repeat(22)}`],
      ['a code and an empty state', 'code=a&state='],
      ['a refusal and no state', 'error=access_denied&error_description=canary'],
      ['a server error and no state', 'error=server_error&error_description=canary'],
    ] as const) {
      it(`fails with 403 for ${title}, and says nothing of what the link says`, async () => {
        const req = createRequest({ url: `/cb?${query}` });
        const { challenge, status } = await expectOutcome('fail', runStrategy(strategy, req));
        expect(status).to.equal(403);
        expect(challenge)
          .to.have.property('message')
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

  it('fails with 400 for a callback that no server makes', async () => {
    const req = createRequest({ extra: { query: { code: ['a', 'b'] } } });
    expect(await expectOutcome('fail', runStrategy(strategy, req))).to.deep.include({
      status: 400,
      challenge: { message: '`code` must be given once.' },
    });
  });

  describe('with a fault at Metafy', () => {
    it('errs with a MetafyOAuthError when the code is refused', async () => {
      answerToken(400, { error: 'invalid_grant', error_description: 'The code is used up' });
      const { error } = await expectOutcome('error', signIn(strategy));
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ code: 'invalid_grant', status: 502, upstreamStatus: 400 });
    });

    it("errs with 502 when the client is refused, never with Metafy's 401", async () => {
      answerToken(401, { error: 'invalid_client' });
      const { error } = await expectOutcome('error', signIn(strategy));
      expect(error).to.include({ code: 'invalid_client', status: 502, upstreamStatus: 401 });
    });

    it('errs with a MetafyResponseError when the token answer is unusable', async () => {
      answerToken(200, '<html>');
      const { error } = await expectOutcome('error', signIn(strategy));
      expect(error).to.be.instanceOf(MetafyResponseError);
      expect(error).to.include({ code: 'bad_body', status: 502 });
    });

    it('errs with the reason when the profile is refused', async () => {
      answerToken(200, documentedTokens);
      answerProfile(403, '', { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' });
      const { error } = await expectOutcome('error', signIn(strategy));
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ code: 'insufficient_scope', status: 502, upstreamStatus: 403 });
    });

    it('errs with `bad_body` and the status when the profile has no id', async () => {
      answerToken(200, documentedTokens);
      answerProfile(200, { user: { slug: 'ada' } });
      const { error } = await expectOutcome('error', signIn(strategy));
      expect(error).to.be.instanceOf(MetafyResponseError);
      expect(error).to.include({ code: 'bad_body', status: 502, upstreamStatus: 200 });
    });

    it('tries the profile again, and signs in', async () => {
      answerProfile(503, '');
      answerLogin();
      await expectOutcome('success', signIn(strategy));
    });
  });

  describe('that the verify callback decides', () => {
    const signInWith = (verify: (login: unknown) => never | object | false | null | Promise<never>) => {
      answerLogin();
      return signIn(new MetafyStrategy(strategyOptions, verify));
    };

    it('fails when it refuses', async () => {
      for (const value of [false, null] as const)
        expect(
          await expectOutcome(
            'fail',
            signInWith((_login) => value),
          ),
        ).to.include({ challenge: undefined });
    });

    it('errs with what it throws or rejects with', async () => {
      const failure = new Error('the database is down');
      const throwing = (_login: unknown): never => {
        throw failure;
      };
      expect(await expectOutcome('error', signInWith(throwing))).to.include({ error: failure });
      const rejecting = (_login: unknown) => Promise.reject<never>(failure);
      expect(await expectOutcome('error', signInWith(rejecting))).to.include({ error: failure });
    });

    it("fails with a classic callback's info", async () => {
      answerLogin();
      const verify: MetafyClassicVerify = (_access, _refresh, _profile, done) =>
        done(null, false, { message: 'banned' });
      const refusing = new MetafyStrategy(strategyOptions, verify);
      expect(await expectOutcome('fail', signIn(refusing))).to.deep.include({
        challenge: { message: 'banned' },
      });
    });

    it("passes a classic callback's info on", async () => {
      answerLogin();
      const verify: MetafyClassicVerify = (_access, _refresh, _profile, done) =>
        done(null, { id: 1 }, { plan: 'pro' });
      const informing = new MetafyStrategy(strategyOptions, verify);
      const options = { state: { returnTo: '/' } };
      const { info } = await expectOutcome('success', signIn(informing, options));
      expect(info).to.deep.equal({ plan: 'pro', state: { returnTo: '/' } });
    });
  });

  describe('in the hands of an application', () => {
    /** Runs the strategy itself, as Passport does when it is given the strategy instead of its name. */
    function runItself(own: MetafyStrategy, req: Request, ended: (how: string) => void): void {
      Object.assign(own, {
        success: (user: { id: string }) => ended(`success of ${user.id}`),
        fail: (_challenge: unknown, status: number) => ended(`fail ${status}`),
        redirect: () => ended('redirect'),
        error: (error: Error) => ended(`error ${error.message}`),
      });
      own.authenticate(req, {});
    }

    it('ends for its own request, whatever request came in the meantime', async () => {
      const own = new MetafyStrategy(strategyOptions, ({ profile }) => ({ id: profile.username }));
      const { state, jar } = await startLogin(own);
      answerLogin();
      const first = new Promise((resolve) =>
        runItself(own, createRequest({ url: `/cb?code=a&state=${state}`, cookies: jar }), resolve),
      );
      const second = new Promise((resolve) => runItself(own, createRequest({ url: '/auth' }), resolve));
      expect(await Promise.all([first, second])).to.deep.equal(['success of ada-coach', 'redirect']);
    });

    it('errs with what a custom callback throws at its end', async () => {
      const { state, jar } = await startLogin(strategy);
      answerLogin();
      const failure = new Error("the custom callback's own");
      const req = createRequest({ url: `/cb?code=a&state=${state}`, cookies: jar });
      const error = await new Promise((resolve) => {
        const success = () => {
          throw failure;
        };
        Object.assign(Object.create(strategy), { success, error: resolve }).authenticate(req, {});
      });
      expect(error).to.equal(failure);
    });

    for (const thrown of [undefined, null, 'route', '']) {
      it(`errs with an error when verify throws ${JSON.stringify(thrown) ?? 'undefined'}`, async () => {
        answerLogin();
        const throwing = new MetafyStrategy(strategyOptions, (_login): never => {
          throw thrown;
        });
        const { error } = await expectOutcome('error', signIn(throwing));
        expect(error).to.be.instanceOf(Error);
      });
    }
  });
});
