import fc from 'fast-check';
import { anyJSON, hostileText } from './hostile-text';

const nearly = (right: unknown) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: anyJSON });

const nearlyTokens = fc.record(
  {
    accessToken: nearly('an-access-token'),
    refreshToken: nearly('a-refresh-token'),
    tokenType: anyJSON,
    scope: nearly(['profile']),
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
