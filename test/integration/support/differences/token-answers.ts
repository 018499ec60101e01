import { rightAnswer } from '../token-server';
import type { DeliberateDifference, Observation, Trial } from '../trial';
import { signedIn, verified } from './common';

const visits = [{ url: '/cb?code=a-code' }];
const noToken = 'error Error(): Failed to obtain access token';
const internal = (cause: string): string =>
  `error InternalOAuthError(): Failed to obtain access token from ${cause}`;

/** Answers of the token endpoint whose errors differ. */
const answers: [what: string, Trial['answer'], theirs: string, ours: string, seen?: Partial<Observation>][] =
  [
    [
      'an OAuth refusal',
      { status: 400, body: { error: 'invalid_grant', error_description: 'Used up' } },
      'error TokenError(invalid_grant, 500): Used up',
      'error MetafyOAuthError(invalid_grant, 502): Metafy refused the authorization_code request with invalid_grant: Used up',
    ],
    [
      'an OAuth refusal with status 200',
      { body: { error: 'invalid_grant' } },
      noToken,
      'error MetafyOAuthError(invalid_grant, 502): Metafy refused the authorization_code request with invalid_grant',
    ],
    [
      'a failure',
      { status: 500, body: 'Oops' },
      internal('{"statusCode":500,"data":"Oops"}'),
      'error MetafyResponseError(bad_status, 502): Metafy answered the authorization_code request with status 500',
    ],
    [
      'too many requests',
      { status: 429, body: 'Oops', headers: { 'retry-after': '1' } },
      internal('{"statusCode":429,"data":"Oops"}'),
      'error MetafyResponseError(bad_status, 503): Metafy answered the authorization_code request with status 429',
    ],
    [
      'a redirect',
      { status: 302, body: '', headers: { location: '/token' } },
      noToken,
      'error MetafyResponseError(bad_status, 502): Metafy answered the authorization_code request with status 302',
    ],
    [
      'no access token',
      { body: { token_type: 'Bearer' } },
      noToken,
      "error MetafyResponseError(bad_body, 502): Metafy's token answer is unusable: `access_token` is not a string of printable characters",
    ],
    [
      'a page',
      { body: '<h1>Welcome</h1>' },
      noToken,
      'error MetafyResponseError(bad_body, 502): Metafy answered the authorization_code request with something that is not a JSON object',
    ],
    [
      'a form',
      { body: 'access_token=the-access-token&refresh_token=the-refresh-token' },
      signedIn,
      'error MetafyResponseError(bad_body, 502): Metafy answered the authorization_code request with something that is not a JSON object',
      { verified: [verified] },
    ],
    [
      'a token that is no Bearer token',
      { body: { ...rightAnswer, token_type: 'mac' } },
      signedIn,
      "error MetafyResponseError(bad_body, 502): Metafy's token answer is unusable: `token_type` is not Bearer",
      { verified: [verified] },
    ],
  ];

/** What the token endpoint says, when it gives no tokens. */
export const differencesInTokenAnswers: DeliberateDifference[] = [
  ...answers.map(([what, answer, theirs, ours, seen]) => ({
    title: `${what} as answer of the token endpoint`,
    reason: 'one shape of errors, with the status that the application should answer',
    visits,
    answer,
    theirs: { endings: [theirs], ...seen },
    ours: { endings: [ours], ...(seen && { verified: [] }) },
  })),
  {
    title: 'no token endpoint',
    reason: 'one shape of errors, with the status that the application should answer',
    visits,
    options: { tokenURL: 'http://127.0.0.1:1/token' },
    theirs: { endings: [internal('Error(ECONNREFUSED): connect ECONNREFUSED 127.0.0.1:1')] },
    ours: {
      endings: ['error MetafyResponseError(network, 502): POST /token: the server could not be reached'],
    },
  },
  {
    title: 'parseErrorResponse of a subclass and an answer of the token endpoint',
    reason: 'our transport has read the answer already, and its errors hold no body',
    methods: { parseErrorResponse: () => new RangeError('own') },
    visits,
    answer: { status: 400, body: 'Oops' },
    theirs: { endings: ['error RangeError(): own'] },
    ours: {
      endings: [
        'error MetafyResponseError(bad_status, 502): Metafy answered the authorization_code request with status 400',
      ],
    },
  },
];
