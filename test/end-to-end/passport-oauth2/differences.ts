import express from 'express';
import { documentedProfile } from '../../support/nock-metafy';
import { createStore, failing, rightAnswer } from './support/cases';
import { back, type Hook, type Observation, type Trial } from './support/trial';

/** For each observation what passport-oauth2 does, and what this package does. */
type Changes = { [Name in keyof Observation]?: [theirs: Observation[Name], ours: Observation[Name]] };

/**
 * What both do, but not alike, and why; what is not named in `changes` is alike. In an ending of ours, `…` stands for
 * words of this package.
 */
export type Difference = [titleAndReason: string, trial: Trial, changes: Changes];

/** The parameters of an authorization request with nothing special in it. */
const asked = {
  client_id: 'client-id-of-the-tests',
  redirect_uri: 'https://app.example/cb',
  response_type: 'code',
  scope: 'profile',
};
const { scope: _scope, ...askedWithoutScope } = asked;
const challenge = { code_challenge: '<proof>', code_challenge_method: 'S256' };
/** Of its code exchange. */
const posted = { grant_type: 'authorization_code', code: 'a-code', redirect_uri: asked.redirect_uri };
const profile = { id: 'of the subclass' };
/** What a verify callback of four parameters receives at its end. */
const verified = ['the-access-token', 'the-refresh-token', profile, '<callback>'];

const redirected = 'redirect /authorize';
const signedIn = 'success {"id":"user-1"} {}';
const unknownLogin = 'fail {"message":"…","code":"unknown_state"} 403';
const denied = 'fail {"message":"No","code":"access_denied"} 401';
const bug = 'error Error(): a bug';

/** Keeps logins in the session, as passport-oauth2 does with its two options, and under this key. */
const inSession = { store: undefined, state: true, pkce: true };
const sessionKey = 'oauth2:127.0.0.1';
/** What passport-oauth2 keeps there, and what this package does: bound to client, server and callback URL, for ten minutes. */
const theirPending = { handle: '<handle>', code_verifier: '<proof>' };
const pending = {
  ...theirPending,
  binding: '["/authorize","client-id-of-the-tests","https://app.example/cb"]',
  expiresAtMs: '<time>',
};

const code = [{ url: '/cb?code=a-code' }];
const meta = {
  authorizationURL: '/authorize',
  tokenURL: '/token',
  clientID: asked.client_id,
  callbackURL: asked.redirect_uri,
};

/** An option that this package does not take, and names in a `TypeError` when the strategy is made. */
const rejects = (
  titleAndReason: string,
  trial: Trial,
  option: string,
  theirEnding = redirected,
  theirs: Partial<Pick<Observation, 'asked' | 'stored' | 'session'>> = { asked: [asked] },
): Difference => {
  const changes: Changes = { endings: [[theirEnding], [`is not constructed TypeError(): …\`${option}\`…`]] };
  if (theirs.asked) changes.asked = [theirs.asked, []];
  if (theirs.stored) changes.stored = [theirs.stored, []];
  if (theirs.session) changes.session = [theirs.session, {}];
  return [titleAndReason, trial, changes];
};

// biome-ignore format: a table
const starts: Difference[] = [
  ['state and PKCE without any option: on by default, in a sealed cookie',
    { options: { store: undefined } }, { asked: [[asked], [{ ...asked, state: '<handle>', ...challenge }]] }],
  ['no scope: the profile needs `profile`, which is the default',
    { options: { scope: undefined } }, { asked: [[askedWithoutScope], [asked]] }],
  ['an empty list of scopes: an empty `scope` is no scope (RFC 6749, section 3.3) and is left out',
    { options: { scope: [] } }, { asked: [[{ ...asked, scope: '' }], [askedWithoutScope]] }],
  ['`scopeSeparator`: Metafy separates by spaces',
    { options: { scope: ['profile', 'purchases'], scopeSeparator: ',' } },
    { asked: [[{ ...asked, scope: 'profile,purchases' }], [{ ...asked, scope: 'profile purchases' }]] }],
  ['PKCE with a store that keeps a verifier, not asked for: on wherever the store can keep it',
    { store: createStore([5, 3], { stored: [new Error('full')] }) },
    {
      stored: [[['store', '<req>', undefined, undefined, meta, '<callback>']], [['store', '<req>', '<proof>', undefined, meta, '<callback>']]],
    }],
  ['PKCE for a login whose state is text, which is not given to the store: nobody keeps the verifier, so that a challenge could not be met',
    { options: { pkce: true }, store: createStore([5, 3]), authenticate: { state: 'own' } },
    { asked: [[{ ...asked, state: 'own', ...challenge }], [{ ...asked, state: 'own' }]] }],
  rejects('PKCE with a store that keeps no verifier: a challenge that no verifier follows ends every login',
    { options: { pkce: true }, store: createStore([2, 3], { stored: [null, 'own'] }) }, 'pkce', redirected,
    { asked: [{ ...asked, state: 'own', ...challenge }], stored: [['store', '<req>', '<callback>']] }),
  rejects('PKCE without a store: both reject it, each in its words',
    { options: { pkce: true } }, 'pkce',
    'is not constructed TypeError(): OAuth2Strategy requires `state: true` option when PKCE is enabled', {}),
  rejects('an unknown PKCE method: rejected when the strategy is made, not at each login',
    { options: { pkce: 'S512' }, store: createStore([5, 3]) }, 'pkce',
    'error Error(): Unsupported code verifier transformation method: S512', {}),
  rejects('the PKCE method `plain`: protects nothing',
    { options: { pkce: 'plain' }, store: createStore([5, 3], { stored: [null, 'own'] }) }, 'pkce', redirected,
    {
      asked: [{ ...asked, state: 'own', code_challenge: '<proof>', code_challenge_method: 'plain' }],
      stored: [['store', '<req>', '<proof>', undefined, meta, '<callback>']],
    }),
  rejects('`store: true`: the session is asked for with `state: true`',
    { options: { store: true }, session: {} }, 'store', redirected,
    { asked: [{ ...asked, state: '<handle>' }], session: { [sessionKey]: { state: { handle: '<handle>' } } } }),
  rejects('an authorization URL with a query: its parameters could contradict ours',
    { options: { authorizationURL: 'https://metafy.gg/auth?scope=all' } }, 'authorizationURL', 'redirect https://metafy.gg/auth'),
  rejects('a token URL of plain http: the secret travels to it', { options: { tokenURL: 'http://metafy.gg/token' } }, 'tokenURL'),
  rejects('no client secret: Metafy’s applications have one', { options: { clientSecret: undefined } }, 'clientSecret'),
  rejects('no callback URL: Metafy would choose one',
    { options: { callbackURL: undefined } }, 'callbackURL', redirected,
    { asked: [{ client_id: asked.client_id, response_type: 'code', scope: 'profile' }] }),
  ...['cb://done', 'https://app.example/cb#end'].map((callbackURL) => rejects(`the callback URL ${callbackURL}: it is a page of the application (RFC 6749, section 3.1.2)`,
    { options: { callbackURL } }, 'callbackURL', redirected, { asked: [{ ...asked, redirect_uri: callbackURL }] })),
  ...['cb', '../cb', 'app.example/cb'].map((callbackURL) => rejects(`the callback URL ${callbackURL}: most likely one without its scheme; a path begins with a slash`,
    { options: { callbackURL }, visits: [{ url: '/auth/metafy' }] }, 'callbackURL', redirected,
    { asked: [{ ...asked, redirect_uri: new URL(callbackURL, 'http://app.example/auth/metafy').href }] })),
  ['no authorization URL: Metafy’s is the default',
    { options: { authorizationURL: undefined } },
    {
      endings: [
        ['is not constructed TypeError(): OAuth2Strategy requires a authorizationURL option'],
        ['redirect https://metafy.gg/auth/authorize'],
      ],
      asked: [[], [asked]],
    }],
];

/** Marked as handled, which passport-oauth2 does not do: otherwise the process would end. */
const rejecting: Hook = () => {
  const rejected = Promise.reject(new Error('a bug'));
  rejected.catch(() => undefined);
  return rejected;
};
const theirNoSession =
  'error Error(): OAuth 2.0 authentication requires session support when using state. Did you forget to use express-session middleware?';
const theirUnknownState = 'fail {"message":"Unable to verify authorization request state."} 403';
const ofPassportOAuth2 = { [sessionKey]: { state: 'of-passport-oauth2' } };
const ofPassportOAuth2WithPKCE = { [sessionKey]: { state: { handle: 'a-handle', code_verifier: 'a-verifier' } } };

// biome-ignore format: a table
const states: Difference[] = [
  ...[true, 'S256'].map((pkce): Difference => [`state and verifier in the session, pkce: ${pkce}: for this server and callback URL alone, and for ten minutes`,
    { options: { ...inSession, pkce }, session: { other: 1 } },
    { session: [{ other: 1, [sessionKey]: { state: theirPending } }, { other: 1, [sessionKey]: { state: pending } }] }]),
  ['an object as state in the session, under another key: for this server and callback URL alone, and for ten minutes',
    { options: { ...inSession, sessionKey: 'own' }, session: {}, authenticate: { state: { to: '/settings' } } },
    { session: [{ own: { state: { ...theirPending, state: { to: '/settings' } } } }, { own: { state: { ...pending, state: { to: '/settings' } } } }] }],
  ['a callback without a state, without any option: a login that this browser did not start is CSRF',
    { options: { store: undefined }, visits: code },
    { endings: [[signedIn], [unknownLogin]], posted: [[posted], []], verified: [[verified], []] }],
  ['`state: true` without `pkce`: PKCE is on wherever the store can keep a verifier',
    { options: { ...inSession, pkce: undefined }, session: {} },
    {
      asked: [[{ ...asked, state: '<handle>' }], [{ ...asked, state: '<handle>', ...challenge }]],
      session: [{ [sessionKey]: { state: '<handle>' } }, { [sessionKey]: { state: pending } }],
    }],
  ['an object as state with `state: true`, without PKCE: kept, with or without PKCE',
    { options: { ...inSession, pkce: false }, session: {}, authenticate: { state: { to: '/settings' } }, visits: [{}, back] },
    { endings: [[redirected, signedIn], [redirected, 'success {"id":"user-1"} {"state":{"to":"/settings"}}']] }],
  ['a text as state with `state: true`: kept inside as an object is: sent, it would be no protection',
    { options: inSession, session: {}, authenticate: { state: '/settings' } },
    {
      asked: [[{ ...asked, state: '/settings', ...challenge }], [{ ...asked, state: '<handle>', ...challenge }]],
      session: [{}, { [sessionKey]: { state: { ...pending, state: '/settings' } } }],
    }],
  ['a wrong state before the right one, with `state: true`: a stranger’s link uses nothing up',
    { options: inSession, session: {}, visits: [{}, { url: '/cb?code=b&state=wrong' }, back] },
    {
      endings: [
        [redirected, 'fail {"message":"Invalid authorization request state."} 403', theirUnknownState],
        [redirected, unknownLogin, signedIn],
      ],
      posted: [[], [{ ...posted, code_verifier: '<proof>' }]],
      verified: [[], [verified]],
      isProven: [undefined, true],
    }],
  ['a state that the session does not know: our words, for people',
    { options: inSession, session: {}, visits: [back] }, { endings: [[theirUnknownState], [unknownLogin]] }],
  ['`state: true` without a session: our words, naming the option',
    { options: inSession, visits: [{}, back] },
    { endings: [[theirNoSession, theirNoSession], ['error Error(): …`state: true`…', 'error Error(): …`state: true`…']] }],
  ['a login under way that passport-oauth2 started with `state: true` alone: ends with 403, as docs/migrating.md says',
    { options: { ...inSession, pkce: false }, session: ofPassportOAuth2, visits: [{ url: '/cb?code=a-code&state=of-passport-oauth2' }] },
    { endings: [[signedIn], [unknownLogin]], posted: [[posted], []], verified: [[verified], []], session: [{}, ofPassportOAuth2] }],
  ['a login under way that passport-oauth2 started with PKCE: ends with 403, as docs/migrating.md says',
    { options: inSession, session: ofPassportOAuth2WithPKCE, visits: [{ url: '/cb?code=a-code&state=a-handle' }] },
    {
      endings: [[signedIn], [unknownLogin]],
      posted: [[{ ...posted, code_verifier: 'a-verifier' }], []],
      verified: [[verified], []],
      session: [{}, ofPassportOAuth2WithPKCE],
    }],
  ['an error in a stranger’s link: the state is verified before `error` is read',
    {
      options: inSession,
      session: {},
      visits: ['access_denied', 'server_error'].map((error) => ({ url: `/cb?error=${error}&error_description=Call%20us` })),
    },
    { endings: [['fail {"message":"Call us"}', 'error AuthorizationError(server_error, 502): Call us'], [unknownLogin, unknownLogin]] }],
  ['a denial, after which the session is looked at: a login that has ended is forgotten',
    { options: inSession, session: {}, visits: [{}, { url: '/cb?error=access_denied&error_description=No&state={state}' }] },
    {
      endings: [[redirected, 'fail {"message":"No"}'], [redirected, denied]],
      session: [{ [sessionKey]: { state: theirPending } }, {}],
    }],
  ['what authorizationParams throws: goes to `error` as from every other hook; Express answers the same',
    { methods: { authorizationParams: failing } }, { endings: [['throws Error(): a bug'], [bug]] }],
  ['a parameter of authorizationParams that is undefined: left out instead of sent empty',
    { methods: { authorizationParams: () => ({ prompt: undefined }) } }, { asked: [[{ ...asked, prompt: '' }], [asked]] }],
  ['a store that rejects: hooks may be async',
    { mayNeverEnd: true, store: () => ({ store: rejecting, verify: rejecting }), visits: [{}, { url: '/cb?code=a-code&state=unknown' }] },
    { endings: [['nothing', 'nothing'], [bug, bug]] }],
  ['an error that is no object: Express would go on after some of them',
    { store: () => ({ store: (_req, callback) => callback('route'), verify: failing }) },
    { endings: [['error "route"'], ['error Error(): …']] }],
];

/** A callback that no authorization server makes: 400 here, whatever passport-oauth2 makes of it. */
const malformed = (what: string, query: string, theirCode?: unknown): Difference => {
  const ours = ['fail {"message":"…","code":"malformed_response"} 400'];
  return [
    `a callback with ${what}: its input is hostile`,
    { visits: [{ url: `/cb?${query}` }] },
    theirCode === undefined
      ? { endings: [[redirected], ours], asked: [[asked], []] }
      : {
          endings: [[signedIn], ours],
          posted: [[{ ...posted, code: theirCode }], []],
          verified: [[verified], []],
        },
  ];
};

// biome-ignore format: a table
const callbacks: Difference[] = [
  malformed('two codes', 'code=a&code=b', ['a', 'b']),
  malformed('a state, but neither code nor error', 'state=a'),
  malformed('a code that is too long', `code=${'a'.repeat(2049)}`, 'a'.repeat(2049)),
  ['a prefetched callback: the person’s own request would find the code used up',
    { visits: [{ ...code[0], headers: { 'sec-purpose': 'prefetch;prerender' } }] },
    {
      endings: [[signedIn], ['fail {"message":"…","code":"malformed_response"} 400']],
      posted: [[posted], []],
      verified: [[verified], []],
    }],
  ['a denial: its code is in the info as well',
    { visits: [{ url: '/cb?error=access_denied&error_description=No' }, { url: '/cb?code=a-code&error=access_denied&error_description=No' }] },
    { endings: [['fail {"message":"No"}', 'fail {"message":"No"}'], [denied, denied]] }],
  ...Object.entries({ invalid_scope: 500, unauthorized_client: 500, server_error: 502, temporarily_unavailable: 503 }).map(([error, status]): Difference => [`the error ${error}: one shape of errors`,
    { visits: [{ url: `/cb?error=${error}&error_description=Why&error_uri=https://x.example` }] },
    {
      endings: [
        [`error AuthorizationError(${error}, ${status}, https://x.example): Why`],
        [`error MetafyOAuthError(${error}, ${status}, https://x.example): Why`],
      ],
    }]),
  ['an error without a description: flash messages and error pages get one',
    { visits: [{ url: '/cb?error=access_denied' }, { url: '/cb?error=invalid_scope' }] },
    {
      endings: [
        ['fail {}', 'error AuthorizationError(invalid_scope, 500): undefined'],
        ['fail {"message":"…","code":"access_denied"} 401', 'error MetafyOAuthError(invalid_scope, 500): …'],
      ],
    }],
  ['an error that OAuth does not know: anybody can make one up: 400, and no alarm in the application’s log',
    { visits: [{ url: '/cb?error=whatever&error_description=Why' }] },
    { endings: [['error AuthorizationError(whatever, 500): Why'], ['fail {"message":"Why","code":"whatever"} 400']] }],
  ['an error in a form post: passport-oauth2 reads the code there, but no error, and starts again',
    { visits: [{ url: '/cb', body: 'error=access_denied&error_description=No' }] },
    { endings: [[redirected], [denied]], asked: [[asked], []] }],
  ['a code in the query and a state in a form post: an answer is in one place',
    { options: inSession, session: {}, visits: [{}, { url: '/cb?code=a-code', body: 'state={state}' }] },
    {
      endings: [[redirected, signedIn], [redirected, unknownLogin]],
      posted: [[{ ...posted, code_verifier: '<proof>' }], []],
      verified: [[verified], []],
      session: [{}, { [sessionKey]: { state: pending } }],
      isProven: [true, undefined],
    }],
  ...[undefined, {}].map((query): Difference => [`a request whose \`query\` is ${JSON.stringify(query)}: connect and node:http have none, and Express’s parser may be off`,
    { visits: [{ url: '/cb?code=a-code', extra: { query } }] },
    { endings: [[redirected], [signedIn]], asked: [[asked], []], posted: [[], [posted]], verified: [[], [verified]] }]),
  ['a request without a host and a relative callback URL: there is no URL to come back to',
    { options: { callbackURL: '/cb' }, visits: [{ headers: { host: '' } }] },
    { endings: [[redirected], ['fail {"message":"…","code":"malformed_response"} 400']], asked: [[{ ...asked, redirect_uri: 'http:///cb' }], []] }],
  ['`trust proxy` that does not cover this peer: Express is asked about the peer',
    {
      options: { callbackURL: '/cb' },
      visits: [{ headers: { host: 'app.example', 'x-forwarded-host': 'evil.example' }, extra: { app: express().set('trust proxy', '10.0.0.0/8') } }],
    },
    { asked: [[{ ...asked, redirect_uri: 'http://evil.example/cb' }], [{ ...asked, redirect_uri: 'http://app.example/cb' }]] }],
  ['several proxies that each name a host: the first is the one that the browser asked',
    {
      options: { callbackURL: '/cb', proxy: true },
      visits: [{ headers: { 'x-forwarded-host': 'app.example, a.internal', 'x-forwarded-proto': 'https' } }],
    },
    { asked: [[{ ...asked, redirect_uri: 'https://app.example,/cb' }], [asked]] }],
];

const noToken = 'error Error(): Failed to obtain access token';
const internal = (cause: string) => `error InternalOAuthError(): Failed to obtain access token from ${cause}`;

// biome-ignore format: a table
const tokenAnswers: Difference[] = [
  ...Object.entries<[answer: Trial['answer'], theirs: string, ours: string]>(
    {
      'an OAuth error': [
        { status: 401, body: { error: 'invalid_client', error_description: 'Unknown' } },
        'error TokenError(invalid_client, 500): Unknown',
        'error MetafyOAuthError(invalid_client, 502): …',
      ],
      'an OAuth error with status 200': [{ body: { error: 'invalid_client' } }, noToken, 'error MetafyOAuthError(invalid_client, 502): …'],
      'a failure': [{ status: 500, body: 'Oops' }, internal('{"statusCode":500,"data":"Oops"}'), 'error MetafyResponseError(bad_status, 502): …'],
      'a redirect': [{ status: 302, body: '', headers: { location: '/token' } }, noToken, 'error MetafyResponseError(bad_status, 502): …'],
      'no access token': [{ body: { token_type: 'Bearer' } }, noToken, 'error MetafyResponseError(bad_body, 502): …'],
      'a form': [{ body: 'access_token=the-access-token&refresh_token=the-refresh-token' }, signedIn, 'error MetafyResponseError(bad_body, 502): …'],
      'a token that is no Bearer token': [{ body: { ...rightAnswer, token_type: 'mac' } }, signedIn, 'error MetafyResponseError(bad_body, 502): …'],
    },
  ).map(([what, [answer, theirs, ours]]): Difference => [`${what} as answer of the token endpoint: one shape of errors, with the status that the application should answer`,
    { visits: code, answer }, { endings: [[theirs], [ours]], ...(theirs === signedIn && { verified: [[verified], []] }) }]),
  ['a code that has been used: the person’s situation, not an outage',
    { visits: code, answer: { status: 400, body: { error: 'invalid_grant', error_description: 'Used up' } } },
    { endings: [['error TokenError(invalid_grant, 500): Used up'], ['fail {"message":"…","code":"invalid_grant"} 403']] }],
  ['a refresh token that is null: there is none',
    { visits: code, answer: { body: { ...rightAnswer, refresh_token: null } } },
    { verified: [[['the-access-token', null, profile, '<callback>']], [['the-access-token', undefined, profile, '<callback>']]] }],
  ['no token endpoint: one shape of errors, with the status that the application should answer',
    { visits: code, options: { tokenURL: 'http://127.0.0.1:1/token' } },
    { endings: [[internal('Error(ECONNREFUSED): connect ECONNREFUSED 127.0.0.1:1')], ['error MetafyResponseError(network, 502): …']] }],
  ['parseErrorResponse of a subclass and an answer of the token endpoint: our transport has read the answer already, and its errors hold no body',
    { methods: { parseErrorResponse: () => new RangeError('own') }, visits: code, answer: { status: 400, body: 'Oops' } },
    { endings: [['error RangeError(): own'], ['error MetafyResponseError(bad_status, 502): …']] }],
];

/** A `getOAuthAccessToken` of the application that answers this. */
const failingWith =
  (answer: unknown): Hook =>
  (_code, _parameters, callback) =>
    callback(answer);
const oauthError = { error: 'invalid_grant', error_description: 'Used up', error_uri: 'https://x.example' };

// biome-ignore format: a table
const ownExchanges = Object.entries<[answer: unknown, theirs: string]>({
  'an error': [new Error('a bug'), internal('Error(): a bug')],
  'an OAuth error in an answer': [
    { statusCode: 400, data: JSON.stringify(oauthError) },
    'error TokenError(invalid_grant, 500, https://x.example): Used up',
  ],
}).map(([what, [answer, theirs]]): Difference => [`a getOAuthAccessToken of the application that answers ${what}: the application has its own error as it is`,
  { visits: code, exchange: failingWith(answer) },
  { endings: [[theirs], [answer instanceof Error ? bug : `error ${JSON.stringify(answer)}`]] }]);

const exchange: Hook = (_code, _parameters, callback) =>
  callback(null, 'the-access-token', 'the-refresh-token', { token_type: 'Bearer' });
const readOwnProfile: Hook = function (accessToken, done) {
  const url = this._oauth2._accessTokenUrl.replace('/token', '/own');
  this._oauth2.get(url, accessToken, (error: unknown) => done(error, profile));
};
const tokens = {
  accessToken: 'the-access-token',
  refreshToken: 'the-refresh-token',
  tokenType: 'Bearer',
  scope: ['profile'],
  expiresAt: '<date>',
  raw: { access_token: 'the-access-token', refresh_token: 'the-refresh-token', token_type: 'Bearer' },
};

// biome-ignore format: a table
const endings: Difference[] = [
  ['the profile, where no subclass reads it: Metafy’s is known',
    { loadsProfile: true, verify: (_accessToken, _refreshToken, { id }, done) => done(null, { id }), visits: code },
    {
      endings: [['success {} {}'], [`success {"id":"${documentedProfile.user.id}"} {}`]],
      read: [[], ['/me Bearer the-access-token']],
      verified: [
        [['the-access-token', 'the-refresh-token', {}, '<callback>']],
        [['the-access-token', 'the-refresh-token', '<Metafy profile>', '<callback>']],
      ],
    }],
  ['`_oauth2.get` with its defaults: tokens are in the header only',
    { methods: { userProfile: readOwnProfile }, visits: code },
    { read: [['/own?access_token=the-access-token '], ['/own Bearer the-access-token']] }],
  ['an async skipUserProfile that says no: hooks may be async',
    { options: { skipUserProfile: async () => false }, visits: code },
    { verified: [[['the-access-token', 'the-refresh-token', undefined, '<callback>']], [verified]] }],
  ['an async verify that rejects: hooks may be async',
    { mayNeverEnd: true, exchange, verify: (_accessToken, _refreshToken, _profile, _done) => rejecting(), visits: code },
    { endings: [['nothing'], [bug]] }],
  ['a verify that answers twice: a login ends once',
    {
      exchange,
      verify: (_accessToken, _refreshToken, _profile, done) => { done(null, { id: 'user-1' }); done(new Error('too late')); },
      visits: code,
    },
    { endings: [[`${signedIn}, then error Error(): too late`], [signedIn]] }],
  ['a verify of one parameter: it gets all in one object and returns the user',
    { mayNeverEnd: true, exchange, verify: (login) => ({ id: Object.keys(login).join() }), visits: code },
    { endings: [['nothing'], ['success {"id":"req,profile,tokens"} {}']], verified: [[verified], [[{ req: '<req>', profile, tokens }]]] }],
];

export const differences = [...starts, ...states, ...callbacks, ...tokenAnswers, ...ownExchanges, ...endings];
