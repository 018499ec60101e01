import { expect } from 'chai';
import { MetafyClientCredentials, MetafyOAuthError, MetafyResponseError } from '../../src';
import { caught } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { answerToken, documentedTokens, useNock } from '../support/nock-metafy';
import { minuteMs, useClock } from './support/clock';
import { lifetimeMs } from './support/machine';
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

  for (const [options, marginMs] of [
    [{}, minuteMs],
    [{ refreshBeforeMs: 10 * minuteMs }, 10 * minuteMs],
  ] as const) {
    it(`keeps the token until ${marginMs / minuteMs} minutes before its expiry`, async () => {
      const owner = create(options);
      const tokens = await owner.getToken();
      clock.advance(lifetimeMs - marginMs - 1);
      expect(await owner.getToken()).to.equal(tokens);
      clock.advance(1);
      expect((await owner.getToken()).accessToken).not.to.equal(tokens.accessToken);
      expect(countRequests()).to.equal(2);
    });
  }

  it('lets a failure reach every waiter, and does not remember it', async () => {
    emulator.fail('token', { status: 503 });
    const owner = create();
    const errors = await Promise.all(Array.from({ length: 50 }, () => caught(() => owner.getToken())));
    expect(errors[0]).to.be.instanceOf(MetafyResponseError).with.property('upstreamStatus', 503);
    expect(new Set(errors).size).to.equal(1);
    expect(countRequests()).to.equal(1);
    expect(await useToken(emulator, await owner.getToken())).to.equal(200);
  });

  for (const [code, options] of [
    ['invalid_client', { clientSecret: 'wrong' }],
    ['invalid_scope', { scope: 'admin' }],
  ] as const) {
    it(`says \`${code}\` as Metafy does`, async () => {
      const error = await caught(() => create(options).getToken());
      expect(error).to.be.instanceOf(MetafyOAuthError).with.property('code', code);
    });
  }

  it('keeps the scope asked for when the answer names none', async () => {
    emulator.fail('token', toAnswer({ scope: undefined }));
    const { scope } = await create({ scope: 'profile community' }).getToken();
    expect(scope).to.deep.equal(['profile', 'community']);
  });

  it('ignores a refresh token in the answer', async () => {
    emulator.fail('token', toAnswer());
    const tokens = await create().getToken();
    expect(tokens).not.to.have.property('refreshToken');
    expect(JSON.stringify(tokens)).not.to.include('xrnk');
  });

  it('replaces a rejected token once for all who name it, at once and one after another', async () => {
    const owner = create();
    const { accessToken: rejectedToken } = await owner.getToken();
    const all = await Promise.all(Array.from({ length: 20 }, () => owner.getToken({ rejectedToken })));
    for (let count = 0; count < 20; count += 1) all.push(await owner.getToken({ rejectedToken }));
    expect(new Set(all).size).to.equal(1);
    expect(all[0]?.accessToken).not.to.equal(rejectedToken);
    expect(countRequests()).to.equal(2);
  });

  it('keeps the token it has when the request for another fails', async () => {
    const owner = create();
    const tokens = await owner.getToken();
    emulator.fail('token', { status: 500 });
    await caught(() => owner.getToken({ rejectedToken: tokens.accessToken }));
    expect(await owner.getToken()).to.equal(tokens);
  });

  it('revokes the token at Metafy and forgets it', async () => {
    const owner = create();
    const tokens = await owner.getToken();
    await owner.revoke();
    expect(await useToken(emulator, tokens)).to.equal(401);
    expect(await useToken(emulator, await owner.getToken())).to.equal(200);
    await owner.revoke();
    emulator.clearRequests();
    await owner.revoke();
    expect(emulator.requests, 'nothing is left to revoke').to.have.length(0);
  });

  it('keeps the token when Metafy could not be asked to revoke it', async () => {
    const owner = create();
    const tokens = await owner.getToken();
    emulator.fail('revoke', { reset: true });
    expect(await caught(() => owner.revoke())).to.be.instanceOf(MetafyResponseError);
    expect(await owner.getToken()).to.equal(tokens);
  });

  it('revokes a token that is only on its way', async () => {
    const owner = create();
    const [tokens] = await Promise.all([owner.getToken(), owner.revoke()]);
    expect(await useToken(emulator, tokens)).to.equal(401);
    expect(listRevocations(emulator)).to.have.length(1);
  });

  for (const [options, option] of [
    [{ clientID: '' }, 'clientID'],
    [{ scope: 42 }, 'scope'],
    [{ refreshBeforeMs: -1 }, 'refreshBeforeMs'],
    [{ cache: {} }, 'cache'],
    [{ cache: new Map(), secret: undefined }, 'secret'],
    [{ cache: new Map(), secret: 'shorter than 32 characters' }, 'secret'],
  ] as const) {
    it(`refuses ${option} that is ${JSON.stringify(Object.values(options).at(-1))}`, () => {
      expect(() => create(options)).to.throw(TypeError, `\`${option}\``);
    });
  }
});

describe('the request of MetafyClientCredentials', () => {
  useNock();

  for (const scope of [undefined, 'profile community', ['profile', 'community']]) {
    it(`is the documented one with the scope ${JSON.stringify(scope)}`, async () => {
      const sent = answerToken(200, { ...documentedTokens, refresh_token: undefined });
      const tokens = await new MetafyClientCredentials({ ...clientOptions, scope }).getToken();
      expect(await sent).to.deep.equal({
        grant_type: 'client_credentials',
        ...(scope && { scope: 'profile community' }),
        client_id: clientOptions.clientID,
        client_secret: clientOptions.clientSecret,
      });
      expect(tokens).to.include({ accessToken: documentedTokens.access_token, tokenType: 'Bearer' });
    });
  }
});
