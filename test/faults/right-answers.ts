/** What the tests send and get: none of it may be in an error. */
export const client = { clientID: 'client-of-the-faults', clientSecret: 'canary-client-secret' };
export const code = 'canary-code';
export const oldRefreshToken = 'canary-old-refresh-token';
export const accessToken = 'canary-access-token';
export const userID = '3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41';

export const communityID = '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17';
export const tierID = '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31';

const tokens = JSON.stringify({
  access_token: accessToken,
  token_type: 'Bearer',
  expires_in: 7200,
  refresh_token: 'canary-new-refresh-token',
  scope: 'profile',
  created_at: 1741231327,
});
const profile = JSON.stringify({ user: { id: userID, slug: 'ada-coach', name: 'Ada Coach' } });

const access = JSON.stringify({ community: { has_access: true, tier_id: tierID } });

export const paths = {
  token: '/irk/oauth/token',
  revocation: '/irk/oauth/revoke',
  profile: '/irk/api/v1/me',
  access: `/irk/api/v1/me/purchases/communities/${communityID}`,
};

const rightBodies = new Map([
  [paths.token, tokens],
  [paths.profile, profile],
  [paths.access, access],
]);

/** The body Metafy answers to a request, given as it came. */
export function toRightBody(request: string): string {
  const [, path = ''] = request.split(' ', 2);
  return rightBodies.get(path) ?? '{}';
}
