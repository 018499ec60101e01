import { rightAnswer } from '../token-server';
import { back, type Expectation, type Hook } from '../trial';

const code = [{ url: '/cb?code=a-code' }];
const success = ['success {"id":"user-1"} {}'];
const failure = new Error('a bug');
const throwing: Hook = () => {
  throw failure;
};
const withParams: Hook = (_accessToken, _refreshToken, _params, _profile, done) =>
  done(null, { id: 'user-1' });
function isCalledOnStrategy(this: { name: string } | undefined): boolean {
  return typeof this?.name === 'string';
}

/** How a login ends. */
export const callbacks: Expectation[] = [
  { title: 'exchanges the code', visits: code, endings: success },
  {
    title: 'reads code and state of a form post',
    options: { state: true, pkce: true, store: undefined },
    session: {},
    visits: [{}, { url: '/cb', body: 'code=a-code&state={state}' }],
    endings: ['redirect /authorize', ...success],
  },
  {
    title: 'sends its headers with both requests',
    options: { customHeaders: { 'X-Tenant': 'one' } },
    methods: {
      userProfile(accessToken, done) {
        this._oauth2.useAuthorizationHeaderforGET(true);
        const { origin } = new URL(this._oauth2._accessTokenUrl);
        this._oauth2.get(`${origin}/own`, accessToken, (error: unknown, body: string) =>
          done(error, JSON.parse(body).user),
        );
      },
    },
    visits: code,
    endings: success,
  },
  {
    title: 'gives the whole answer to a verify that takes it, without the refresh token',
    answer: { body: { ...rightAnswer, created_at: 1, extra: { nested: [true] } } },
    verify: withParams,
    visits: code,
    endings: success,
  },
  ...[undefined, null].map((refresh_token) => ({
    title: `signs in with ${refresh_token} as refresh token`,
    answer: { body: { ...rightAnswer, refresh_token } },
    verify: withParams,
    visits: code,
    endings: success,
  })),
  {
    title: 'takes parameters from tokenParams, but none of its own',
    methods: {
      tokenParams: ({ audience }) => ({
        audience,
        code: 'b',
        grant_type: 'c',
        redirect_uri: 'd',
        client_id: 'e',
      }),
    },
    authenticate: { audience: 'api & more' },
    visits: code,
    endings: success,
  },
  {
    title: 'may have a verifier from tokenParams',
    methods: { tokenParams: () => ({ code_verifier: 'own' }) },
    visits: code,
    endings: success,
  },
  {
    title: 'errs with what tokenParams throws',
    methods: { tokenParams: throwing },
    visits: code,
    endings: ['error Error(): a bug'],
  },
  {
    title: 'fails with 401 and the reason when the person refuses',
    visits: [{ url: '/cb?error=access_denied&error_description=No%20thanks' }],
    endings: ['fail {"message":"No thanks"}'],
  },
  {
    title: 'looks at an error before the code',
    visits: [{ url: '/cb?code=a-code&error=access_denied&error_description=No' }],
    endings: ['fail {"message":"No"}'],
  },
  ...(
    [
      ['invalid_scope', 500],
      ['unauthorized_client', 500],
      ['server_error', 502],
      ['temporarily_unavailable', 503],
    ] as const
  ).map(([error, status]) => ({
    title: `errs with ${status} for ${error}`,
    visits: [{ url: `/cb?error=${error}&error_description=Why&error_uri=https://x.example` }],
    endings: [`error AuthorizationError(${error}, ${status}, https://x.example): Why`],
  })),
  ...(
    [
      ['true', true],
      ['a function', () => true],
      ['a function with a callback', (_token: string, done: Hook) => done(null, true)],
      ['a function that is called on the strategy', isCalledOnStrategy],
    ] as const
  ).map(([what, skipUserProfile]) => ({
    title: `leaves the profile out when skipUserProfile is ${what}`,
    options: { skipUserProfile },
    visits: code,
    endings: success,
  })),
  ...(
    [
      ['false', false],
      ['a function', () => false],
      ['a function that is given nothing', (token?: string) => token],
      ['a function with a callback', (token: string, done: Hook) => done(null, token !== 'the-access-token')],
    ] as const
  ).map(([what, skipUserProfile]) => ({
    title: `loads the profile when skipUserProfile is ${what}`,
    options: { skipUserProfile },
    visits: code,
    endings: success,
  })),
  {
    title: 'errs with what skipUserProfile answers',
    options: { skipUserProfile: (_token: string, done: Hook) => done(failure) },
    visits: code,
    endings: ['error Error(): a bug'],
  },
  {
    title: 'errs with what userProfile answers',
    methods: { userProfile: (_token, done) => done(failure) },
    visits: code,
    endings: ['error Error(): a bug'],
  },
  {
    title: 'errs with what userProfile throws',
    exchange: (_code, _parameters, callback) => callback(null, 'a-token', undefined, {}),
    methods: { userProfile: throwing },
    visits: code,
    endings: ['error Error(): a bug'],
  },
  {
    title: 'signs in without a state where there is no store',
    visits: [{}, back],
    endings: ['redirect /authorize', ...success],
  },
];
