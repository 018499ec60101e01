import { expect } from 'chai';
import { refreshTokens } from '../../src';
import { expectError, expectTypeError } from '../support/caught';
import { badTokens, refreshModes, signIn, toAnswer, toClient, useEmulator, useToken } from './support/metafy';

describe('refreshTokens', () => {
  const emulator = useEmulator();
  const refresh = (token: unknown, options?: object) => refreshTokens(toClient(emulator), token as string, options);

  for (const mode of refreshModes) {
    it(`gives new tokens that work, until they are used up, when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      const { refreshToken } = await signIn(emulator);
      for (let token = refreshToken, count = 0; count < 3; count += 1) {
        const renewed = await refresh(token);
        expect(renewed.refreshToken).to.be.a('string').and.not.equal(token);
        expect(await useToken(emulator, renewed)).to.equal(200);
        token = renewed.refreshToken;
      }
      const refusal = { name: 'MetafyOAuthError', code: 'invalid_grant', upstreamStatus: 400, status: 502 };
      await expectError(() => refresh(refreshToken), refusal);
    });
  }

  it('narrows the scope when asked to, and does not widen it', async () => {
    const { refreshToken } = await signIn(emulator, undefined, 'profile community');
    const narrow = await refresh(refreshToken, { scope: 'profile' });
    expect(narrow.scope).to.deep.equal(['profile']);
    const widen = () => refresh(narrow.refreshToken, { scope: ['profile', 'purchases'] });
    await expectError(widen, { code: 'invalid_scope' });
  });

  it('keeps the old refresh token, and the scope asked for, when the answer names none', async () => {
    emulator.fail('token', toAnswer({ refresh_token: undefined, scope: undefined }));
    const { refreshToken, scope } = await refresh('the-old-one', { scope: 'profile community' });
    expect({ refreshToken, scope }).to.deep.equal({ refreshToken: 'the-old-one', scope: ['profile', 'community'] });
  });

  it('refuses what is no token, scope or client before any request', async () => {
    for (const token of badTokens) await expectTypeError(() => refresh(token), 'refreshToken');
    await expectTypeError(() => refresh('a-token', { scope: 42 }), 'scope');
    await expectTypeError(() => refreshTokens({ ...toClient(emulator), clientID: '' }, 'a-token'), 'clientID');
    expect(emulator.requests).to.have.length(0);
  });
});
