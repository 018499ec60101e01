import type { Expectation, Hook } from '../trial';

const visits = [{ url: '/cb?code=a-code' }];
const throwing: Hook = () => {
  throw new Error('a bug');
};
const refusal = JSON.stringify({
  error: 'invalid_grant',
  error_description: 'Used up',
  error_uri: 'https://x.example',
});

/** An application's own `getOAuthAccessToken`, which answers this. */
const answering =
  (...answer: unknown[]): Hook =>
  (_code, _parameters, callback) =>
    callback(...answer);

/** A `getOAuthAccessToken` of the application's own. */
export const exchanges: Expectation[] = [
  ...(
    [
      [
        'an error of its own',
        [new Error('a bug')],
        'InternalOAuthError(): Failed to obtain access token from Error(): a bug',
      ],
      [
        'an OAuth refusal',
        [{ statusCode: 400, data: refusal }],
        'TokenError(invalid_grant, 500, https://x.example): Used up',
      ],
      [
        'another JSON answer',
        [{ statusCode: 400, data: '{"reason":1}' }],
        'InternalOAuthError(): Failed to obtain access token from {"statusCode":400,"data":"{\\"reason\\":1}"}',
      ],
      [
        'another answer',
        [{ statusCode: 500, data: 'Oops' }],
        'InternalOAuthError(): Failed to obtain access token from {"statusCode":500,"data":"Oops"}',
      ],
      ['no token', [null, undefined, undefined, {}], 'Error(): Failed to obtain access token'],
    ] as const
  ).map(([what, answer, ending]) => ({
    title: `errs when the application’s getOAuthAccessToken answers ${what}`,
    exchange: answering(...answer),
    visits,
    endings: [`error ${ending}`],
  })),
  ...(
    [
      ['an error', () => new RangeError('own'), 'RangeError(): own'],
      [
        'nothing',
        () => null,
        'InternalOAuthError(): Failed to obtain access token from {"statusCode":418,"data":"teapot"}',
      ],
      [
        'an exception',
        throwing,
        'InternalOAuthError(): Failed to obtain access token from {"statusCode":418,"data":"teapot"}',
      ],
    ] as const
  ).map(([what, parseErrorResponse, ending]) => ({
    title: `asks parseErrorResponse about what that function answers, which gives ${what}`,
    exchange: answering({ statusCode: 418, data: 'teapot' }),
    methods: { parseErrorResponse },
    visits,
    endings: [`error ${ending}`],
  })),
  {
    title: 'gives the code and the parameters to that function',
    exchange: (given, { grant_type, redirect_uri }, callback) =>
      callback(null, `for ${given}`, grant_type, { redirect_uri, token_type: 'example' }),
    verify: (_accessToken, _refreshToken, _params, _profile, done) => done(null, { id: 'user-1' }),
    visits,
    endings: ['success {"id":"user-1"} {}'],
  },
];
