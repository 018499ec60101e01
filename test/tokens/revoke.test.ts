import { expect } from 'chai';
import { MetafyOAuthError, MetafyResponseError, refreshTokens, revokeToken } from '../../src';
import { caught } from '../support/caught';
import { badTokens } from './support/bad-tokens';
import { listRevocations, signIn, toClient, useEmulator, useToken } from './support/metafy';

describe('revokeToken', () => {
  const emulator = useEmulator();
  const revoke = (token: unknown, options?: object) =>
    revokeToken(toClient(emulator), token as string, options);

  for (const kind of ['accessToken', 'refreshToken'] as const) {
    it(`ends the whole authorization, given its ${kind}`, async () => {
      const tokens = await signIn(emulator);
      const renewed = await refreshTokens(toClient(emulator), tokens.refreshToken as string);
      await revoke(tokens[kind]);
      expect(await useToken(emulator, tokens)).to.equal(401);
      expect(await useToken(emulator, renewed)).to.equal(401);
      const error = await caught(() => refreshTokens(toClient(emulator), renewed.refreshToken as string));
      expect(error).to.have.property('code', 'invalid_grant');
    });
  }

  it('finds the token also when the hint is wrong', async () => {
    const tokens = await signIn(emulator);
    await revoke(tokens.accessToken, { tokenTypeHint: 'refresh_token' });
    expect(await useToken(emulator, tokens)).to.equal(401);
  });

  it('leaves other authorizations as they are', async () => {
    const [first, second, other] = [
      await signIn(emulator, 'ada-coach'),
      await signIn(emulator, 'ada-coach'),
      await signIn(emulator, 'grace-student'),
    ];
    await revoke(first.refreshToken);
    expect(await useToken(emulator, second)).to.equal(200);
    expect(await useToken(emulator, other)).to.equal(200);
  });

  it('resolves for a token that is already revoked', async () => {
    const { refreshToken } = await signIn(emulator);
    await revoke(refreshToken);
    await revoke(refreshToken);
  });

  it('resolves for a token that Metafy has never heard of', async () => {
    await revoke('never-issued');
    expect(listRevocations(emulator)[0]).to.include({ status: 200 });
  });

  it('resolves for an acceptance without a body', async () => {
    emulator.fail('revoke', { status: 200, body: '' });
    await revoke('the-token');
    emulator.fail('revoke', { status: 204 });
    await revoke('the-token');
  });

  it('says that the credentials are wrong (403), in OAuth’s terms', async () => {
    const tokens = await signIn(emulator);
    const client = { ...toClient(emulator), clientSecret: 'wrong' };
    const error = await caught(() => revokeToken(client, tokens.accessToken));
    expect(error).to.be.instanceOf(MetafyOAuthError);
    expect(error).to.include({ code: 'unauthorized_client', upstreamStatus: 403, status: 502 });
    expect(await useToken(emulator, tokens)).to.equal(200);
  });

  it('says that the client is unknown (401), in OAuth’s terms', async () => {
    emulator.fail('revoke', { status: 401, body: { error: 'invalid_client' } });
    const error = await caught(() => revoke('the-token'));
    expect(error).to.be.instanceOf(MetafyOAuthError);
    expect(error).to.include({ code: 'invalid_client', upstreamStatus: 401, status: 502 });
  });

  it('says so when a refusal gives no reason', async () => {
    emulator.fail('revoke', { status: 403, body: '' });
    const error = await caught(() => revoke('the-token'));
    expect(error).to.be.instanceOf(MetafyResponseError);
    expect(error).to.include({ code: 'bad_status', upstreamStatus: 403 });
  });

  const faults: Record<string, object> = {
    network: { reset: true },
    bad_status: { status: 503, body: '<h1>Oops</h1>' },
    bad_body: { status: 200, body: '<h1>Maintenance</h1>' },
  };
  for (const [code, fault] of Object.entries(faults)) {
    it(`never repeats the request after ${code}`, async () => {
      emulator.fail('revoke', fault as { reset: true });
      const error = await caught(() => revoke('the-token'));
      expect(error).to.be.instanceOf(MetafyResponseError).with.property('code', code);
      expect(listRevocations(emulator)).to.have.length(1);
    });
  }

  for (const [name, token] of Object.entries(badTokens)) {
    it(`refuses ${name} before any request`, async () => {
      const error = await caught(() => revoke(token));
      expect(error)
        .to.be.instanceOf(TypeError)
        .with.property('message')
        .that.matches(/`token`/);
      expect(emulator.requests).to.have.length(0);
    });
  }

  for (const tokenTypeHint of ['id_token', '', null, ['access_token']]) {
    it(`refuses the hint ${JSON.stringify(tokenTypeHint)} before any request`, async () => {
      const error = await caught(() => revoke('the-token', { tokenTypeHint }));
      expect(error)
        .to.be.instanceOf(TypeError)
        .with.property('message')
        .that.matches(/`tokenTypeHint`/);
      expect(emulator.requests).to.have.length(0);
    });
  }

  it('refuses to work without a client before any request', async () => {
    const error = await caught(() =>
      revokeToken({ ...toClient(emulator), clientID: undefined }, 'the-token'),
    );
    expect(error)
      .to.be.instanceOf(TypeError)
      .with.property('message')
      .that.matches(/^revokeToken: .*`clientID`/);
    expect(emulator.requests).to.have.length(0);
  });
});
