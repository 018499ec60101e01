import * as metafy from '../../dist';
import { credentials } from '../contenders/contender';
import { answerQuestions } from '../worker';

/* Calls that need no request, or one for all of them: the application's token, users' tokens, and access. */

export interface Subject {
  subject: string;
  users: number;
  secret?: string;
}

type Call = (index: number) => Promise<unknown>;

const { clientID: id, clientSecret: secret } = credentials;

const subjects: Record<string, (upstreamURL: string, options: Subject) => Call | Promise<Call>> = {
  'passport-metafy': (baseURL) => {
    const client = new metafy.MetafyClientCredentials({ ...credentials, baseURL });
    return () => client.getToken();
  },
  'openid-client': async (upstreamURL) => {
    const { allowInsecureRequests, clientCredentialsGrant, Configuration } = await import('openid-client');
    const server = { issuer: upstreamURL, token_endpoint: `${upstreamURL}/token` };
    const config = new Configuration(server, id, secret);
    allowInsecureRequests(config);
    return () => clientCredentialsGrant(config);
  },
  'simple-oauth2': (tokenHost) => {
    const { ClientCredentials } = require('simple-oauth2') as SimpleOAuth2;
    const client = new ClientCredentials({
      client: { id, secret },
      auth: { tokenHost, tokenPath: '/token' },
    });
    return () => client.getToken({});
  },
  'MetafyUserTokens.get': async (baseURL, options) => {
    const tokens = await createUserTokens(baseURL, options);
    return (index) => tokens.get(toUser(index, options));
  },
  'MetafyCommunityAccess.check': async (baseURL, options) => {
    const { MetafyCommunityAccess } = metafy as unknown as CommunityAccess;
    const tokens = await createUserTokens(baseURL, options);
    const access = new MetafyCommunityAccess({ ...credentials, baseURL, tokens, communityId: 'community' });
    return (index) => access.check(toUser(index, options));
  },
};

/** It comes without types. */
interface SimpleOAuth2 {
  ClientCredentials: new (options: object) => { getToken(parameters: object): Promise<unknown> };
}

interface CommunityAccess {
  MetafyCommunityAccess: new (options: object) => { check(userId: string): Promise<unknown> };
}

/** A prime step, so that neighbours in the store are not read one after the other. */
function toUser(index: number, { users }: Subject): string {
  return String((index * 7919) % users);
}

async function createUserTokens(baseURL: string, { users, secret }: Subject) {
  const tokens = new metafy.MetafyUserTokens({ ...credentials, baseURL, store: new Map(), secret });
  for (let user = 0; user < users; user++) await tokens.set(String(user), createTokens(user));
  return tokens;
}

function createTokens(user: number): metafy.MetafyTokens {
  const accessToken = `access-of-${user}`.padEnd(43, '-');
  const refreshToken = `refresh-of-${user}`.padEnd(43, '-');
  const [tokenType, scope, expiresAt] = [
    'Bearer',
    ['profile', 'purchases'],
    new Date(Date.now() + 7_200_000),
  ];
  const raw = {
    access_token: accessToken,
    token_type: tokenType,
    expires_in: 7200,
    refresh_token: refreshToken,
  };
  return { accessToken, refreshToken, tokenType, scope, expiresAt, raw };
}

let call: Call;

answerQuestions({
  async prepare({ upstreamURL, ...options }: Subject & { upstreamURL: string }) {
    call = (await subjects[options.subject]?.(upstreamURL, options)) as Call;
  },
  async callAtOnce({ count }: { count: number }) {
    const before = process.cpuUsage();
    const beganMs = performance.now();
    await Promise.all(Array.from({ length: count }, (_, index) => call(index)));
    const wallMs = performance.now() - beganMs;
    const { user, system } = process.cpuUsage(before);
    return { ms: wallMs, 'CPU ms': (user + system) / 1000 };
  },
  /** Calls per second, one after the other. */
  async callInTurn({ count }: { count: number }) {
    const beganMs = performance.now();
    for (let index = 0; index < count; index++) await call(index);
    return (count / (performance.now() - beganMs)) * 1000;
  },
});
