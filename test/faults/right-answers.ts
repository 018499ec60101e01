/** What the tests send and get: none of it may be in an error. */
export const client = { clientID: 'client-of-the-faults', clientSecret: 'canary-client-secret' };
export const code = 'canary-code';
export const oldRefreshToken = 'canary-old-refresh-token';
export const accessToken = 'canary-access-token';
export const userID = '3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41';

const tokens = JSON.stringify({
  access_token: accessToken,
  token_type: 'Bearer',
  expires_in: 7200,
  refresh_token: 'canary-new-refresh-token',
  scope: 'profile',
  created_at: 1741231327,
});
const profile = JSON.stringify({ user: { id: userID, slug: 'ada-coach', name: 'Ada Coach' } });

export const paths = {
  token: '/irk/oauth/token',
  revocation: '/irk/oauth/revoke',
  profile: '/irk/api/v1/me',
};

/** The body Metafy answers to a request, given as it came. */
export function toRightBody(request: string): string {
  const [, path] = request.split(' ', 2);
  if (path === paths.token) return tokens;
  return path === paths.profile ? profile : '{}';
}
