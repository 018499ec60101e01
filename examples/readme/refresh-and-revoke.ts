import { refreshTokens, revokeToken } from 'passport-metafy';
import { client } from './client';

export async function rotate(user: { refreshToken: string; save(): Promise<void> }): Promise<string> {
  const tokens = await refreshTokens(client, user.refreshToken);
  user.refreshToken = tokens.refreshToken ?? user.refreshToken;
  await user.save();
  return tokens.accessToken;
}

export async function disconnect(user: { refreshToken: string }): Promise<void> {
  await revokeToken(client, user.refreshToken, { tokenTypeHint: 'refresh_token' });
}
