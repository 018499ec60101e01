import { MetafyAPI, type MetafyClientOptions, MetafyCommunityAccess, type MetafyUserTokens } from 'passport-metafy';

/** Who supports the community: asked at most once in 15 minutes per user. */
export function createAccess(
  client: MetafyClientOptions,
  userTokens: MetafyUserTokens,
  communityId: string,
): MetafyCommunityAccess {
  return new MetafyCommunityAccess({ ...client, tokens: userTokens, communityId });
}

/** The titles of the guides that a user may read. */
export async function listGuideTitles(
  { baseURL }: MetafyClientOptions,
  userTokens: MetafyUserTokens,
  userId: string,
): Promise<string[]> {
  const api = new MetafyAPI({ baseURL, token: userTokens.of(userId) });
  const { guides } = await api.get('/v1/me/guides');
  return (guides as { title: string }[]).map(({ title }) => title);
}
