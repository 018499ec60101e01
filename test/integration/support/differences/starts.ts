import { createStore } from '../expectations/stores';
import type { DeliberateDifference } from '../trial';
import { asked, proof, redirected, sessionKey } from './common';

const meta = {
  authorizationURL: '/authorize',
  tokenURL: '/token',
  clientID: asked.client_id,
  callbackURL: asked.redirect_uri,
};

const { scope: _scope, ...askedWithoutScope } = asked;

/** What is refused when the strategy is made. */
const refused = (
  title: string,
  reason: string,
  trial: object,
  message: string,
  theirEnding = redirected,
  theirs: object = { asked: [asked] },
): DeliberateDifference => ({
  title,
  reason,
  ...trial,
  theirs: { endings: [theirEnding], ...theirs },
  ours: {
    endings: [`is not constructed TypeError(): MetafyStrategy: ${message}`],
    ...('asked' in theirs && { asked: [] }),
    ...('stored' in theirs && { stored: [] }),
    ...('session' in theirs && { session: {} }),
  },
});

const notAnEndpoint = 'must be a URL without credentials, query and fragment';
const pkceNeedsStore =
  'option `pkce` needs a `store` that keeps a verifier: store(req, verifier, state, meta, callback)';
const pkceMethods = "option `pkce` must be true, false or 'S256', the only method that protects";
const storeOrState = 'option `store` must be a state store or false, and option `state` true or false';

/** What is on by default, and what is refused, before anybody signs in. */
export const differencesInStarts: DeliberateDifference[] = [
  {
    title: 'state and PKCE without any option',
    reason: 'on by default, in a sealed cookie',
    options: { store: undefined },
    theirs: { asked: [asked] },
    ours: {
      asked: [{ ...asked, state: '<handle>', ...proof }],
    },
  },
  {
    title: 'no scope',
    reason: 'the profile needs `profile`, which is the default',
    options: { scope: undefined },
    theirs: {
      asked: [askedWithoutScope],
    },
    ours: { asked: [asked] },
  },
  {
    title: 'an empty list of scopes',
    reason: 'an empty `scope` is no scope (RFC 6749, section 3.3) and is left out',
    options: { scope: [] },
    theirs: { asked: [{ ...asked, scope: '' }] },
    ours: {
      asked: [askedWithoutScope],
    },
  },
  {
    title: '`scopeSeparator`',
    reason: 'Metafy separates by spaces',
    options: { scope: ['profile', 'purchases'], scopeSeparator: ',' },
    theirs: { asked: [{ ...asked, scope: 'profile,purchases' }] },
    ours: { asked: [{ ...asked, scope: 'profile purchases' }] },
  },
  {
    title: 'PKCE with a store that keeps a verifier, not asked for',
    reason: 'on wherever the store can keep it',
    store: createStore([5, 3], { stored: [new Error('full')] }),
    theirs: { stored: [['store', '<req>', undefined, undefined, meta, '<callback>']] },
    ours: { stored: [['store', '<req>', '<proof>', undefined, meta, '<callback>']] },
  },
  {
    title: 'PKCE for a login whose state is text, which is not given to the store',
    reason: 'nobody keeps the verifier, so that a challenge could not be met',
    options: { pkce: true },
    store: createStore([5, 3]),
    authenticate: { state: 'own' },
    theirs: {
      asked: [{ ...asked, state: 'own', ...proof }],
    },
    ours: { asked: [{ ...asked, state: 'own' }] },
  },
  refused(
    'PKCE with a store that keeps no verifier',
    'a challenge that no verifier follows ends every login',
    { options: { pkce: true }, store: createStore([2, 3], { stored: [null, 'own'] }) },
    pkceNeedsStore,
    redirected,
    {
      asked: [{ ...asked, state: 'own', ...proof }],
      stored: [['store', '<req>', '<callback>']],
    },
  ),
  refused(
    'PKCE without a store',
    'both refuse it, each in its words',
    { options: { pkce: true } },
    pkceNeedsStore,
    'is not constructed TypeError(): OAuth2Strategy requires `state: true` option when PKCE is enabled',
    {},
  ),
  refused(
    'an unknown PKCE method',
    'refused when the strategy is made, not at each login',
    { options: { pkce: 'S512' }, store: createStore([5, 3]) },
    pkceMethods,
    'error Error(): Unsupported code verifier transformation method: S512',
    {},
  ),
  refused(
    'the PKCE method `plain`',
    'protects nothing',
    { options: { pkce: 'plain' }, store: createStore([5, 3], { stored: [null, 'own'] }) },
    pkceMethods,
    redirected,
    {
      asked: [{ ...asked, state: 'own', code_challenge: '<proof>', code_challenge_method: 'plain' }],
      stored: [['store', '<req>', '<proof>', undefined, meta, '<callback>']],
    },
  ),
  refused(
    '`store: true`',
    'the session is asked for with `state: true`',
    { options: { store: true }, session: {} },
    storeOrState,
    redirected,
    {
      asked: [{ ...asked, state: '<handle>' }],
      session: { [sessionKey]: { state: { handle: '<handle>' } } },
    },
  ),
  refused(
    'an authorization URL with a query',
    'its parameters could contradict ours',
    { options: { authorizationURL: 'https://metafy.gg/auth?scope=all' } },
    `option \`authorizationURL\` ${notAnEndpoint}`,
    'redirect https://metafy.gg/auth',
  ),
  refused(
    'a token URL of plain http',
    'the secret travels to it',
    { options: { tokenURL: 'http://metafy.gg/token' } },
    'option `tokenURL` must be an https URL, since secrets travel to it (http is for loopback hosts only)',
  ),
  refused(
    'no client secret',
    'Metafy’s applications have one',
    { options: { clientSecret: undefined } },
    'option `clientSecret` must be a non-empty string, but is undefined',
  ),
  refused(
    'no callback URL',
    'Metafy would choose one',
    { options: { callbackURL: undefined } },
    'option `callbackURL` must be a non-empty string, but is undefined',
    redirected,
    { asked: [{ client_id: asked.client_id, response_type: 'code', scope: 'profile' }] },
  ),
  ...['cb://done', 'https://app.example/cb#end'].map((callbackURL) =>
    refused(
      `the callback URL ${callbackURL}`,
      'it is a page of the application (RFC 6749, section 3.1.2)',
      { options: { callbackURL } },
      'option `callbackURL` must be an absolute http(s) URL or a path, without a fragment',
      redirected,
      { asked: [{ ...asked, redirect_uri: callbackURL }] },
    ),
  ),
  {
    title: 'no authorization URL',
    reason: 'Metafy’s is the default',
    options: { authorizationURL: undefined },
    theirs: {
      endings: ['is not constructed TypeError(): OAuth2Strategy requires a authorizationURL option'],
      asked: [],
    },
    ours: { endings: ['redirect https://metafy.gg/auth/authorize'], asked: [asked] },
  },
];
