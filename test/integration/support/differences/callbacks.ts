import type { DeliberateDifference } from '../trial';
import { asked, inSession, posted, redirected, sessionKey, signedIn, unknownLogin, verified } from './common';

/** A callback that no authorization server makes: 400 here, whatever passport-oauth2 makes of it. */
const malformed = (what: string, query: string, message: string, theirs: object): DeliberateDifference => ({
  title: `a callback with ${what}`,
  reason: 'its input is hostile',
  visits: [{ url: `/cb?${query}` }],
  theirs: theirs as DeliberateDifference['theirs'],
  ours: {
    endings: [`fail ${JSON.stringify({ message })} 400`],
    ...('asked' in theirs && { asked: [] }),
    ...('posted' in theirs && { posted: [], verified: [] }),
  },
});

/** What the browser brings back. */
export const differencesInCallbacks: DeliberateDifference[] = [
  {
    title: 'a refusal without a description',
    reason: 'flash messages and error pages get one',
    visits: [{ url: '/cb?error=access_denied' }, { url: '/cb?error=invalid_scope' }],
    theirs: { endings: ['fail {}', 'error AuthorizationError(invalid_scope, 500): undefined'] },
    ours: {
      endings: [
        'fail {"message":"Metafy refused the sign-in: access_denied."}',
        'error AuthorizationError(invalid_scope, 500): Metafy refused the sign-in: invalid_scope.',
      ],
    },
  },
  {
    title: 'an error that OAuth does not know',
    reason: 'anybody can make one up: 400, and no alarm in the application’s log',
    visits: [{ url: '/cb?error=whatever&error_description=Why' }],
    theirs: { endings: ['error AuthorizationError(whatever, 500): Why'] },
    ours: { endings: ['fail {"message":"Why"} 400'] },
  },
  {
    title: 'an error in a form post',
    reason: 'passport-oauth2 reads the code there, but no error, and starts again',
    visits: [{ url: '/cb', body: 'error=access_denied&error_description=No' }],
    theirs: { endings: [redirected], asked: [asked] },
    ours: { endings: ['fail {"message":"No"}'], asked: [] },
  },
  {
    title: 'a code in the query and a state in a form post',
    reason: 'an answer is in one place',
    options: inSession,
    session: {},
    visits: [{}, { url: '/cb?code=a-code', body: 'state={state}' }],
    theirs: {
      endings: [redirected, signedIn],
      posted: [{ ...posted, code_verifier: '<proof>' }],
      verified: [verified],
      session: {},
      isProven: true,
    },
    ours: {
      endings: [redirected, unknownLogin],
      posted: [],
      verified: [],
      session: { [sessionKey]: { state: { handle: '<handle>', code_verifier: '<proof>' } } },
      isProven: undefined,
    },
  },
  malformed('two codes', 'code=a&code=b', '`code` must be given once.', {
    endings: [signedIn],
    posted: [{ ...posted, code: ['a', 'b'] }],
    verified: [verified],
  }),
  malformed('an empty code', 'code=', '`code` or `error` is empty.', {
    endings: [redirected],
    asked: [asked],
  }),
  malformed('an empty error', 'code=a-code&error=', '`code` or `error` is empty.', {
    endings: [signedIn],
    posted: [posted],
    verified: [verified],
  }),
  malformed('a code that is too long', `code=${'a'.repeat(2049)}`, '`code` is too long.', {
    endings: [signedIn],
    posted: [{ ...posted, code: 'a'.repeat(2049) }],
    verified: [verified],
  }),
  malformed('control characters', 'code=a%00', '`code` has characters it cannot have.', {
    endings: [signedIn],
    posted: [{ ...posted, code: 'a\0' }],
    verified: [verified],
  }),
  {
    title: 'a request without Express’s `query`',
    reason: 'connect and node:http have none',
    visits: [{ url: '/cb?code=a-code', extra: { query: undefined } }],
    theirs: { endings: [redirected], asked: [asked], posted: [], verified: [] },
    ours: { endings: [signedIn], asked: [], posted: [posted], verified: [verified] },
  },
  {
    title: 'a request without a host and a relative callback URL',
    reason: 'there is no URL to come back to',
    options: { callbackURL: '/cb' },
    visits: [{ headers: { host: '' } }],
    theirs: { endings: [redirected], asked: [{ ...asked, redirect_uri: 'http:///cb' }] },
    ours: { endings: ['fail {"message":"The request names no usable host."} 400'], asked: [] },
  },
  {
    title: 'several proxies that each name a host',
    reason: 'the first is the one that the browser asked',
    options: { callbackURL: '/cb', proxy: true },
    visits: [
      { headers: { 'x-forwarded-host': 'app.example, cache.internal', 'x-forwarded-proto': 'https' } },
    ],
    theirs: { asked: [{ ...asked, redirect_uri: 'https://app.example,/cb' }] },
    ours: { asked: [asked] },
  },
];
