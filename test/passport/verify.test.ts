import { expect } from 'chai';
import type { MetafyTokens } from '../../src';
import { adaptVerify, addState, type MetafyDone, type VerifyInput, type VerifyResult } from '../../src/passport/verify';
import { caught } from '../support/caught';
import { fail, failure } from './support/sign-in';

const tokens = { accessToken: 'an-access-token' } as MetafyTokens;
const input = {
  strategy: {},
  req: { url: '/cb' },
  answer: { access_token: 'an-access-token', refresh_token: 'a-refresh-token', expires_in: 7200 },
  profile: { provider: 'metafy', id: 'ada' },
  toTokens: () => tokens,
} as unknown as VerifyInput;
const { strategy, req, profile } = input;
const user = { id: 1 };
const info = { message: 'banned' };

type Verify = Parameters<typeof adaptVerify>[0];

/** A classic callback with this many parameters, in any shape. */
function classic(length: number, act: (done: MetafyDone) => unknown): Verify {
  const verify = (...given: unknown[]) => act(given.pop() as MetafyDone);
  return Object.defineProperty(verify, 'length', { value: length });
}

function run(verify: Verify, { passReqToCallback = false, doneTimeoutMs = 1000 } = {}): Promise<VerifyResult> {
  return adaptVerify(verify, passReqToCallback, doneTimeoutMs)(input);
}

async function expectTypeError(verify: Verify, about: string): Promise<void> {
  const error = await caught(() => run(verify, { doneTimeoutMs: 1 }));
  expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes(about);
}

// How a classic one is called is compared with passport-oauth2 in test/end-to-end/passport-oauth2.
describe('a verify callback of one parameter', () => {
  it('is called on the strategy, with everything in one object, with and without passReqToCallback', async () => {
    function verify(this: unknown, login: unknown) {
      return { receiver: this, login };
    }
    const expected = { user: { receiver: strategy, login: { req, profile, tokens } } };
    for (const passReqToCallback of [false, true])
      expect(await run(verify, { passReqToCallback })).to.deep.equal(expected);
  });

  it('may return a user, `false` or `null`, or a promise of it', async () => {
    for (const value of [user, false, null]) {
      expect(await run((_login) => value)).to.deep.equal({ user: value });
      expect(await run(async (_login) => value)).to.deep.equal({ user: value });
    }
  });

  it('fails when it returns undefined, which is a forgotten `return`', async () => {
    await expectTypeError((_login) => undefined, 'undefined');
    await expectTypeError(async (_login) => {}, 'undefined');
  });

  it('fails with what it throws or rejects with', async () => {
    for (const verify of [(_login: unknown) => fail(), (_login: unknown) => Promise.reject(failure)])
      expect(await caught(() => run(verify))).to.equal(failure);
  });
});

describe('a classic verify callback', () => {
  const signedIn = { user, info: undefined };
  const endings: [title: string, act: (done: MetafyDone) => unknown, result: object | Error][] = [
    ['signs in with `done(null, user)`', (done) => done(null, user), signedIn],
    ['signs in before its promise ends', async (done) => done(null, user), signedIn],
    ['signs in after its promise ends', async (done) => void setTimeout(done, 20, null, user), signedIn],
    ['fails with `done(error)`', (done) => done(failure), failure],
    ['fails with what it rejects with', () => Promise.reject(failure), failure],
    ['fails with what it throws', fail, failure],
    ['counts its first `done` only', (done) => [done(null, user), done(null, { id: 2 }), fail()], signedIn],
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

  it('may take longer than `doneTimeoutMs` where it returns no promise, not even of a query', async () => {
    let runs = 0;
    // What knex and Mongoose return: it would run again if it were waited for.
    // biome-ignore lint/suspicious/noThenProperty: see above
    const query = { then: () => runs++ };
    const finishLater = (done: MetafyDone) => void setTimeout(done, 20, null, user);
    const verifyWithQuery = classic(4, (done) => finishLater(done) ?? query);
    for (const verify of [classic(4, finishLater), classic(0, finishLater), verifyWithQuery])
      expect(await run(verify, { doneTimeoutMs: 1 })).to.deep.equal(signedIn);
    expect(runs).to.equal(0);
  });

  it('fails when nothing is left that could call `done`, and says how to return a user instead', async () => {
    await expectTypeError((_access, _refresh, _profile, _done) => Promise.resolve(user), 'without calling `done`');
    await expectTypeError(() => user, '({ profile }) => user');
  });

  it('leaves no timer behind that would keep a script alive', async () => {
    const countTimers = () => process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
    // mocha's own begins when the test first waits.
    await new Promise(setImmediate);
    const before = countTimers();
    const sooner = classic(4, async (done) => done(null, user));
    const later = classic(4, async (done) => void setImmediate(done, null, user));
    for (const verify of [sooner, later]) await run(verify, { doneTimeoutMs: 60_000 });
    await new Promise(setImmediate);
    expect(countTimers()).to.be.at.most(before);
  });

  it('is not asked to make tokens', async () => {
    const toTokens = () => expect.fail('not asked for');
    const verify = classic(4, (done) => done(null, user));
    expect(await adaptVerify(verify, false, 1000)({ ...input, toTokens })).to.deep.equal(signedIn);
  });
});

describe('addState', () => {
  it("puts the application's state into what the callback has said", () => {
    for (const [given, state, expected] of [
      [undefined, undefined, {}],
      [info, undefined, info],
      [undefined, 'a', { state: 'a' }],
      [info, { a: 1 }, { ...info, state: { a: 1 } }],
      ['welcome', 'a', { message: 'welcome', state: 'a' }],
    ] as const)
      expect(addState(given, state)).to.deep.equal(expected);
  });
});
