import { MetafyAPI, MetafyClientCredentials } from 'passport-metafy';
import { client } from './client';

const owner = new MetafyClientCredentials({ ...client, scope: 'community' });
const api = new MetafyAPI({ ...client, token: owner });

export async function countSubscribers(): Promise<number> {
  const subscribers = await api.listSubscribers().toArray();
  return subscribers.length;
}
