import { expect } from 'chai';
import { DemoApplication, readTokens } from '../support/application';
import { readObject, useEmulator } from '../support/fixtures';

// What the recorded answers do not show; see doorkeeper-conformance.test.ts for the rest.
describe('the token endpoint of the emulator', () => {
  const emulator = useEmulator({ accessTokenLifetimeSeconds: 60 });
  const application = new DemoApplication(emulator);

  afterEach(() => emulator.setRefreshMode('on_use'));

  it('announces the configured lifetime', async () => {
    const response = await application.redeem(await application.getCode());
    expect((await readObject(response)).expires_in).to.equal(60);
  });

  it('issues client-credentials tokens that act for the application’s owner', async () => {
    const { access_token } = await readTokens(await application.requestTokens({ grant_type: 'client_credentials' }));
    const { user } = await readObject(await application.fetchMe(access_token));
    expect(user).to.deep.equal(emulator.users.find(({ slug }) => slug === 'linus-partner'));
  });

  it('refuses a verifier that RFC 7636 does not allow', async () => {
    const code = await application.getCode({ code_challenge: 'short', code_challenge_method: 'plain' });
    const response = await application.redeem(code, { code_verifier: 'short' });
    expect((await readObject(response)).error).to.equal('invalid_grant');
  });

  it('issues two new tokens at a refresh', async () => {
    const old = await application.signIn();
    const fresh = await application.refreshed(old);
    const all = [old.access_token, old.refresh_token, fresh.access_token, fresh.refresh_token];
    expect(new Set(all).size).to.equal(4);
  });

  it('ends the old pair at once in the refresh mode immediate', async () => {
    emulator.setRefreshMode('immediate');
    const old = await application.signIn();
    await application.refreshed(old);
    expect((await application.fetchMe(old.access_token)).status).to.equal(401);
    expect((await application.refresh(old.refresh_token)).status).to.equal(400);
  });

  it('lets one of two concurrent refreshes fail with invalid_grant in the refresh mode immediate', async () => {
    emulator.setRefreshMode('immediate');
    const { refresh_token } = await application.signIn();
    const answers = await Promise.all([1, 2].map(() => application.refresh(refresh_token)));
    const errors = await Promise.all(answers.map(async (answer) => (await readObject(answer)).error));
    expect(errors).to.have.members([undefined, 'invalid_grant']);
  });

  it('keeps the old pair when it refuses a refresh', async () => {
    emulator.setRefreshMode('immediate');
    const old = await application.signIn('profile');
    await application.refresh(old.refresh_token, { scope: 'profile community' });
    expect((await application.fetchMe(old.access_token)).status).to.equal(200);
  });

  describe('after expire()', () => {
    it('still refreshes an expired access token, and serves an access token whose refresh token expired', async () => {
      const one = await application.signIn();
      emulator.expire(one.access_token);
      expect((await application.refresh(one.refresh_token)).status).to.equal(200);
      const two = await application.signIn();
      emulator.expire(two.refresh_token);
      expect((await application.fetchMe(two.access_token)).status).to.equal(200);
    });

    it('refuses an expired refresh token', async () => {
      const { refresh_token } = await application.signIn();
      emulator.expire(refresh_token);
      expect((await readObject(await application.refresh(refresh_token))).error).to.equal('invalid_grant');
    });

    it('takes issued tokens only, and does not repeat others in its message', () => {
      expect(() => emulator.expire('a-canary'))
        .to.throw('never issued')
        .with.property('message')
        .that.does.not.include('a-canary');
    });
  });
});
