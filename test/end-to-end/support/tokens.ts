import type { MetafyClientOptions, MetafyTokens, TokenResponse } from '../../../src';
import type { MetafyEmulator, MetafyEmulatorRequest } from '../../../src/emulator';

const client = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret' };

export const refreshModes = ['on_use', 'immediate'] as const;

/** The emulator's own application as a client of it. */
export function toClient({ url }: { url: string }): MetafyClientOptions {
  return { ...client, baseURL: url };
}

/** Where `MetafyUserTokens` keeps a user's row. */
export function toRowKey({ url }: { url: string }, userId: string): string {
  return `metafy-user:${JSON.stringify([`${url}/irk/oauth/token`, client.clientID])}:${userId}`;
}

/** One person's tokens, fresh from a sign-in. */
export async function issueTokens(emulator: MetafyEmulator, user?: string, scope = 'profile'): Promise<MetafyTokens> {
  const grant = { client_id: client.clientID, redirect_uri: 'http://127.0.0.1:3000/auth/metafy/callback' };
  const query = new URLSearchParams({ ...grant, response_type: 'code', scope });
  const callback = await emulator.authorize(`${emulator.url}/auth/authorize?${query}`, { user });
  const code = new URL(callback).searchParams.get('code');
  const response = await fetch(`${emulator.url}/irk/oauth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      ...grant,
      grant_type: 'authorization_code',
      client_secret: client.clientSecret,
      code,
    }),
  });
  const raw = (await response.json()) as TokenResponse & { refresh_token: string; expires_in: number };
  const { access_token: accessToken, refresh_token: refreshToken, token_type: tokenType } = raw;
  const expiresAt = new Date(Date.now() + raw.expires_in * 1000);
  return { accessToken, refreshToken, tokenType, scope: scope.split(' '), expiresAt, raw };
}

/** The status that the API answers to an access token: 200 while it works. */
export async function useToken(
  emulator: { url: string },
  { accessToken }: Pick<MetafyTokens, 'accessToken'>,
): Promise<number> {
  const headers = { Authorization: `Bearer ${accessToken}` };
  const response = await fetch(`${emulator.url}/irk/api/v1/me`, { headers });
  await response.text();
  return response.status;
}

/** The token requests with this grant, whatever came of them. */
export function listGrants(
  { requests }: { requests: readonly MetafyEmulatorRequest[] },
  grantType = 'refresh_token',
): MetafyEmulatorRequest[] {
  return requests.filter(({ body }) => body?.grant_type === grantType);
}
