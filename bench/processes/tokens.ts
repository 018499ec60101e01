import { MetafyClientCredentials, type MetafyTokens, MetafyUserTokens } from '../../dist';
import { answerQuestions } from './answer-questions';

/* How often a token can be had in one process without asking Metafy. */

const client = { clientID: 'client', clientSecret: 'the secret of the client' };

let credentials: MetafyClientCredentials;
const stores = new Map<string, MetafyUserTokens>();

function toTokens(user: number): MetafyTokens {
  const raw = {
    access_token: `access-of-${user}`.padEnd(43, '-'),
    token_type: 'Bearer',
    expires_in: 7200,
    refresh_token: `refresh-of-${user}`.padEnd(43, '-'),
    scope: 'profile purchases',
    created_at: Math.floor(Date.now() / 1000),
  };
  return {
    accessToken: raw.access_token,
    refreshToken: raw.refresh_token,
    tokenType: raw.token_type,
    scope: raw.scope.split(' '),
    expiresAt: new Date(Date.now() + raw.expires_in * 1000),
    raw,
  };
}

async function countPerSecond(count: number, read: (index: number) => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  for (let index = 0; index < count; index++) await read(index);
  return (count / (performance.now() - beganMs)) * 1000;
}

answerQuestions({
  async prepareCredentials({ upstreamURL }: { upstreamURL: string }) {
    // The token URL derives from this one, and the upstream answers every path that begins with it.
    credentials = new MetafyClientCredentials({ ...client, baseURL: `${upstreamURL}/token` });
    await credentials.getToken();
  },
  getToken({ count }: { count: number }) {
    return countPerSecond(count, () => credentials.getToken());
  },
  async prepareUsers({ name, users, secret }: { name: string; users: number; secret?: string }) {
    const userTokens = new MetafyUserTokens({ ...client, store: new Map(), secret });
    for (let user = 0; user < users; user++) await userTokens.set(String(user), toTokens(user));
    stores.set(name, userTokens);
  },
  getUserTokens({ name, users, count }: { name: string; users: number; count: number }) {
    const userTokens = stores.get(name) as MetafyUserTokens;
    // A prime step, so that neighbours in the store are not read one after the other.
    return countPerSecond(count, (index) => userTokens.get(String((index * 7919) % users)));
  },
});
