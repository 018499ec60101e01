import { expect } from 'chai';
import nock from 'nock';
import { MetafyOAuthError, refreshTokens, revokeToken } from '../../src';
import { caught } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { useNock } from '../support/nock-metafy';
import { badTokens, signIn, toClient, useEmulator, useToken } from './support/metafy';

describe('revokeToken', () => {
  const emulator = useEmulator();
  const revoke = (token: unknown, options?: object) => revokeToken(toClient(emulator), token as string, options);

  for (const kind of ['accessToken', 'refreshToken'] as const) {
    it(`ends the whole authorization, given its ${kind}, and no other`, async () => {
      const [tokens, second, other] = [
        await signIn(emulator, 'ada-coach'),
        await signIn(emulator, 'ada-coach'),
        await signIn(emulator, 'grace-student'),
      ];
      const renewed = await refreshTokens(toClient(emulator), tokens.refreshToken as string);
      await revoke(tokens[kind]);
      for (const revoked of [tokens, renewed]) expect(await useToken(emulator, revoked)).to.equal(401);
      const error = await caught(() => refreshTokens(toClient(emulator), renewed.refreshToken as string));
      expect(error).to.have.property('code', 'invalid_grant');
      for (const untouched of [second, other]) expect(await useToken(emulator, untouched)).to.equal(200);
    });
  }

  it('finds the token also when the hint is wrong', async () => {
    const tokens = await signIn(emulator);
    await revoke(tokens.accessToken, { tokenTypeHint: 'refresh_token' });
    expect(await useToken(emulator, tokens)).to.equal(401);
  });

  it('resolves for a token that is already revoked, or that Metafy has never heard of', async () => {
    const { refreshToken } = await signIn(emulator);
    for (const token of [refreshToken, refreshToken, 'never-issued']) expect(await revoke(token)).to.equal(undefined);
  });

  it('says that the credentials are wrong, in OAuth’s terms', async () => {
    const tokens = await signIn(emulator);
    const error = await caught(() => revokeToken({ ...toClient(emulator), clientSecret: 'wrong' }, tokens.accessToken));
    expect(error).to.be.instanceOf(MetafyOAuthError);
    expect(error).to.include({ code: 'unauthorized_client', upstreamStatus: 403, status: 502 });
    expect(await useToken(emulator, tokens)).to.equal(200);
  });

  it('refuses what is no token, hint or client before any request', async () => {
    const misuses: [option: string, misuse: () => Promise<void>][] = [
      ...badTokens.map((token) => ['token', () => revoke(token)] as [string, () => Promise<void>]),
      ...['id_token', '', null].map(
        (tokenTypeHint) =>
          ['tokenTypeHint', () => revoke('a-token', { tokenTypeHint })] as [string, () => Promise<void>],
      ),
      ['clientID', () => revokeToken({ ...toClient(emulator), clientID: undefined }, 'a-token')],
    ];
    for (const [option, misuse] of misuses) {
      expect(await caught(misuse))
        .to.be.instanceOf(TypeError)
        .with.property('message')
        .that.includes(`\`${option}\``);
    }
    expect(emulator.requests).to.have.length(0);
  });
});

describe('the request of revokeToken', () => {
  useNock();

  for (const tokenTypeHint of [undefined, 'access_token', 'refresh_token'] as const) {
    it(`is the documented one, with ${tokenTypeHint ?? 'no'} hint`, async () => {
      const scope = nock('https://metafy.gg')
        .post('/irk/oauth/revoke', {
          token: 'the-token',
          ...(tokenTypeHint && { token_type_hint: tokenTypeHint }),
          client_id: clientOptions.clientID,
          client_secret: clientOptions.clientSecret,
        })
        .reply(200, {});
      await revokeToken(clientOptions, 'the-token', { tokenTypeHint });
      expect(scope.isDone()).to.equal(true);
    });
  }
});
