import fc from 'fast-check';
import { anyJSON, hostileText, toHeaderValue } from './hostile-text';

export interface UpstreamAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** What the tests send, so that answers can repeat it: none of it may be shown. */
export const sent = { clientSecret: 'canary-client-secret', credential: 'canary-code-or-refresh-token' };
export const accessToken = 'canary-access-token';

const repeating = (...secrets: string[]): fc.Arbitrary<string> => {
  const echo = fc.tuple(hostileText, fc.constantFrom(...secrets), hostileText).map((parts) => parts.join(''));
  return fc.oneof({ weight: 3, arbitrary: hostileText }, { weight: 1, arbitrary: echo });
};
const text = repeating(sent.clientSecret, sent.credential);
/** Beside the profile, with which nothing but the access token is sent. */
const headerText = repeating(accessToken);

const orAny = (...right: unknown[]) =>
  fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: anyJSON });

const tokens = fc.record(
  {
    access_token: orAny(accessToken),
    token_type: orAny('Bearer', 'bearer'),
    expires_in: orAny(7200, 0, 1e300),
    refresh_token: orAny('a-refresh-token', null),
    scope: orAny('profile', 'profile community', ''),
    created_at: anyJSON,
  },
  { requiredKeys: ['access_token', 'token_type'] },
);

const oauthError = fc.record(
  {
    error: fc.oneof(orAny('invalid_grant', 'invalid_client'), text),
    error_description: fc.oneof(text, anyJSON),
    error_uri: fc.oneof(text, anyJSON),
  },
  { requiredKeys: ['error'] },
);

const user = fc.record(
  {
    id: orAny('an-id', 1),
    slug: anyJSON,
    name: anyJSON,
    email: anyJSON,
    avatar_url: anyJSON,
    profile_url: fc.oneof(text, anyJSON),
    url: anyJSON,
  },
  { requiredKeys: ['id'] },
);

const profiles: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: user.map((fields) => ({ user: fields })) },
  { weight: 2, arbitrary: user },
  { weight: 1, arbitrary: anyJSON.map((json) => ({ user: json })) },
  { weight: 1, arbitrary: anyJSON },
);

const challenges = fc
  .oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom('invalid_token', 'invalid_token', 'insufficient_scope'), headerText)
        .map(([code, text]) => `Bearer realm="x", error="${code}", error_description="${text}"`),
    },
    headerText.map((part) => `Bearer error="${part}"`),
    headerText.map((part) => `Bearer ${part}`),
    headerText,
  )
  .map(toHeaderValue);

const retryAfters = fc
  .oneof(
    fc.integer().map(String),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    headerText.map((part) => `${part} GMT`),
    headerText,
  )
  .map(toHeaderValue);

const successes = [200, 200, 200, 201];
// Not 429, 502, 503 and 504: retries of the profile take half a second.
const failures = [204, 302, 400, 401, 403, 404, 500];

function answers(json: fc.Arbitrary<unknown>): fc.Arbitrary<UpstreamAnswer> {
  const body = fc.oneof(
    { weight: 8, arbitrary: json.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
  const headers = fc.record(
    { 'WWW-Authenticate': challenges, 'Retry-After': retryAfters, Location: headerText.map(toHeaderValue) },
    { requiredKeys: [] },
  );
  const success = fc.record({ status: fc.constantFrom(...successes), headers: fc.constant({}), body });
  const other = fc.record({ status: fc.constantFrom(...successes, ...failures), headers, body });
  return fc.oneof({ weight: 3, arbitrary: success }, { weight: 1, arbitrary: other });
}

export const tokenAnswers = answers(
  fc.oneof({ weight: 6, arbitrary: tokens }, { weight: 1, arbitrary: oauthError }, { weight: 1, arbitrary: anyJSON }),
);
export const profileAnswers = answers(profiles);
