import { expect } from 'chai';
import { createChallenge, DemoApplication, readTokens } from '../support/application';
import { readObject, useEmulator } from '../support/fixtures';

describe('tokens of the emulator', () => {
  const emulator = useEmulator({ accessTokenLifetimeSeconds: 60 });
  const application = new DemoApplication(emulator);

  it('announce the configured lifetime', async () => {
    const response = await application.redeem(await application.getCode());
    expect((await readObject(response)).expires_in).to.equal(60);
  });

  it('act for the application’s owner when it asks with its own credentials', async () => {
    const { access_token } = await readTokens(
      await application.requestTokens({ grant_type: 'client_credentials' }),
    );
    const { user } = await readObject(await application.fetchMe(access_token));
    expect(user).to.deep.equal(emulator.users.find(({ slug }) => slug === 'linus-partner'));
  });

  it('lets one of two concurrent redemptions of a code fail', async () => {
    const code = await application.getCode();
    const answers = await Promise.all([application.redeem(code), application.redeem(code)]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 400]);
  });

  it('are not to be had with a verifier that RFC 7636 does not allow', async () => {
    const code = await application.getCode({ code_challenge: 'short', code_challenge_method: 'plain' });
    const response = await application.redeem(code, { code_verifier: 'short' });
    expect((await readObject(response)).error).to.equal('invalid_grant');
  });

  it('are to be had only for the very redirect URI the code was sent to', async () => {
    const code = await application.getCode();
    const { challenge } = createChallenge();
    const response = await application.redeem(code, { redirect_uri: `http://127.0.0.1/${challenge}` });
    expect((await readObject(response)).error).to.equal('invalid_grant');
  });

  describe('that are made to expire', () => {
    it('are refused as expired, if access tokens', async () => {
      const { access_token } = await application.signIn();
      emulator.expire(access_token);
      const response = await application.fetchMe(access_token);
      expect(response.headers.get('www-authenticate')).to.include('The access token expired');
    });

    it('leave the refresh token alone, if access tokens', async () => {
      const { access_token, refresh_token } = await application.signIn();
      emulator.expire(access_token);
      expect((await application.refresh(refresh_token)).status).to.equal(200);
    });

    it('are refused as an invalid grant, if refresh tokens', async () => {
      const { refresh_token } = await application.signIn();
      emulator.expire(refresh_token);
      expect((await readObject(await application.refresh(refresh_token))).error).to.equal('invalid_grant');
    });

    it('leave the access token alone, if refresh tokens', async () => {
      const { access_token, refresh_token } = await application.signIn();
      emulator.expire(refresh_token);
      expect((await application.fetchMe(access_token)).status).to.equal(200);
    });

    it('are refused as an invalid grant, if codes', async () => {
      const code = await application.getCode();
      emulator.expire(code);
      expect((await readObject(await application.redeem(code))).error).to.equal('invalid_grant');
    });

    it('must be known, and the complaint does not repeat them', () => {
      expect(() => emulator.expire('a-canary'))
        .to.throw(Error, 'never issued')
        .with.property('message')
        .that.does.not.include('a-canary');
    });
  });
});
