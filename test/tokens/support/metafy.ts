import { Agent } from 'node:http';
import type { MetafyClientOptions, MetafyTokens } from '../../../src';
import { MetafyEmulator, type MetafyEmulatorFault, type MetafyEmulatorRequest } from '../../../src/emulator';
import { resolveClient } from '../../../src/metafy/client';
import { requestToken } from '../../../src/metafy/token-endpoint';
import { toMetafyTokens } from '../../../src/metafy/token-response';
import { documentedTokens } from '../../support/nock-metafy';

const redirectURI = 'http://127.0.0.1:3000/auth/metafy/callback';
const credentials = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret' };

/** How long the emulator's access tokens work. */
export const lifetimeMs = 7_200_000;

/** What an application's own secret may be. */
export const [secret, olderSecret] = ['n'.repeat(32), 'o'.repeat(32)] as const;

/** What is no token, and must be a `TypeError` before anything is sent. `requireToken` has a test of more. */
export const badTokens = ['', undefined, 'abc\ndef'];

/** What a dead refresh token is answered. */
export const invalidGrant: MetafyEmulatorFault = { status: 400, body: { error: 'invalid_grant' } };

export const loginRequired = { name: 'MetafyOAuthError', code: 'login_required', status: 401 };

export const refreshModes = ['on_use', 'immediate'] as const;

/** An emulator that runs while the surrounding `describe` does, and forgets its requests between tests. */
export function useEmulator(): MetafyEmulator {
  const emulator = new MetafyEmulator();
  before(() => emulator.start());
  beforeEach(() => emulator.clearRequests());
  after(() => emulator.stop());
  return emulator;
}

// Keeps no connection, so that a reset is a fault of Metafy's, and no stale connection that a request is sent again after.
const agent = new Agent();

/** The emulator's application as a client of it. */
export function toClient({ url }: { url: string }): MetafyClientOptions {
  return { ...credentials, baseURL: url, timeoutMs: 5000, agent };
}

/** One person's tokens, fresh from a sign-in. */
export async function signIn(emulator: MetafyEmulator, user?: string, scope = 'profile'): Promise<MetafyTokens> {
  const query = { client_id: credentials.clientID, redirect_uri: redirectURI, response_type: 'code', scope };
  const authorizationURL = `${emulator.url}/auth/authorize?${new URLSearchParams(query)}`;
  const callback = new URL(await emulator.authorize(authorizationURL, { user }));
  const code = callback.searchParams.get('code');
  const request = { grant_type: 'authorization_code', code, redirect_uri: redirectURI };
  return toMetafyTokens(await requestToken(resolveClient(toClient(emulator)), request), Date.now());
}

/** The status that the API answers to an access token: 200 while it works. */
export async function useToken(emulator: { url: string }, { accessToken }: MetafyTokens): Promise<number> {
  const headers = { Authorization: `Bearer ${accessToken}` };
  const response = await fetch(`${emulator.url}/irk/api/v1/me`, { headers });
  await response.text();
  return response.status;
}

/** The requests to the token endpoint with this grant, whatever came of them. */
export function listGrants(emulator: MetafyEmulator, grantType = 'refresh_token'): MetafyEmulatorRequest[] {
  return emulator.requests.filter(({ path, body }) => path === '/irk/oauth/token' && body?.grant_type === grantType);
}

export function listRevocations(emulator: MetafyEmulator): MetafyEmulatorRequest[] {
  return emulator.requests.filter(({ path }) => path === '/irk/oauth/revoke');
}

/** A token answer of the documented shape, changed as a test wants. */
export function toAnswer(changes: Record<string, unknown> = {}): { status: number; body: object } {
  return { status: 200, body: { ...documentedTokens, ...changes } };
}
