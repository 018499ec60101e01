import { expect } from 'chai';
import { DemoApplication, readTokens } from '../support/application';
import { useEmulator } from '../support/fixtures';

// Metafy documents more than a bare Doorkeeper does: these are the rows V27, V30 and V31 the other way round.
describe('revoking at the emulator', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);

  it('ends the pair a refresh started from, when a token of the new pair is revoked', async () => {
    const old = await application.signIn();
    const fresh = await application.refreshed(old);
    await application.revoke(fresh.access_token);
    expect((await application.fetchMe(old.access_token)).status).to.equal(401);
    expect((await application.refresh(old.refresh_token)).status).to.equal(400);
  });

  it('ends the pair a refresh has led to, when a token of the old pair is revoked', async () => {
    const old = await application.signIn();
    const fresh = await application.refreshed(old);
    await application.revoke(old.refresh_token);
    expect((await application.fetchMe(fresh.access_token)).status).to.equal(401);
    expect((await application.refresh(fresh.refresh_token)).status).to.equal(400);
  });

  it('ends the refresh token of an expired access token', async () => {
    const { access_token, refresh_token } = await application.signIn();
    emulator.expire(access_token);
    await application.revoke(access_token);
    expect((await application.refresh(refresh_token)).status).to.equal(400);
  });

  it('ends the whole authorization by a token that was rotated away long ago', async () => {
    const old = await application.signIn();
    const fresh = await application.refreshed(old);
    await application.fetchMe(fresh.access_token);
    await application.revoke(old.access_token);
    expect((await application.fetchMe(fresh.access_token)).status).to.equal(401);
  });

  it('ends a client-credentials token, and only the one that was named', async () => {
    const request = async () => readTokens(await application.requestTokens({ grant_type: 'client_credentials' }));
    const [one, other] = [await request(), await request()];
    await application.revoke(one.access_token);
    expect((await application.fetchMe(one.access_token)).status).to.equal(401);
    expect((await application.fetchMe(other.access_token)).status).to.equal(200);
  });
});
