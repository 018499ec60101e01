import type { Expectation, Hook } from '../trial';

const visits = [{ url: '/cb?code=a-code' }];
const success = ['success {"id":"user-1"} {}'];
const failure = new Error('no database');

/** A verify callback with `length` parameters, whose last argument is `done` whatever that number is. */
const withLength = (length: number): Hook =>
  Object.defineProperty(((...parameters) => parameters.at(-1)(null, { id: 'user-1' })) as Hook, 'length', {
    value: length,
  });

const answering =
  (...answer: unknown[]): Hook =>
  (_accessToken, _refreshToken, _profile, done) =>
    done(...answer);

const throwing: Hook = (_accessToken, _refreshToken, _profile, _done) => {
  throw failure;
};

function signInOnStrategy(
  this: { name: string },
  _token: string,
  _refresh: string,
  _profile: object,
  done: Hook,
) {
  return done(null, { id: this === undefined ? 'called on nothing' : `called on ${typeof this.name}` });
}

/** Verify callbacks and their answers. */
export const verifyCallbacks: Expectation[] = [
  {
    title: 'calls verify on the strategy',
    verify: signInOnStrategy,
    visits,
    endings: ['success {"id":"called on string"} {}'],
  },
  ...[false, true].flatMap((passReqToCallback) =>
    [0, 2, 3, 4, 5, 6, 7].map((length) => ({
      title: `calls a verify of ${length} parameters ${passReqToCallback ? 'with' : 'without'} passReqToCallback`,
      options: { passReqToCallback },
      verify: withLength(length),
      visits,
      endings: success,
    })),
  ),
  ...(
    [
      ['false', [null, false], 'fail undefined'],
      ['nobody', [null], 'fail undefined'],
      ['null', [undefined, null, undefined], 'fail undefined'],
      ['false and a message', [null, false, { message: 'Invite only' }], 'fail {"message":"Invite only"}'],
      ['false and a text', [null, false, 'Invite only'], 'fail "Invite only"'],
      ['an error', [failure], 'error Error(): no database'],
      ['an error beside a user', [failure, { id: 'user-1' }], 'error Error(): no database'],
      [
        'a user and info',
        [null, { id: 'user-1' }, { scope: 'read' }],
        'success {"id":"user-1"} {"scope":"read"}',
      ],
      ['a user and a text', [null, { id: 'user-1' }, 'Welcome'], 'success {"id":"user-1"} "Welcome"'],
      ['a user and null', [null, { id: 'user-1' }, null], 'success {"id":"user-1"} {}'],
      ['the id of a user', [null, 'user-1'], 'success "user-1" {}'],
    ] as const
  ).map(([what, answer, ending]) => ({
    title: `ends as told by a verify that answers ${what}`,
    verify: answering(...answer),
    visits,
    endings: [ending],
  })),
  {
    title: 'errs with what a verify throws',
    exchange: ((_code, _parameters, callback) => callback(null, 'a-token', undefined, {})) as Hook,
    verify: throwing,
    visits,
    endings: ['error Error(): no database'],
  },
  {
    title: 'waits for a verify',
    verify: (_accessToken, _refreshToken, _profile, done) => setImmediate(done, null, { id: 'user-1' }),
    visits,
    endings: success,
  },
];
