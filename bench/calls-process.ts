import * as metafy from '../dist';
import { credentials } from './contenders/contender';
import { answerQuestions } from './worker';

/* Calls that need no request, or one for all of them: the application's token, users' tokens, and access. */

export type Subject = { subject: string; users: number };

type Call = (userId: string) => Promise<unknown>;
type Client = typeof credentials & { baseURL: string; secret?: string };

const subjects: Record<string, (client: Client, users: number) => Promise<Call>> = {
  'MetafyClientCredentials.getToken': async (client) => {
    const clientCredentials = new metafy.MetafyClientCredentials(client);
    return () => clientCredentials.getToken();
  },
  'openid-client': async ({ baseURL, clientID, clientSecret }) => {
    const openid = await import('openid-client');
    const server = { issuer: baseURL, token_endpoint: `${baseURL}/token` };
    const config = new openid.Configuration(server, clientID, clientSecret);
    openid.allowInsecureRequests(config);
    return () => openid.clientCredentialsGrant(config);
  },
  'MetafyUserTokens.get': readTokens,
  'MetafyUserTokens.get, sealed': (client, users) =>
    readTokens({ ...client, secret: 'of the tokens, with 32 characters' }, users),
  'MetafyCommunityAccess.check': async (client, users) => {
    const tokens = await storeTokens(client, users);
    const access = new metafy.MetafyCommunityAccess({ ...client, tokens, communityId: 'community' });
    return (userId) => access.check(userId);
  },
};

async function readTokens(client: Client, users: number): Promise<Call> {
  const tokens = await storeTokens(client, users);
  return (userId) => tokens.get(userId);
}

async function storeTokens(client: Client, users: number) {
  const tokens = await new metafy.MetafyClientCredentials(client).getToken();
  const userTokens = new metafy.MetafyUserTokens({ ...client, store: new Map() });
  for (let user = 0; user < users; user++) {
    const names = { accessToken: `access-of-${user}`.padEnd(43, '-'), refreshToken: `refresh-of-${user}` };
    await userTokens.set(String(user), { ...tokens, ...names });
  }
  return userTokens;
}

let call: (index: number) => Promise<unknown>;

answerQuestions({
  async prepare({ upstreamURL, subject, users }: Subject & { upstreamURL: string }) {
    const callFor = (await subjects[subject]?.({ ...credentials, baseURL: upstreamURL }, users)) as Call;
    // A prime step, so that neighbours in the store are not read one after the other.
    call = (index) => callFor(String((index * 7919) % users));
  },
  async callAtOnce({ count }: { count: number }) {
    const before = process.cpuUsage();
    const beganMs = performance.now();
    await Promise.all(Array.from({ length: count }, (_, index) => call(index)));
    const ms = performance.now() - beganMs;
    const { user, system } = process.cpuUsage(before);
    return { ms, 'CPU ms': (user + system) / 1000 };
  },
  /** Calls per second, one after the other. */
  async callInTurn({ count }: { count: number }) {
    const beganMs = performance.now();
    for (let index = 0; index < count; index++) await call(index);
    return (1000 * count) / (performance.now() - beganMs);
  },
});
