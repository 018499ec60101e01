import { expect } from 'chai';
import type { MetafyTokens } from '../src/tokens';
import { adaptVerify, type MetafyDone, type Verdict, type VerifyInput } from '../src/verify';
import { caught } from './support/caught';

const tokens = { accessToken: 'an-access-token' } as MetafyTokens;
const input = {
  req: { url: '/cb' },
  accessToken: 'an-access-token',
  refreshToken: 'a-refresh-token',
  params: { expires_in: 7200 },
  profile: { provider: 'metafy', id: 'ada' },
  toTokens: () => tokens,
} as unknown as VerifyInput;
const { req, accessToken, refreshToken, params, profile } = input;

type Verify = Parameters<typeof adaptVerify>[0];

/** A classic callback with this many parameters, in any shape; `act` gets `done`. */
function classic(length: number, act: (done: MetafyDone, given: unknown[]) => unknown): Verify {
  const verify = (...given: unknown[]) => act(given.at(-1) as MetafyDone, given.slice(0, -1));
  return Object.defineProperty(verify, 'length', { value: length });
}

function run(verify: Verify, { passReqToCallback = false, patienceMs = 1000 } = {}): Promise<Verdict> {
  return adaptVerify(verify, passReqToCallback, patienceMs)(input);
}

const shapes: [length: number, passReqToCallback: boolean, expected: unknown[]][] = [
  [0, false, [accessToken, refreshToken, profile]],
  [3, false, [accessToken, refreshToken, profile]],
  [4, false, [accessToken, refreshToken, profile]],
  [5, false, [accessToken, refreshToken, params, profile]],
  [0, true, [req, accessToken, refreshToken, profile]],
  [5, true, [req, accessToken, refreshToken, profile]],
  [6, true, [req, accessToken, refreshToken, params, profile]],
];

for (const [length, passReqToCallback, expected] of shapes) {
  describe(`a verify callback of ${length} parameters${passReqToCallback ? ' with passReqToCallback' : ''}`, () => {
    const user = { id: 1 };
    const runClassic = (act: Parameters<typeof classic>[1], patienceMs = 1000) =>
      run(classic(length, act), { passReqToCallback, patienceMs });

    it('gets its own parameters', async () => {
      let received: unknown[] = [];
      await runClassic((done, given) => {
        received = given;
        done(null, user);
      });
      expect(received).to.deep.equal(expected);
    });

    it('signs in the user given to `done`, with the info', async () => {
      expect(await runClassic((done) => done(null, user, { scope: 'all' }))).to.deep.equal({
        user,
        info: { scope: 'all' },
      });
    });

    it('signs in the user given to `done` later', async () => {
      expect(await runClassic((done) => void setImmediate(done, null, user))).to.include({ user });
    });

    it('refuses with the info', async () => {
      const info = { message: 'banned' };
      expect(await runClassic((done) => done(null, false, info))).to.deep.equal({ user: false, info });
    });

    it('fails with the error given to `done`', async () => {
      const failure = new Error('the database is down');
      expect(await caught(() => runClassic((done) => done(failure)))).to.equal(failure);
    });

    it('fails with what it throws', async () => {
      const failure = new Error('a bug');
      const act = () => {
        throw failure;
      };
      expect(await caught(() => runClassic(act))).to.equal(failure);
    });

    it('fails with what it rejects with', async () => {
      const failure = new Error('a bug');
      expect(await caught(() => runClassic(() => Promise.reject(failure)))).to.equal(failure);
    });

    it('fails when its promise is fulfilled and `done` was not called', async () => {
      const error = await caught(() => runClassic(async () => user, 20));
      expect(error).to.be.instanceOf(TypeError);
      expect(error.message).to.include('`done`');
    });
  });
}

describe('a classic verify callback', () => {
  it('may be async and call `done` before it ends', async () => {
    const verify = classic(4, async (done) => done(null, { id: 1 }));
    expect(await run(verify)).to.deep.include({ user: { id: 1 } });
  });

  it('may be async and call `done` after it ends', async () => {
    const verify = classic(4, async (done) => void setTimeout(done, 20, null, { id: 1 }));
    expect(await run(verify)).to.deep.include({ user: { id: 1 } });
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
      setImmediate(done, null, { id: 1 });
      return query;
    });
    expect(await run(verify)).to.deep.include({ user: { id: 1 } });
    expect(runs).to.equal(0);
  });

  it('fails when it has no parameters and returned a user, who would be ignored', async () => {
    const error = await caught(() => run(() => ({ id: 1 }), { patienceMs: 1 }));
    expect(error).to.be.an.instanceOf(TypeError);
    expect(error).to.have.property('message').that.includes('take one parameter: ({ profile }) => user.');
  });

  it('counts its first `done` only', async () => {
    const verify = classic(4, (done) => {
      done(null, { id: 1 });
      done(null, { id: 2 });
      done(new Error('too late'));
    });
    expect(await run(verify)).to.deep.include({ user: { id: 1 } });
  });

  it('has decided when it throws after `done`', async () => {
    const verify = classic(4, (done) => {
      done(null, { id: 1 });
      throw new Error('too late');
    });
    expect(await run(verify)).to.deep.include({ user: { id: 1 } });
  });

  it('is not asked to make tokens', async () => {
    const verifier = adaptVerify(
      classic(4, (done) => done(null, { id: 1 })),
      false,
      1000,
    );
    const toTokens = () => expect.fail('not asked for');
    expect(await verifier({ ...input, toTokens })).to.deep.include({ user: { id: 1 } });
  });
});

describe('a verify callback of one parameter', () => {
  for (const passReqToCallback of [false, true]) {
    it(`gets the login${passReqToCallback ? ', also with passReqToCallback' : ''}`, async () => {
      let received: unknown;
      const verify = (login: unknown) => {
        received = login;
        return { id: 1 };
      };
      await run(verify, { passReqToCallback });
      expect(received).to.deep.equal({ req, profile, tokens });
    });
  }

  for (const [what, value] of [
    ['a user', { id: 1 }],
    ['false', false],
    ['null', null],
  ] as const) {
    it(`may return ${what}`, async () => {
      expect(await run((_login) => value)).to.deep.equal({ user: value });
    });

    it(`may return a promise of ${what}`, async () => {
      expect(await run(async (_login) => value)).to.deep.equal({ user: value });
    });
  }

  it('fails when it returns undefined, which is a forgotten `return`', async () => {
    for (const verify of [(_login: unknown) => undefined, async (_login: unknown) => {}]) {
      const error = await caught(() => run(verify));
      expect(error).to.be.instanceOf(TypeError);
      expect(error.message).to.include('undefined').and.include('false');
    }
  });

  it('fails with what it throws or rejects with', async () => {
    const failure = new Error('a bug');
    const throwing = (_login: unknown) => {
      throw failure;
    };
    expect(await caught(() => run(throwing))).to.equal(failure);
    expect(await caught(() => run((_login) => Promise.reject(failure)))).to.equal(failure);
  });
});
