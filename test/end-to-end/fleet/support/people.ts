import { randomUUID } from 'node:crypto';
import { type MetafyTokens, type MetafyUserTokens, refreshTokens } from '../../../../src';
import { MetafyEmulator } from '../../../../src/emulator';
import { issueTokens, toClient, useToken } from '../../support/tokens';

export const communityId = randomUUID();

/** An emulator with that many people, whose ids no other run has used, and the community of the first of them. */
export function startCrowdedEmulator(count: number): Promise<MetafyEmulator> {
  const users = Array.from({ length: count }, (_, index) => {
    const id = randomUUID();
    return { id, slug: id, name: `Person ${index}` };
  });
  const tiers = [{ id: 'tier-1', name: 'Supporter' }];
  const community = { id: communityId, title: 'Tests', ownerID: users[0]?.id as string, tiers };
  return new MetafyEmulator({ users, communities: [community] }).start();
}

/** Signs everybody in; their access tokens have just expired, here and at Metafy. */
export async function storeExpiredTokens(emulator: MetafyEmulator, users: MetafyUserTokens): Promise<string[]> {
  const ids = emulator.users.map(({ id }) => id);
  const signIns = ids.map(async (id) => {
    const tokens = await issueTokens(emulator, id);
    emulator.expire(tokens.accessToken);
    await users.set(id, { ...tokens, expiresAt: new Date(Date.now() - 1) });
  });
  await Promise.all(signIns);
  emulator.clearRequests();
  return ids;
}

/** How many of the stored refresh tokens give an access token that works. They are used up by that. */
export async function countWorking(emulator: MetafyEmulator, stored: MetafyTokens[]): Promise<number> {
  const statuses = stored.map(async ({ refreshToken = '' }) =>
    useToken(emulator, await refreshTokens(toClient(emulator), refreshToken)),
  );
  return (await Promise.all(statuses)).filter((status) => status === 200).length;
}
