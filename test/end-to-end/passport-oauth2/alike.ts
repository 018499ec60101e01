import { createStore, failing, rightAnswer } from './support/cases';
import { back, type Ending, type Hook, type Trial, type Visit } from './support/trial';

/** What both strategies do alike; the endings are written down, so that no case is about nothing. */
export interface Expectation extends Trial {
  title: string;
  endings: Ending[];
}

type Row = [title: string, trial?: Trial, endings?: Ending[]];

/** Cases with these visits and endings, where a row does not say otherwise. */
const rows = (visits: Visit[], endings: Ending[], ...cases: Row[]): Expectation[] =>
  cases.map(([title, trial, own = endings]) => ({ title, visits, ...trial, endings: own }));

const start: Visit[] = [{}];
const login = [{}, back];
const code = [{ url: '/cb?code=a-code' }];
const redirected = 'redirect /authorize';
const success = 'success {"id":"user-1"} {}';
const successWithState = (state: object) => `success {"id":"user-1"} ${JSON.stringify({ state })}`;
const bug = 'error Error(): a bug';

const inSession = { state: true, pkce: true, store: undefined };
const returnTo = { state: { to: '/settings' } };

const overriding: Hook = ({ prompt }) => ({
  prompt,
  resource: 'a & b',
  client_id: 'another',
  redirect_uri: 'https://another.example',
  response_type: 'token',
  scope: 'another',
  state: 'another',
});
const overridingToken: Hook = ({ audience }) => ({
  audience,
  code: 'b',
  grant_type: 'c',
  redirect_uri: 'd',
  client_id: 'e',
});

// biome-ignore format: a table
const starts: Expectation[] = [
  ...rows(
    start,
    [redirected],
    ['asks with the client, the callback URL and the scope'],
    ['starts a login in a prefetch', { visits: [{ headers: { 'sec-purpose': 'prefetch' } }] }],
    ['takes several scopes as text', { options: { scope: 'profile purchases' } }],
    ['takes several scopes as a list', { options: { scope: ['profile', 'purchases'] } }],
    ['takes an empty scope of the request for none', { authenticate: { scope: '' } }],
    ['prefers the scope of the request', { authenticate: { scope: 'community' } }],
    ['prefers the scopes of the request as a list', { authenticate: { scope: ['community', 'products'] } }],
    ['repeats a parameter with several values', { methods: { authorizationParams: () => ({ a: ['b', 'c'] }) } }],
    ['sends a state that is text where there is no store', { authenticate: { state: 'own & more' } }],
    ['sends no empty state', { authenticate: { state: '' } }],
    ['takes parameters from authorizationParams, but none of its own',
      { methods: { authorizationParams: overriding }, authenticate: { prompt: 'login', state: 'own' } }],
    ['takes scope and state from authorizationParams where nothing else gives them',
      { options: { scope: [] }, methods: { authorizationParams: () => ({ state: 'own' }) }, authenticate: { scope: 'community' } }],
    ['runs a subclass whose authenticate changes the options',
      {
        methods: {
          authenticate(req, options) {
            // The request's object, the strategy, the subclass, the strategy's class.
            const { authenticate } = [1, 2, 3].reduce((object) => Object.getPrototypeOf(object), this);
            authenticate.call(this, req, { ...options, scope: 'community' });
          },
        },
      }],
  ),
  ...rows(
    login,
    [redirected, success],
    ['prefers the callback URL of the request, also in the code exchange', { authenticate: { callbackURL: 'https://other.example/cb' } }],
    // What is forwarded by proxies is compared with Express in test/passport/callback-url.test.ts.
    ...['/auth/cb', '/cb?tab=1', '//other.example/cb'].map((callbackURL): Row => [`completes the callback URL ${callbackURL}, also in the code exchange`,
      { options: { callbackURL }, visits: [{ url: '/auth/metafy' }, { url: '/auth/metafy?code=a&state={state}' }] }]),
    ['keeps no object as state without a store', { authenticate: { state: { to: '/' } } }],
    ['forgets state and verifier when they are used', { options: inSession, session: { other: 1 } }],
    ['gives an object that was kept in the session back',
      { options: inSession, session: {}, authenticate: returnTo }, [redirected, successWithState({ to: '/settings' })]],
  ),
];

const unknown = { url: '/cb?code=a-code&state=unknown' };

// biome-ignore format: a table
const stores: Expectation[] = rows(
  login,
  [redirected, success],
  ...[0, 2, 3, 4].flatMap((length) => [0, 3, 4].map((verifyLength): Row => [`calls a store of ${length} and ${verifyLength} parameters with what it takes`,
    { store: createStore([length, verifyLength]), authenticate: { state: { to: '/' } } }])),
  ...[3, 4].map((verifyLength): Row => [`calls a store of 5 and ${verifyLength} parameters with the verifier`,
    { options: { pkce: true }, store: createStore([5, verifyLength]), authenticate: { state: { to: '/' } } }]),
  ['calls a store of 5 parameters without a verifier when PKCE is off', { options: { pkce: false }, store: createStore([5, 4]) }],
  ['gives the callback URL of the request to a store', { store: createStore([4, 4]), authenticate: { callbackURL: '/cb' } }],
  ['sends the verifier that a store gives back',
    { options: { pkce: true }, store: createStore([5, 4], { verified: [null, 'the-verifier'] }) }],
  ['gives the state that a store gives back to the application, beside its own info',
    {
      store: createStore([4, 4], { verified: [null, true, { to: '/settings' }] }),
      verify: (_accessToken, _refreshToken, _profile, done) => done(null, { id: 'user-1' }, { scope: 'read' }),
    },
    [redirected, 'success {"id":"user-1"} {"scope":"read","state":{"to":"/settings"}}']],
  ['says of a failure what verify says, where there is a state as well',
    {
      store: createStore([4, 4], { verified: [null, true, { to: '/settings' }] }),
      verify: (_accessToken, _refreshToken, _profile, done) => done(null, false, 'banned'),
    },
    [redirected, 'fail "banned"']],
  ['sends no state where a store gives none', { store: createStore([4, 4], { stored: [null] }), visits: start }, [redirected]],
  ['does not ask a store when the state is text', { store: createStore([4, 4]), authenticate: { state: 'own' } }],
  ['asks a store about a callback without a state', { store: createStore([4, 4]), visits: code }, [success]],
  ['fails with 403 and what a store says',
    { store: createStore([4, 4], { verified: [null, false, { message: 'Too late' }] }), visits: [unknown] },
    ['fail {"message":"Too late"} 403']],
  ['fails with 403 where a store says nothing',
    { store: createStore([2, 3], { verified: [null, false] }), visits: [unknown] }, ['fail undefined 403']],
  ['errs with what a store answers',
    { store: createStore([4, 4], { stored: [new Error('a bug')], verified: [new Error('a bug')] }), visits: [{}, unknown] }, [bug, bug]],
  ['errs with what a store throws', { store: () => ({ store: failing, verify: failing }), visits: [{}, unknown] }, [bug, bug]],
  ['waits for a store',
    {
      store: () => ({
        store: (_req, callback) => setImmediate(callback, null, 'of-the-store'),
        verify: (_req, _state, callback) => setImmediate(callback, null, true, { to: '/' }),
      }),
    },
    [redirected, successWithState({ to: '/' })]],
);

const withParams: Hook = (_accessToken, _refreshToken, _params, _profile, done) => done(null, { id: 'user-1' });
const readOwnProfile: Hook = function (accessToken, done) {
  this._oauth2.useAuthorizationHeaderforGET(true);
  const { origin } = new URL(this._oauth2._accessTokenUrl);
  this._oauth2.get(`${origin}/own`, accessToken, (error: unknown, body: string) => done(error, JSON.parse(body).user));
};
const isCalledOnStrategy: Hook = function () {
  return typeof this?.name === 'string';
};
const exchangeAtOnce: Hook = (_code, _parameters, callback) => callback(null, 'a-token', undefined, {});

// biome-ignore format: a table
const callbacks: Expectation[] = rows(
  code,
  [success],
  ['exchanges the code'],
  ['reads code and state of a form post',
    { options: inSession, session: {}, visits: [{}, { url: '/cb', body: 'code=a-code&state={state}' }] }, [redirected, success]],
  ['sends its headers with both requests', { options: { customHeaders: { 'X-Tenant': 'one' } }, methods: { userProfile: readOwnProfile } }],
  ['gives the whole answer to a verify that takes it, without the refresh token',
    { answer: { body: { ...rightAnswer, created_at: 1, extra: { nested: [true] } } }, verify: withParams }],
  ['signs in without a refresh token', { answer: { body: { ...rightAnswer, refresh_token: undefined } }, verify: withParams }],
  ['takes an empty error beside a code for none', { visits: [{ url: '/cb?code=a-code&error=' }] }],
  ['takes parameters from tokenParams, but none of its own',
    { methods: { tokenParams: overridingToken }, authenticate: { audience: 'api & more' } }],
  ['may have a verifier from tokenParams', { methods: { tokenParams: () => ({ code_verifier: 'own' }) } }],
  ['errs with what tokenParams throws', { methods: { tokenParams: failing } }, [bug]],
  ...Object.entries(
    {
      'leaves the profile out: true': true,
      'leaves the profile out: a function': () => true,
      'leaves the profile out: a function with a callback': (_token: string, done: Hook) => done(null, true),
      'leaves the profile out: a function that is called on the strategy': isCalledOnStrategy,
      'loads the profile: false': false,
      'loads the profile: a function': () => false,
      'loads the profile: a function that is given nothing': (token?: string) => token,
      'loads the profile: a function with a callback': (token: string, done: Hook) => done(null, token !== 'the-access-token'),
    },
  ).map(([what, skipUserProfile]): Row => [`skipUserProfile ${what}`, { options: { skipUserProfile } }]),
  ['errs with what skipUserProfile answers',
    { options: { skipUserProfile: (_token: string, done: Hook) => done(new Error('a bug')) } }, [bug]],
  ['errs with what userProfile answers', { methods: { userProfile: (_token, done) => done(new Error('a bug')) } }, [bug]],
  ['errs with what userProfile throws', { exchange: exchangeAtOnce, methods: { userProfile: failing } }, [bug]],
  ['signs in without a state where there is no store', { visits: login }, [redirected, success]],
);

/** A `getOAuthAccessToken` of the application that answers this. */
const answering =
  (...answer: unknown[]): Hook =>
  (_code, _parameters, callback) =>
    callback(...answer);

// biome-ignore format: a table
const exchanges: Expectation[] = rows(
  code,
  [success],
  ['errs without a token', { exchange: answering(null, undefined, undefined, {}) }, ['error Error(): Failed to obtain access token']],
  ['gives it the code and the parameters',
    {
      exchange: (given, { grant_type, redirect_uri }, callback) => callback(null, `for ${given}`, grant_type, { redirect_uri, token_type: 'example' }),
      verify: withParams,
    }],
);

/** A verify callback with `length` parameters, whose last argument is `done` whatever that number is. */
const withLength = (length: number): Hook =>
  Object.defineProperty(((...parameters) => parameters.at(-1)(null, { id: 'user-1' })) as Hook, 'length', {
    value: length,
  });
const signInOnStrategy: Hook = function (_accessToken, _refreshToken, _profile, done) {
  return done(null, { id: `called on ${typeof this?.name}` });
};
const user = { id: 'user-1' };

// biome-ignore format: a table
const verifyCallbacks: Expectation[] = rows(
  code,
  [success],
  ['is called on the strategy', { verify: signInOnStrategy }, ['success {"id":"called on string"} {}']],
  ...[false, true].flatMap((passReqToCallback) => [0, 2, 3, 4, 5, 6, 7].map((length): Row => [`is called with ${length} parameters, passReqToCallback: ${passReqToCallback}`,
    { options: { passReqToCallback }, verify: withLength(length) }])),
  ...([
    ['false', [null, false], 'fail undefined'],
    ['null', [undefined, null, undefined], 'fail undefined'],
    ['false and a message', [null, false, { message: 'Invite only' }], 'fail {"message":"Invite only"}'],
    ['false and a text', [null, false, 'Invite only'], 'fail "Invite only"'],
    ['an error', [new Error('a bug')], bug],
    ['an error beside a user', [new Error('a bug'), user], bug],
    ['a user and info', [null, user, { scope: 'read' }], 'success {"id":"user-1"} {"scope":"read"}'],
    ['a user and a text', [null, user, 'Welcome'], 'success {"id":"user-1"} "Welcome"'],
    ['the id of a user', [null, 'user-1'], 'success "user-1" {}'],
  ] as const).map(([what, answer, ending]): Row => [`ends the login as told: ${what}`, { verify: (_accessToken, _refreshToken, _profile, done) => done(...answer) }, [ending]]),
  ['has what it throws as the error',
    { exchange: exchangeAtOnce, verify: (_accessToken, _refreshToken, _profile, _done) => failing() }, [bug]],
  ['is waited for', { verify: (_accessToken, _refreshToken, _profile, done) => setImmediate(done, null, user) }],
);

export const alike: Record<string, Expectation[]> = {
  'when a login starts': starts,
  'with a store of the application': stores,
  'when a login ends': callbacks,
  'with a getOAuthAccessToken of the application': exchanges,
  'with a verify callback': verifyCallbacks,
};
