import { back, type DeliberateDifference, type Hook } from '../trial';
import {
  asked,
  inSession,
  posted,
  proof,
  redirected,
  rejecting,
  sessionKey,
  signedIn,
  unknownLogin,
  verified,
} from './common';

const noSession =
  'error Error(): The option `state: true` requires session support: set up a session, such as express-session, in front of Passport.';
const theirNoSession =
  'error Error(): OAuth 2.0 authentication requires session support when using state. Did you forget to use express-session middleware?';
/** An application's parameters that fail before anything is sent. */
const throwing: Hook = () => {
  throw new Error('a bug');
};

/** The state of a login, and what comes back with it. */
export const differencesInStates: DeliberateDifference[] = [
  {
    title: 'a callback without a state, without any option',
    reason: 'a login that this browser did not start is CSRF',
    options: { store: undefined },
    visits: [{ url: '/cb?code=a-code' }],
    theirs: { endings: [signedIn], posted: [posted], verified: [verified] },
    ours: { endings: [unknownLogin], posted: [], verified: [] },
  },
  {
    title: '`state: true` without `pkce`',
    reason: 'PKCE is on wherever the store can keep a verifier',
    options: { ...inSession, pkce: undefined },
    session: {},
    theirs: { asked: [{ ...asked, state: '<handle>' }], session: { [sessionKey]: { state: '<handle>' } } },
    ours: {
      asked: [{ ...asked, state: '<handle>', ...proof }],
      session: { [sessionKey]: { state: { handle: '<handle>', code_verifier: '<proof>' } } },
    },
  },
  {
    title: 'an object as state with `state: true`, without PKCE',
    reason: 'kept, with or without PKCE',
    options: { ...inSession, pkce: false },
    session: {},
    authenticate: { state: { to: '/settings' } },
    visits: [{}, back],
    theirs: { endings: [redirected, signedIn] },
    ours: { endings: [redirected, 'success {"id":"user-1"} {"state":{"to":"/settings"}}'] },
  },
  {
    title: 'a text as state with `state: true`',
    reason: 'kept inside as an object is: sent, it would be no protection',
    options: inSession,
    session: {},
    authenticate: { state: '/settings' },
    theirs: { asked: [{ ...asked, state: '/settings', ...proof }], session: {} },
    ours: {
      asked: [{ ...asked, state: '<handle>', ...proof }],
      session: {
        [sessionKey]: { state: { handle: '<handle>', code_verifier: '<proof>', state: '/settings' } },
      },
    },
  },
  {
    title: 'a wrong state before the right one, with `state: true`',
    reason: 'a stranger’s link uses nothing up',
    options: inSession,
    session: {},
    visits: [{}, { url: '/cb?code=b&state=wrong' }, back],
    theirs: {
      endings: [
        redirected,
        'fail {"message":"Invalid authorization request state."} 403',
        'fail {"message":"Unable to verify authorization request state."} 403',
      ],
      posted: [],
      verified: [],
      isProven: undefined,
    },
    ours: {
      endings: [redirected, unknownLogin, signedIn],
      posted: [{ ...posted, code_verifier: '<proof>' }],
      verified: [verified],
      isProven: true,
    },
  },
  {
    title: 'a state that the session does not know',
    reason: 'our words, for people',
    options: inSession,
    session: {},
    visits: [back],
    theirs: { endings: ['fail {"message":"Unable to verify authorization request state."} 403'] },
    ours: { endings: [unknownLogin] },
  },
  {
    title: '`state: true` without a session',
    reason: 'our words, naming the option',
    options: inSession,
    visits: [{}, back],
    theirs: { endings: [theirNoSession, theirNoSession] },
    ours: { endings: [noSession, noSession] },
  },
  {
    title: 'a login under way that passport-oauth2 started with `state: true` alone',
    reason: 'ends with 403, as docs/migrating.md says',
    options: { ...inSession, pkce: false },
    session: { [sessionKey]: { state: 'of-passport-oauth2' } },
    visits: [{ url: '/cb?code=a-code&state=of-passport-oauth2' }],
    theirs: { endings: [signedIn], posted: [posted], verified: [verified], session: {} },
    ours: {
      endings: [unknownLogin],
      posted: [],
      verified: [],
      session: { [sessionKey]: { state: 'of-passport-oauth2' } },
    },
  },
  {
    title: 'an error in a stranger’s link',
    reason: 'the state is verified before `error` is read',
    options: inSession,
    session: {},
    visits: [
      { url: '/cb?error=access_denied&error_description=Call%20us' },
      { url: '/cb?error=server_error&error_description=Call%20us' },
    ],
    theirs: {
      endings: ['fail {"message":"Call us"}', 'error AuthorizationError(server_error, 502): Call us'],
    },
    ours: { endings: [unknownLogin, unknownLogin] },
  },
  {
    title: 'a refusal, after which the session is looked at',
    reason: 'a login that has ended is forgotten',
    options: inSession,
    session: {},
    visits: [{}, { url: '/cb?error=access_denied&error_description=No&state={state}' }],
    theirs: { session: { [sessionKey]: { state: { handle: '<handle>', code_verifier: '<proof>' } } } },
    ours: { session: {} },
  },
  {
    title: 'what authorizationParams throws',
    reason: 'goes to `error` as from every other hook; Express answers the same',
    methods: { authorizationParams: throwing },
    theirs: { endings: ['throws Error(): a bug'] },
    ours: { endings: ['error Error(): a bug'] },
  },
  {
    title: 'a parameter of authorizationParams that is undefined',
    reason: 'left out instead of sent empty',
    methods: { authorizationParams: () => ({ prompt: undefined }) },
    theirs: { asked: [{ ...asked, prompt: '' }] },
    ours: { asked: [asked] },
  },
  {
    title: 'a store that rejects',
    reason: 'hooks may be async',
    mayNeverEnd: true,
    store: () => ({ store: rejecting, verify: rejecting }),
    visits: [{}, { url: '/cb?code=a-code&state=unknown' }],
    theirs: { endings: ['nothing', 'nothing'] },
    ours: { endings: ['error Error(): a bug', 'error Error(): a bug'] },
  },
  {
    title: 'an error that is no object',
    reason: 'Express would go on after some of them',
    store: () => ({ store: (_req, callback) => callback('route'), verify: throwing }),
    theirs: { endings: ['error "route"'] },
    ours: { endings: ['error Error(): The sign-in failed with what is not an error but string'] },
  },
];
