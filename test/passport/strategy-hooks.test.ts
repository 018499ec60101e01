import { expect } from 'chai';
import { InternalOAuthError } from 'passport-oauth2';
import { type MetafyProfile, MetafyResponseError, MetafyStrategy, type MetafyStrategyOptions } from '../src';
import { strategyOptions } from './support/client-options';
import { answerLogin, answerToken, documentedTokens, useNock } from './support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from './support/strategy-run';

const verify = (_access: string, _refresh: string, profile: object, done: (e: null, user: object) => void) =>
  done(null, { profile });

type Done = (error: unknown, ...results: unknown[]) => void;

function stub(strategy: MetafyStrategy, getOAuthAccessToken: (code: string, request: object, done: Done) => void) {
  const { _oauth2 } = strategy as unknown as { _oauth2: object };
  Object.assign(_oauth2, { getOAuthAccessToken });
  return strategy;
}

describe('a subclass of MetafyStrategy', () => {
  useNock();

  it('adds parameters to the authorize URL with authorizationParams', async () => {
    class Own extends MetafyStrategy {
      override authorizationParams({ prompt }: { prompt: string }) {
        return { prompt, client_id: 'another' };
      }
    }
    const { url } = await startLogin(new Own(strategyOptions, verify), { prompt: 'login' });
    expect(url.searchParams.get('prompt')).to.equal('login');
    expect(url.searchParams.getAll('client_id')).to.deep.equal([strategyOptions.clientID]);
  });

  it('may give state and scope with authorizationParams where nothing else does', async () => {
    class Own extends MetafyStrategy {
      override authorizationParams() {
        return { state: 'own', scope: 'community' };
      }
    }
    const { url } = await startLogin(new Own({ ...strategyOptions, store: false, scope: [] }, verify));
    expect(url.searchParams.get('state')).to.equal('own');
    expect(url.searchParams.get('scope')).to.equal('community');
  });

  it('adds parameters to the code exchange with tokenParams', async () => {
    class Own extends MetafyStrategy {
      override tokenParams({ audience }: { audience: string }) {
        return { audience, grant_type: 'another', client_secret: 'another', code: 'another' };
      }
    }
    const sent = answerLogin();
    await expectOutcome('success', signIn(new Own(strategyOptions, verify), { audience: 'a' }, 'code=a-code'));
    expect(await sent).to.include({
      audience: 'a',
      grant_type: 'authorization_code',
      client_secret: strategyOptions.clientSecret,
      code: 'a-code',
    });
  });

  it('loads another profile with userProfile', async () => {
    class Own extends MetafyStrategy {
      override userProfile(accessToken: string, done: (error: null, profile: MetafyProfile) => void) {
        done(null, { id: `of ${accessToken}` } as MetafyProfile);
      }
    }
    answerToken(200, documentedTokens);
    const { user } = await expectOutcome('success', signIn(new Own(strategyOptions, verify)));
    expect(user).to.deep.equal({ profile: { id: `of ${documentedTokens.access_token}` } });
  });

  for (const [how, skipUserProfile, expected] of [
    ['answers false', async () => false, 'object'],
    ['answers true', async () => true, 'undefined'],
  ] as const) {
    it(`asks an async skipUserProfile, which ${how}`, async () => {
      if (expected === 'object') answerLogin();
      else answerToken(200, documentedTokens);
      const { user } = await expectOutcome(
        'success',
        signIn(new MetafyStrategy({ ...strategyOptions, skipUserProfile }, verify)),
      );
      expect(typeof (user as { profile: unknown }).profile).to.equal(expected);
    });
  }

  const failure = new Error('a bug');
  const throwing = async (_accessToken: string, _done: unknown) => {
    throw failure;
  };
  for (const skipUserProfile of [() => Promise.reject(failure), throwing]) {
    it(`errs with what an async skipUserProfile of ${skipUserProfile.length} parameters rejects with`, async () => {
      answerToken(200, documentedTokens);
      const strategy = new MetafyStrategy({ ...strategyOptions, skipUserProfile }, verify);
      const { error } = await expectOutcome('error', signIn(strategy));
      expect(error).to.equal(failure);
    });
  }

  it('errs with what an async state store rejects with', async () => {
    const broken = {
      store: async (_req: object, _callback: unknown) => {
        throw failure;
      },
      verify: async (_req: object, _state: string, _callback: unknown) => {
        throw failure;
      },
    };
    const strategy = new MetafyStrategy({ ...strategyOptions, store: broken }, verify);
    for (const url of ['/auth/metafy', '/cb?code=a&state=b']) {
      const { error } = await expectOutcome('error', runStrategy(strategy, createRequest({ url })));
      expect(error).to.equal(failure);
    }
  });

  it('errs with what userProfile throws', async () => {
    const failure = new Error('a bug');
    class Own extends MetafyStrategy {
      override userProfile() {
        throw failure;
      }
    }
    answerToken(200, documentedTokens);
    expect(await expectOutcome('error', signIn(new Own(strategyOptions, verify)))).to.include({
      error: failure,
    });
  });

  it('errs with what tokenParams throws', async () => {
    const failure = new Error('a bug');
    class Own extends MetafyStrategy {
      override tokenParams(): never {
        throw failure;
      }
    }
    expect(await expectOutcome('error', signIn(new Own(strategyOptions, verify)))).to.include({
      error: failure,
    });
  });
});

describe('an application that replaces getOAuthAccessToken', () => {
  useNock();
  const failing = (error: unknown, Class = MetafyStrategy) =>
    stub(new Class(strategyOptions, verify), (_code, _request, done) => done(error));

  it('signs in with what it gives', async () => {
    const strategy = stub(
      new MetafyStrategy({ ...strategyOptions, skipUserProfile: true }, ({ tokens }) => tokens),
      (code, _request, done) => done(null, `for ${code}`, undefined, { token_type: 'Bearer' }),
    );
    const { user } = await expectOutcome('success', signIn(strategy));
    expect(user).to.deep.include({ accessToken: 'for a-code', tokenType: 'Bearer' });
    expect(user).not.to.have.property('refreshToken');
  });

  it("has its errors read by parseErrorResponse, as passport-oauth2's own", async () => {
    const data = JSON.stringify({ error: 'invalid_grant', error_description: 'Used up' });
    const { error } = await expectOutcome('error', signIn(failing({ statusCode: 400, data })));
    expect(error).to.include({ name: 'TokenError', message: 'Used up', code: 'invalid_grant' });
  });

  it('has its errors read by the parseErrorResponse of a subclass', async () => {
    class Own extends MetafyStrategy {
      override parseErrorResponse(body: string, status: number) {
        return new Error(`${status} ${body}`);
      }
    }
    const { error } = await expectOutcome('error', signIn(failing({ statusCode: 418, data: 'teapot' }, Own)));
    expect(error.message).to.equal('418 teapot');
  });

  it("has any other error in passport-oauth2's InternalOAuthError", async () => {
    const { error } = await expectOutcome('error', signIn(failing(new Error('no network'))));
    expect(error).to.be.instanceOf(InternalOAuthError);
    expect(error.message).to.equal('Failed to obtain access token');
  });

  it('keeps an error of ours as it is', async () => {
    const failure = new MetafyResponseError('nothing', { code: 'timeout' });
    expect(await expectOutcome('error', signIn(failing(failure)))).to.include({ error: failure });
  });

  it('errs where it gives no token', async () => {
    const strategy = stub(new MetafyStrategy(strategyOptions, verify), (_code, _request, done) => done(null));
    const { error } = await expectOutcome('error', signIn(strategy));
    expect(error.message).to.equal('Failed to obtain access token');
  });
});

describe('skipUserProfile', () => {
  useNock();
  const profileWith = async (skipUserProfile: MetafyStrategyOptions['skipUserProfile'], skips: boolean) => {
    if (skips) answerToken(200, documentedTokens);
    else answerLogin();
    const strategy = new MetafyStrategy({ ...strategyOptions, skipUserProfile }, verify);
    const { user } = await expectOutcome('success', signIn(strategy));
    return (user as { profile: unknown }).profile;
  };

  for (const skips of [true, false]) {
    const title = `${skips ? 'skips' : 'loads'} the profile`;
    const expectProfile = (profile: unknown) => expect(profile === undefined).to.equal(skips);

    it(`${title} as a value`, async () => {
      expectProfile(await profileWith(skips, skips));
    });

    it(`${title} as a function`, async () => {
      expectProfile(await profileWith(() => skips, skips));
    });

    it(`${title} as a function with a callback`, async () => {
      const decide = (accessToken: string, done: (error: unknown, skip?: boolean) => void) =>
        setImmediate(done, null, skips && accessToken === documentedTokens.access_token);
      expectProfile(await profileWith(decide as never, skips));
    });
  }

  it('errs with what its callback is given', async () => {
    const failure = new Error('undecided');
    answerToken(200, documentedTokens);
    const skipUserProfile = (_accessToken: string, done: (error: unknown) => void) => done(failure);
    const strategy = new MetafyStrategy({ ...strategyOptions, skipUserProfile }, verify);
    expect(await expectOutcome('error', signIn(strategy))).to.include({ error: failure });
  });
});
