import { expect } from 'chai';
import { refreshTokens, revokeToken } from '../../src';
import { expectError, expectTypeError } from '../support/caught';
import { badTokens, signIn, toClient, useEmulator, useToken } from './support/metafy';

describe('revokeToken', () => {
  const emulator = useEmulator();
  const revoke = (token: unknown, options?: object) => revokeToken(toClient(emulator), token as string, options);

  for (const kind of ['accessToken', 'refreshToken'] as const) {
    it(`ends the whole authorization, given its ${kind}, and no other`, async () => {
      const tokens = await signIn(emulator, 'ada-coach');
      const others = [await signIn(emulator, 'ada-coach'), await signIn(emulator, 'grace-student')];
      const renewed = await refreshTokens(toClient(emulator), tokens.refreshToken as string);
      // A hint that is wrong does no harm.
      await revoke(tokens[kind], { tokenTypeHint: 'refresh_token' });
      for (const revoked of [tokens, renewed]) expect(await useToken(emulator, revoked)).to.equal(401);
      const refresh = () => refreshTokens(toClient(emulator), renewed.refreshToken as string);
      await expectError(refresh, { code: 'invalid_grant' });
      for (const untouched of others) expect(await useToken(emulator, untouched)).to.equal(200);
    });
  }

  it('resolves for a token that is already revoked, or that Metafy has never heard of', async () => {
    const { refreshToken } = await signIn(emulator);
    for (const token of [refreshToken, refreshToken, 'never-issued']) expect(await revoke(token)).to.equal(undefined);
  });

  it('says that the credentials are wrong, in OAuth’s terms', async () => {
    const { accessToken } = await signIn(emulator);
    const revokeWrongly = () => revokeToken({ ...toClient(emulator), clientSecret: 'wrong' }, accessToken);
    const refusal = { name: 'MetafyOAuthError', code: 'unauthorized_client', upstreamStatus: 403, status: 502 };
    await expectError(revokeWrongly, refusal);
  });

  it('refuses what is no token, hint or client before any request', async () => {
    for (const token of badTokens) await expectTypeError(() => revoke(token), 'token');
    for (const tokenTypeHint of ['id_token', '', null]) {
      await expectTypeError(() => revoke('a-token', { tokenTypeHint }), 'tokenTypeHint');
    }
    await expectTypeError(() => revokeToken({ ...toClient(emulator), clientID: '' }, 'a-token'), 'clientID');
    expect(emulator.requests).to.have.length(0);
  });
});
