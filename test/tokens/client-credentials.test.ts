import { expect } from 'chai';
import { MetafyClientCredentials, MetafyOAuthError, MetafyResponseError } from '../../src';
import { caught } from '../support/caught';
import { minuteMs, secondMs, useClock } from './support/clock';
import { listGrants, listRevocations, toAnswer, toClient, useEmulator, useToken } from './support/metafy';

describe('MetafyClientCredentials', () => {
  const clock = useClock();
  const emulator = useEmulator();
  const countRequests = () => listGrants(emulator, 'client_credentials').length;
  const create = (options: object = {}) => new MetafyClientCredentials({ ...toClient(emulator), ...options });

  it('gets a token that works for the application’s owner', async () => {
    expect(await useToken(emulator, await create().getToken())).to.equal(200);
  });

  it('makes one request of 1,000 calls at once', async () => {
    const owner = create();
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => owner.getToken()));
    expect(new Set(tokens).size).to.equal(1);
    expect(countRequests()).to.equal(1);
  });

  it('keeps the token until 60 seconds before its expiry', async () => {
    const owner = create();
    await owner.getToken();
    clock.advance(7200 * secondMs - minuteMs - 1);
    await owner.getToken();
    expect(countRequests()).to.equal(1);
  });

  it('replaces the token 60 seconds before its expiry', async () => {
    const owner = create();
    const { accessToken } = await owner.getToken();
    clock.advance(7200 * secondMs - minuteMs);
    expect((await owner.getToken()).accessToken).not.to.equal(accessToken);
    expect(countRequests()).to.equal(2);
  });

  it('replaces the token refreshBeforeMs before its expiry', async () => {
    const owner = create({ refreshBeforeMs: 10 * minuteMs });
    await owner.getToken();
    clock.advance(7200 * secondMs - 10 * minuteMs);
    await owner.getToken();
    expect(countRequests()).to.equal(2);
  });

  for (const [age, created_at] of Object.entries({ 'long ago': 1000000000, 'in the future': 4000000000 })) {
    it(`counts the lifetime from the arrival of an answer that says it was made ${age}`, async () => {
      emulator.fail('token', toAnswer({ created_at, expires_in: 3600 }));
      const { expiresAt } = await create().getToken();
      expect(expiresAt.getTime()).to.equal(Date.now() + 3600 * secondMs);
    });
  }

  it('replaces the token when the clock was set back by more than an hour', async () => {
    const owner = create();
    await owner.getToken();
    clock.setBack(61 * minuteMs);
    await owner.getToken();
    expect(countRequests()).to.equal(2);
  });

  it('lets a failure reach every waiter', async () => {
    emulator.fail('token', { status: 503 });
    const owner = create();
    const errors = await Promise.all(
      Array.from({ length: 50 }, () => caught<MetafyResponseError>(() => owner.getToken())),
    );
    expect(errors[0]).to.be.instanceOf(MetafyResponseError).with.property('upstreamStatus', 503);
    expect(new Set(errors).size).to.equal(1);
    expect(countRequests()).to.equal(1);
  });

  it('does not remember a failure', async () => {
    emulator.fail('token', { status: 503 });
    const owner = create();
    await caught(() => owner.getToken());
    expect(await useToken(emulator, await owner.getToken())).to.equal(200);
  });

  it('never repeats a request on its own', async () => {
    emulator.fail('token', { reset: true });
    expect(await caught(() => create().getToken())).to.have.property('code', 'network');
    expect(countRequests()).to.equal(1);
  });

  it('says which credentials are wrong, in OAuth’s terms', async () => {
    const error = await caught(() => create({ clientSecret: 'wrong' }).getToken());
    expect(error).to.be.instanceOf(MetafyOAuthError).with.property('code', 'invalid_client');
  });

  it('says that a scope is not the application’s, in OAuth’s terms', async () => {
    const error = await caught(() => create({ scope: 'admin' }).getToken());
    expect(error).to.be.instanceOf(MetafyOAuthError).with.property('code', 'invalid_scope');
  });

  it('keeps the scope asked for when the answer names none', async () => {
    emulator.fail('token', toAnswer({ scope: undefined }));
    const { scope } = await create({ scope: 'profile community' }).getToken();
    expect(scope).to.deep.equal(['profile', 'community']);
  });

  it('asks for a new token when forced to', async () => {
    const owner = create();
    const { accessToken } = await owner.getToken();
    const forced = await owner.getToken({ force: true });
    expect(forced.accessToken).not.to.equal(accessToken);
    expect(await owner.getToken()).to.equal(forced);
  });

  it('makes one request of many that force one at once', async () => {
    const owner = create();
    await owner.getToken();
    await Promise.all(Array.from({ length: 100 }, () => owner.getToken({ force: true })));
    expect(countRequests()).to.equal(2);
  });

  it('keeps the token it has when a forced request fails', async () => {
    const owner = create();
    const tokens = await owner.getToken();
    emulator.fail('token', { status: 500 });
    await caught(() => owner.getToken({ force: true }));
    expect(await owner.getToken()).to.equal(tokens);
  });

  it('ignores a refresh token in the answer', async () => {
    emulator.fail('token', toAnswer());
    const tokens = await create().getToken();
    expect(tokens).not.to.have.property('refreshToken');
    expect(JSON.stringify(tokens)).not.to.include('xrnk');
  });

  it('revokes the token at Metafy', async () => {
    const owner = create();
    const tokens = await owner.getToken();
    await owner.revoke();
    expect(await useToken(emulator, tokens)).to.equal(401);
  });

  it('forgets a revoked token', async () => {
    const owner = create();
    await owner.getToken();
    await owner.revoke();
    expect(await useToken(emulator, await owner.getToken())).to.equal(200);
    expect(countRequests()).to.equal(2);
  });

  it('keeps the token when Metafy could not be asked to revoke it', async () => {
    const owner = create();
    const tokens = await owner.getToken();
    emulator.fail('revoke', { reset: true });
    expect(await caught(() => owner.revoke())).to.be.instanceOf(MetafyResponseError);
    expect(await owner.getToken()).to.equal(tokens);
    await owner.revoke();
    expect(await useToken(emulator, tokens)).to.equal(401);
  });

  it('asks nothing of Metafy when there is nothing to revoke', async () => {
    await create().revoke();
    expect(listRevocations(emulator)).to.have.length(0);
  });

  for (const [options, option] of [
    [{ clientID: '' }, 'clientID'],
    [{ clientSecret: undefined }, 'clientSecret'],
    [{ refreshBeforeMs: -1 }, 'refreshBeforeMs'],
    [{ refreshBeforeMs: '60' }, 'refreshBeforeMs'],
    [{ cache: {} }, 'cache'],
    [{ cache: new Map(), secret: '' }, 'secret'],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}, naming ${option}`, () => {
      expect(() => create(options)).to.throw(TypeError, new RegExp(`^MetafyClientCredentials: .*\`${option}\``));
    });
  }
});
