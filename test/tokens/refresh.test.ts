import { expect } from 'chai';
import { MetafyOAuthError, MetafyResponseError, refreshTokens } from '../../src';
import { caught } from '../support/caught';
import { badTokens } from './support/bad-tokens';
import { secondMs, useClock } from './support/clock';
import {
  listGrants,
  refreshModes,
  signIn,
  toAnswer,
  toClient,
  useEmulator,
  useToken,
} from './support/metafy';

describe('refreshTokens', () => {
  useClock();
  const emulator = useEmulator();
  const refresh = (token: unknown, options?: object) =>
    refreshTokens(toClient(emulator), token as string, options);

  for (const mode of refreshModes) {
    describe(`when Metafy rotates ${mode}`, () => {
      beforeEach(() => emulator.setRefreshMode(mode));

      it('gives new tokens that work', async () => {
        const old = await signIn(emulator);
        const renewed = await refresh(old.refreshToken);
        expect(renewed.refreshToken).to.be.a('string').and.not.equal(old.refreshToken);
        expect(await useToken(emulator, renewed)).to.equal(200);
      });

      it('can be repeated with each new token', async () => {
        let tokens = await signIn(emulator);
        for (let count = 0; count < 3; count += 1) tokens = await refresh(tokens.refreshToken);
        expect(await useToken(emulator, tokens)).to.equal(200);
      });

      it('says that a token is used up, in OAuth’s terms', async () => {
        const { refreshToken } = await signIn(emulator);
        await useToken(emulator, await refresh(refreshToken));
        const error = await caught<MetafyOAuthError>(() => refresh(refreshToken));
        expect(error).to.be.instanceOf(MetafyOAuthError);
        expect(error).to.include({ code: 'invalid_grant', upstreamStatus: 400, status: 502 });
      });
    });
  }

  it('narrows the scope when asked to', async () => {
    const { refreshToken } = await signIn(emulator, undefined, 'profile community');
    expect((await refresh(refreshToken, { scope: 'profile' })).scope).to.deep.equal(['profile']);
  });

  it('does not widen the scope', async () => {
    const { refreshToken } = await signIn(emulator);
    const error = await caught(() => refresh(refreshToken, { scope: ['profile', 'community'] }));
    expect(error).to.be.instanceOf(MetafyOAuthError).with.property('code', 'invalid_scope');
  });

  for (const refresh_token of [undefined, null]) {
    it(`keeps the old refresh token when the answer has ${refresh_token === null ? 'null for one' : 'none'}`, async () => {
      const answer = toAnswer({ refresh_token });
      emulator.fail('token', answer);
      const tokens = await refresh('the-old-one');
      expect(tokens.refreshToken).to.equal('the-old-one');
      expect(tokens.raw, 'as it came').to.deep.equal(JSON.parse(JSON.stringify(answer.body)));
    });
  }

  it('counts the lifetime from the arrival of the answer', async () => {
    emulator.fail('token', toAnswer({ expires_in: 60, created_at: 1 }));
    expect((await refresh('the-old-one')).expiresAt.getTime()).to.equal(Date.now() + 60 * secondMs);
  });

  const faults: Record<string, object> = {
    network: { reset: true },
    bad_status: { status: 500, body: '<h1>Oops</h1>' },
    bad_body: { status: 200, body: '<h1>Maintenance</h1>' },
  };
  for (const [code, fault] of Object.entries(faults)) {
    it(`never repeats the request after ${code}`, async () => {
      const { refreshToken } = await signIn(emulator);
      emulator.fail('token', fault as { reset: true });
      const error = await caught(() => refresh(refreshToken));
      expect(error).to.be.instanceOf(MetafyResponseError).with.property('code', code);
      expect(listGrants(emulator)).to.have.length(1);
    });
  }

  it('never repeats the request when no answer comes in time', async () => {
    emulator.fail('token', { hang: true });
    const error = await caught(() => refreshTokens({ ...toClient(emulator), timeoutMs: 50 }, 'the-old-one'));
    expect(error).to.include({ code: 'timeout', status: 504 });
    expect(listGrants(emulator)).to.have.length(1);
  });

  it('says how long Metafy asks to wait', async () => {
    emulator.fail('token', { status: 429, headers: { 'Retry-After': '7' } });
    expect(await caught(() => refresh('the-old-one'))).to.include({ status: 503, retryAfterMs: 7000 });
  });

  it('shows the refresh token nowhere in an error', async () => {
    emulator.fail('token', {
      status: 400,
      body: { error: 'invalid_grant', error_description: 'no: the-old-one' },
    });
    const error = await caught(() => refresh('the-old-one'));
    expect(`${error} ${error.stack} ${JSON.stringify(error)}`).not.to.include('the-old-one');
  });

  for (const [name, token] of Object.entries(badTokens)) {
    it(`refuses ${name} before any request`, async () => {
      const error = await caught(() => refresh(token));
      expect(error)
        .to.be.instanceOf(TypeError)
        .with.property('message')
        .that.matches(/`refreshToken`/);
      expect(emulator.requests).to.have.length(0);
    });
  }

  for (const option of ['clientID', 'clientSecret']) {
    it(`refuses to work without ${option} before any request`, async () => {
      const client = { ...toClient(emulator), [option]: undefined };
      const error = await caught(() => refreshTokens(client, 'the-old-one'));
      expect(error).to.be.instanceOf(TypeError);
      expect(error.message).to.match(new RegExp(`^refreshTokens: .*\`${option}\``));
      expect(emulator.requests).to.have.length(0);
    });
  }
});
