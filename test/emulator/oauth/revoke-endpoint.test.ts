import { expect } from 'chai';
import { DemoApplication, readTokens, type TokenResponse } from '../support/application';
import { useEmulator } from '../support/fixtures';

// Metafy documents more than a bare Doorkeeper does: these are the rows V27, V30 and V31 the other way round.
describe('revoking at the emulator', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);

  async function expectOver({ access_token, refresh_token }: TokenResponse): Promise<void> {
    expect((await application.fetchMe(access_token)).status).to.equal(401);
    expect((await application.refresh(refresh_token)).status).to.equal(400);
  }

  for (const revoked of ['old', 'fresh', 'long rotated away'] as const) {
    it(`ends the whole authorization by a token of a pair that is ${revoked}`, async () => {
      const old = await application.signIn();
      const fresh = await application.refreshed(old);
      if (revoked === 'long rotated away') await application.fetchMe(fresh.access_token);
      await application.revoke(revoked === 'fresh' ? fresh.access_token : old.refresh_token);
      for (const tokens of [old, fresh]) await expectOver(tokens);
    });
  }

  it('ends the refresh token of an expired access token', async () => {
    const tokens = await application.signIn();
    emulator.expire(tokens.access_token);
    await application.revoke(tokens.access_token);
    await expectOver(tokens);
  });

  it('ends a client-credentials token, and only the one that was named', async () => {
    const request = async () => readTokens(await application.requestTokens({ grant_type: 'client_credentials' }));
    const [one, other] = [await request(), await request()];
    await application.revoke(one.access_token);
    expect((await application.fetchMe(one.access_token)).status).to.equal(401);
    expect((await application.fetchMe(other.access_token)).status).to.equal(200);
  });
});
