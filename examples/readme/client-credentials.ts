import { MetafyClientCredentials } from 'passport-metafy';
import { client } from './client';

const owner = new MetafyClientCredentials({ ...client, scope: 'community' });

export async function listSubscribers(page: number): Promise<unknown> {
  const url = `https://metafy.gg/irk/api/v1/me/community/subscribers?page=${page}&per_page=100`;
  const request = async (force: boolean) => {
    const { accessToken } = await owner.getToken({ force });
    return fetch(url, {
      headers: { Authorization: `Bearer ${accessToken}` },
      signal: AbortSignal.timeout(10_000),
    });
  };
  let answer = await request(false);
  if (answer.status === 401) answer = await request(true);
  if (!answer.ok) throw new Error(`Metafy answered ${answer.status}`);
  return answer.json();
}
