import fc from 'fast-check';
import { hostileText } from './hostile-text';

/** Any JSON, also with the keys that objects have by themselves. */
export const anyJSON: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  hostileText,
  fc.dictionary(
    fc.constantFrom('toString', 'valueOf', 'then', 'toJSON', 'length'),
    fc.jsonValue({ maxDepth: 1 }),
  ),
  fc.constantFrom('{"__proto__":{"polluted":true}}').map((text) => JSON.parse(text) as unknown),
);

const nearlyTokens = fc.record(
  {
    accessToken: fc.oneof(
      { weight: 4, arbitrary: fc.constant('an-access-token') },
      { weight: 1, arbitrary: anyJSON },
    ),
    refreshToken: fc.oneof(
      { weight: 2, arbitrary: fc.constant('a-refresh-token') },
      { weight: 1, arbitrary: anyJSON },
    ),
    tokenType: anyJSON,
    scope: fc.oneof({ weight: 4, arbitrary: fc.constant(['profile']) }, { weight: 1, arbitrary: anyJSON }),
    expiresAt: fc.oneof(
      fc.integer({ min: -3_600_000, max: 36_000_000 }).map((ms) => new Date(Date.now() + ms).toISOString()),
      anyJSON,
    ),
    raw: fc.oneof(fc.record({ expires_in: anyJSON }), fc.constant({ expires_in: 7200 }), anyJSON),
  },
  { requiredKeys: [] },
);

/** What a store may hold where tokens should be: those, others' data, or what somebody has damaged. */
export const storedTokens: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: nearlyTokens.map((tokens) => JSON.stringify(tokens)) },
  { weight: 1, arbitrary: anyJSON.map((json) => JSON.stringify(json)) },
  { weight: 1, arbitrary: hostileText },
  { weight: 1, arbitrary: anyJSON },
);
