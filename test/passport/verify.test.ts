import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import type { MetafyTokens } from '../../src';
import { adaptVerify, addState, type MetafyDone, type VerifyInput, type VerifyResult } from '../../src/passport/verify';
import { caught } from '../support/caught';

const tokens = { accessToken: 'an-access-token' } as MetafyTokens;
const input = {
  strategy: {},
  req: { url: '/cb' },
  accessToken: 'an-access-token',
  refreshToken: 'a-refresh-token',
  params: { expires_in: 7200 },
  profile: { provider: 'metafy', id: 'ada' },
  toTokens: () => tokens,
} as unknown as VerifyInput;
const { strategy, req, accessToken, refreshToken, params, profile } = input;
const user = { id: 1 };
const failure = new Error('the database is down');

type Verify = Parameters<typeof adaptVerify>[0];

/** A classic callback with this many parameters, in any shape; `act` gets `done`. */
function classic(length: number, act: (done: MetafyDone, given: unknown[]) => unknown): Verify {
  const verify = (...given: unknown[]) => act(given.at(-1) as MetafyDone, given.slice(0, -1));
  return Object.defineProperty(verify, 'length', { value: length });
}

function run(verify: Verify, { passReqToCallback = false, doneTimeoutMs = 1000 } = {}): Promise<VerifyResult> {
  return adaptVerify(verify, passReqToCallback, doneTimeoutMs)(input);
}

describe('the shape of a verify callback', () => {
  for (const [length, passReqToCallback, expected] of [
    [0, false, [accessToken, refreshToken, profile]],
    [3, false, [accessToken, refreshToken, profile]],
    [4, false, [accessToken, refreshToken, profile]],
    [5, false, [accessToken, refreshToken, params, profile]],
    [0, true, [req, accessToken, refreshToken, profile]],
    [5, true, [req, accessToken, refreshToken, profile]],
    [6, true, [req, accessToken, refreshToken, params, profile]],
  ] as const) {
    it(`is told by its ${length} parameters ${passReqToCallback ? 'with' : 'without'} passReqToCallback`, async () => {
      let received: unknown[] = [];
      const verify = classic(length, (done, given) => {
        received = given;
        done(null, user, { plan: 'pro' });
      });
      expect(await run(verify, { passReqToCallback })).to.deep.equal({ user, info: { plan: 'pro' } });
      expect(received).to.deep.equal(expected);
    });
  }

  it('is the modern one with one parameter, with and without passReqToCallback', async () => {
    for (const passReqToCallback of [false, true]) {
      const verify = (login: unknown) => ({ login });
      expect(await run(verify, { passReqToCallback })).to.deep.equal({ user: { login: { req, profile, tokens } } });
    }
  });

  it('leaves it to be called on the strategy, as passport-oauth2 does', async () => {
    const receivers: unknown[] = [];
    await run(function (this: unknown, _login: unknown) {
      receivers.push(this);
      return user;
    });
    await run(function (this: unknown, _access: unknown, _refresh: unknown, _profile: unknown, done: MetafyDone) {
      receivers.push(this);
      done(null, user);
    });
    for (const receiver of receivers) expect(receiver).to.equal(strategy);
  });
});

describe('a classic verify callback', () => {
  const info = { message: 'banned' };
  const endings: [title: string, act: (done: MetafyDone) => unknown, result: object | Error][] = [
    ['signs in with `done(null, user)`', (done) => done(null, user), { user, info: undefined }],
    ['signs in later', (done) => void setImmediate(done, null, user), { user, info: undefined }],
    ['signs in before its promise ends', async (done) => done(null, user), { user, info: undefined }],
    [
      'signs in after its promise ends',
      async (done) => void setTimeout(done, 20, null, user),
      { user, info: undefined },
    ],
    ['refuses with `done(null, false, info)`', (done) => done(null, false, info), { user: false, info }],
    ['fails with `done(error)`', (done) => done(failure), failure],
    ['fails with what it rejects with', () => Promise.reject(failure), failure],
    [
      'fails with what it throws',
      () => {
        throw failure;
      },
      failure,
    ],
    [
      'counts its first `done` only, also before it throws',
      (done) => {
        done(null, user);
        done(null, { id: 2 });
        throw failure;
      },
      { user, info: undefined },
    ],
  ];
  for (const [title, act, result] of endings) {
    it(title, async () => {
      // Four as in the documents, none as in `@nestjs/passport`.
      for (const length of [4, 0]) {
        const ended = run(classic(length, act));
        if (result instanceof Error) expect(await caught(() => ended)).to.equal(result);
        else expect(await ended).to.deep.equal(result);
      }
    });
  }

  it('fails when its promise is fulfilled and `done` is not called', async () => {
    const error = await caught(() =>
      run(
        classic(4, async () => user),
        { doneTimeoutMs: 1 },
      ),
    );
    expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`done`');
  });

  it('fails when it has no parameter for `done` and returned a user, who would be ignored', async () => {
    const error = await caught(() => run(() => user, { doneTimeoutMs: 1 }));
    expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('({ profile }) => user');
  });

  it('leaves no timer behind that would keep a script alive', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let done: MetafyDone = () => {};
      const ended = run(
        classic(4, async (given) => {
          done = given;
        }),
      );
      while (clock.countTimers() === 0) await new Promise(setImmediate);
      done(null, user);
      await ended;
      expect(clock.countTimers()).to.equal(0);
      await run(classic(4, async (given) => given(null, user)));
      await new Promise(setImmediate);
      expect(clock.countTimers()).to.equal(0);
    } finally {
      clock.uninstall();
    }
  });

  it('may return a query, which would run again if it were waited for', async () => {
    let runs = 0;
    const query = {
      // biome-ignore lint/suspicious/noThenProperty: that is what knex and Mongoose return
      then: () => {
        runs += 1;
      },
    };
    const verify = classic(4, (done) => {
      setTimeout(done, 20, null, user);
      return query;
    });
    expect(await run(verify, { doneTimeoutMs: 1 })).to.deep.include({ user });
    expect(runs).to.equal(0);
  });

  it('is not asked to make tokens', async () => {
    const verifier = adaptVerify(
      classic(4, (done) => done(null, user)),
      false,
      1000,
    );
    expect(await verifier({ ...input, toTokens: () => expect.fail('not asked for') })).to.deep.include({ user });
  });
});

describe('a verify callback of one parameter', () => {
  for (const value of [user, false, null]) {
    it(`may return ${JSON.stringify(value)}, or a promise of it`, async () => {
      expect(await run((_login) => value)).to.deep.equal({ user: value });
      expect(await run(async (_login) => value)).to.deep.equal({ user: value });
    });
  }

  it('fails when it returns undefined, which is a forgotten `return`', async () => {
    for (const verify of [(_login: unknown) => undefined, async (_login: unknown) => {}]) {
      const error = await caught(() => run(verify));
      expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('undefined');
    }
  });

  it('fails with what it throws or rejects with', async () => {
    const throwing = (_login: unknown) => {
      throw failure;
    };
    for (const verify of [throwing, (_login: unknown) => Promise.reject(failure)])
      expect(await caught(() => run(verify))).to.equal(failure);
  });
});

describe('addState', () => {
  for (const [info, state, expected] of [
    [undefined, undefined, {}],
    [{ plan: 'pro' }, undefined, { plan: 'pro' }],
    [undefined, 'a', { state: 'a' }],
    [{ plan: 'pro' }, { a: 1 }, { plan: 'pro', state: { a: 1 } }],
    ['welcome', 'a', { message: 'welcome', state: 'a' }],
  ] as const) {
    it(`makes ${JSON.stringify(expected)} of ${JSON.stringify([info, state])}`, () => {
      expect(addState(info, state)).to.deep.equal(expected);
    });
  }
});
