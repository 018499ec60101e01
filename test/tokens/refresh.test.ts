import { expect } from 'chai';
import { MetafyOAuthError, refreshTokens } from '../../src';
import { caught } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { answerToken, documentedTokens, useNock } from '../support/nock-metafy';
import { useClock } from './support/clock';
import { badTokens, refreshModes, signIn, toAnswer, toClient, useEmulator, useToken } from './support/metafy';

describe('refreshTokens', () => {
  useClock();
  const emulator = useEmulator();
  const refresh = (token: unknown, options?: object) => refreshTokens(toClient(emulator), token as string, options);

  for (const mode of refreshModes) {
    it(`gives new tokens that work, each time, when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      let tokens = await signIn(emulator);
      for (let count = 0; count < 3; count += 1) {
        const renewed = await refresh(tokens.refreshToken);
        expect(renewed.refreshToken).to.be.a('string').and.not.equal(tokens.refreshToken);
        expect(await useToken(emulator, renewed)).to.equal(200);
        tokens = renewed;
      }
    });

    it(`says that a token is used up, in OAuth’s terms, when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      const { refreshToken } = await signIn(emulator);
      await useToken(emulator, await refresh(refreshToken));
      const error = await caught(() => refresh(refreshToken));
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ code: 'invalid_grant', upstreamStatus: 400, status: 502 });
    });
  }

  it('narrows the scope when asked to, and does not widen it', async () => {
    const { refreshToken } = await signIn(emulator, undefined, 'profile community');
    const narrow = await refresh(refreshToken, { scope: 'profile' });
    expect(narrow.scope).to.deep.equal(['profile']);
    const error = await caught(() => refresh(narrow.refreshToken, { scope: ['profile', 'purchases'] }));
    expect(error).to.be.instanceOf(MetafyOAuthError).with.property('code', 'invalid_scope');
  });

  for (const refresh_token of [undefined, null, '']) {
    it(`keeps the old refresh token when the answer has ${JSON.stringify(refresh_token) ?? 'none'}`, async () => {
      emulator.fail('token', toAnswer({ refresh_token }));
      expect((await refresh('the-old-one')).refreshToken).to.equal('the-old-one');
    });
  }

  it('refuses what is no token, scope or client before any request', async () => {
    for (const token of badTokens) {
      expect(await caught(() => refresh(token)))
        .to.be.instanceOf(TypeError)
        .with.property('message')
        .that.includes('`refreshToken`');
    }
    const misuses = {
      scope: () => refresh('a-token', { scope: 42 }),
      clientID: () => refreshTokens({ ...toClient(emulator), clientID: '' }, 'a-token'),
    };
    for (const [option, misuse] of Object.entries(misuses)) {
      expect(await caught(misuse))
        .to.be.instanceOf(TypeError)
        .with.property('message')
        .that.includes(`\`${option}\``);
    }
    expect(emulator.requests).to.have.length(0);
  });
});

describe('the request of refreshTokens', () => {
  useNock();
  const request = {
    grant_type: 'refresh_token',
    refresh_token: 'the-old-one',
    client_id: clientOptions.clientID,
    client_secret: clientOptions.clientSecret,
  };

  it('is the documented one', async () => {
    const sent = answerToken(200, documentedTokens);
    await refreshTokens(clientOptions, 'the-old-one');
    expect(await sent).to.deep.equal(request);
  });

  it('names the scopes separated by spaces', async () => {
    const sent = answerToken(200, documentedTokens);
    await refreshTokens(clientOptions, 'the-old-one', { scope: ['profile', 'community'] });
    expect(await sent).to.deep.equal({ ...request, scope: 'profile community' });
  });
});
