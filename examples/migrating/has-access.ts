import type { MetafyUserTokens } from 'passport-metafy';

/** Whether a user is subscribed to a community. */
export async function hasAccess(
  userTokens: MetafyUserTokens,
  userId: string,
  communityId: string,
  baseURL = 'https://metafy.gg',
): Promise<boolean> {
  const { accessToken } = await userTokens.get(userId);
  const url = `${baseURL}/irk/api/v1/me/purchases/communities/${encodeURIComponent(communityId)}`;
  const answer = await fetch(url, {
    headers: { Authorization: `Bearer ${accessToken}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (answer.status === 404) return false;
  // A failed call is not a "no": keep what you know of the user and try again later.
  if (!answer.ok) throw new Error(`Metafy answered ${answer.status}`);
  const { community } = (await answer.json()) as { community: { has_access: boolean } };
  return community.has_access;
}
