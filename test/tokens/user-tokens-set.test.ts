import { expect } from 'chai';
import { MetafyUserTokens } from '../../src';

const client = { clientID: 'client', clientSecret: 'secret-of-the-client' };

function tokensOf(scope: string) {
  const raw = { access_token: scope.replace(' ', '-'), token_type: 'Bearer' };
  const expiresAt = new Date(Date.now() + 3_600_000);
  return {
    accessToken: raw.access_token,
    refreshToken: 'r',
    tokenType: 'Bearer',
    scope: scope.split(' '),
    expiresAt,
    raw,
  };
}

describe('MetafyUserTokens.set', () => {
  it('does not replace wider tokens by narrower ones because the store failed to show them', async () => {
    const rows = new Map<string, string>();
    let failures = 0;
    const get = async (key: string) => {
      if (failures-- > 0) throw new Error('ECONNRESET');
      return rows.get(key);
    };
    const store = {
      get,
      set: (key: string, value: string) => rows.set(key, value),
      delete: (key: string) => rows.delete(key),
    };
    const userTokens = new MetafyUserTokens({ ...client, store });
    await userTokens.set('ada', tokensOf('profile purchases'));
    failures = 1;
    const error = await userTokens.set('ada', tokensOf('profile')).catch((thrown: unknown) => thrown);
    expect(error).to.be.an('error');
    expect((await userTokens.get('ada', { scope: 'purchases' })).accessToken).to.equal('profile-purchases');
  });
});
