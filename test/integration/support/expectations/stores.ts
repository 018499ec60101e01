import { back, type Expectation, type Hook, type Trial } from '../trial';

const redirected = 'redirect /authorize';
const signedIn = [redirected, 'success {"id":"user-1"} {}'];
const unknown = { url: '/cb?code=a-code&state=unknown' };
const failure = new Error('the store is down');

/** A store with these numbers of parameters, which answers `stored` and `verified` to its callbacks. */
export function createStore(
  lengths: [number, number],
  {
    stored = [null, 'of-the-store'],
    verified = [null, true],
  }: { stored?: unknown[]; verified?: unknown[] } = {},
): NonNullable<Trial['store']> {
  const answer =
    (values: unknown[], length: number): (() => Hook) =>
    () => {
      const hook: Hook = (...parameters) => parameters.at(-1)(...values);
      return Object.defineProperty(hook, 'length', { value: length });
    };
  const [store, verify] = [answer(stored, lengths[0]), answer(verified, lengths[1])];
  return () => ({ store: store(), verify: verify() });
}

const throwing: Hook = () => {
  throw failure;
};

/** Stores of the application. */
export const stores: Expectation[] = [
  ...[0, 2, 3, 4].flatMap((length) =>
    [0, 3, 4].map((verifyLength) => ({
      title: `calls a store of ${length} and ${verifyLength} parameters with what it takes`,
      store: createStore([length, verifyLength]),
      authenticate: { state: { to: '/' } },
      visits: [{}, back],
      endings: signedIn,
    })),
  ),
  ...[3, 4].map((verifyLength) => ({
    title: `calls a store of 5 and ${verifyLength} parameters with the verifier`,
    options: { pkce: true },
    store: createStore([5, verifyLength]),
    authenticate: { state: { to: '/' } },
    visits: [{}, back],
    endings: signedIn,
  })),
  {
    title: 'calls a store of 5 parameters without a verifier when PKCE is off',
    options: { pkce: false },
    store: createStore([5, 4]),
    visits: [{}, back],
    endings: signedIn,
  },
  {
    title: 'gives the callback URL of the request to a store',
    store: createStore([4, 4]),
    authenticate: { callbackURL: '/cb' },
    visits: [{}, back],
    endings: signedIn,
  },
  {
    title: 'sends the verifier that a store gives back',
    options: { pkce: true },
    store: createStore([5, 4], { verified: [null, 'the-verifier'] }),
    visits: [{}, back],
    endings: signedIn,
  },
  {
    title: 'gives the state that a store gives back to the application, beside its own info',
    store: createStore([4, 4], { verified: [null, true, { to: '/settings' }] }),
    verify: (_accessToken, _refreshToken, _profile, done) => done(null, { id: 'user-1' }, { scope: 'read' }),
    visits: [{}, back],
    endings: [redirected, 'success {"id":"user-1"} {"scope":"read","state":{"to":"/settings"}}'],
  },
  {
    title: 'sends no state where a store gives none',
    store: createStore([4, 4], { stored: [null] }),
    endings: [redirected],
  },
  {
    title: 'does not ask a store when the state is text',
    store: createStore([4, 4]),
    authenticate: { state: 'own' },
    visits: [{}, back],
    endings: signedIn,
  },
  {
    title: 'asks a store about a callback without a state',
    store: createStore([4, 4]),
    visits: [{ url: '/cb?code=a-code' }],
    endings: ['success {"id":"user-1"} {}'],
  },
  {
    title: 'fails with 403 and what a store says',
    store: createStore([4, 4], { verified: [null, false, { message: 'Too late' }] }),
    visits: [unknown],
    endings: ['fail {"message":"Too late"} 403'],
  },
  {
    title: 'fails with 403 where a store says nothing',
    store: createStore([2, 3], { verified: [null, false] }),
    visits: [unknown],
    endings: ['fail undefined 403'],
  },
  {
    title: 'errs with what a store answers',
    store: createStore([4, 4], { stored: [failure], verified: [failure] }),
    visits: [{}, unknown],
    endings: ['error Error(): the store is down', 'error Error(): the store is down'],
  },
  {
    title: 'errs with what a store throws',
    store: () => ({ store: throwing, verify: throwing }),
    visits: [{}, unknown],
    endings: ['error Error(): the store is down', 'error Error(): the store is down'],
  },
  {
    title: 'waits for a store',
    store: () => ({
      store: (_req, callback) => setImmediate(callback, null, 'of-the-store'),
      verify: (_req, _state, callback) => setImmediate(callback, null, true, { to: '/' }),
    }),
    visits: [{}, back],
    endings: [redirected, 'success {"id":"user-1"} {"state":{"to":"/"}}'],
  },
];
