import type { MetafyUserTokens } from 'passport-metafy';

/** A row as many applications have it, with the token columns in the table of users. */
export interface OldRow {
  id: string;
  access_token: string;
  refresh_token: string | null;
  expires_at: Date;
  scope: string;
}

export async function importTokens(rows: Iterable<OldRow>, userTokens: MetafyUserTokens): Promise<void> {
  for (const row of rows) {
    await userTokens.set(row.id, {
      accessToken: row.access_token,
      refreshToken: row.refresh_token ?? undefined,
      tokenType: 'Bearer',
      scope: row.scope.split(' '),
      expiresAt: row.expires_at,
      raw: { access_token: row.access_token, token_type: 'Bearer' },
    });
  }
}
