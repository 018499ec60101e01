import { expect } from 'chai';
import { DemoApplication, readTokens } from '../support/application';
import { readObject, useEmulator } from '../support/fixtures';

describe('refreshing at the emulator', () => {
  describe('in the mode on_use', () => {
    const application = new DemoApplication(useEmulator());

    it('issues two new tokens', async () => {
      const old = await application.signIn();
      const fresh = await application.refreshed(old);
      const all = [old.access_token, old.refresh_token, fresh.access_token, fresh.refresh_token];
      expect(new Set(all).size).to.equal(4);
    });

    it('keeps the old pair until the new access token is used', async () => {
      const old = await application.signIn();
      await application.refreshed(old);
      expect((await application.fetchMe(old.access_token)).status).to.equal(200);
    });

    it('ends the old pair when the new access token is used', async () => {
      const old = await application.signIn();
      const fresh = await application.refreshed(old);
      await application.fetchMe(fresh.access_token);
      expect((await application.fetchMe(old.access_token)).status).to.equal(401);
      expect((await application.refresh(old.refresh_token)).status).to.equal(400);
    });

    it('lets two concurrent refreshes succeed with different tokens', async () => {
      const { refresh_token } = await application.signIn();
      const answers = await Promise.all([
        application.refresh(refresh_token),
        application.refresh(refresh_token),
      ]);
      const [one, two] = await Promise.all(answers.map(readTokens));
      expect(one?.access_token).not.to.equal(two?.access_token);
    });
  });

  describe('in the mode immediate', () => {
    const emulator = useEmulator({ refreshMode: 'immediate' });
    const application = new DemoApplication(emulator);

    it('ends the old pair at once', async () => {
      const old = await application.signIn();
      await application.refreshed(old);
      expect((await application.fetchMe(old.access_token)).status).to.equal(401);
      expect((await application.refresh(old.refresh_token)).status).to.equal(400);
    });

    it('lets one of two concurrent refreshes fail with invalid_grant', async () => {
      const { refresh_token } = await application.signIn();
      const answers = await Promise.all([
        application.refresh(refresh_token),
        application.refresh(refresh_token),
      ]);
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 400]);
      const refusal = answers.find(({ status }) => status === 400);
      expect(refusal && (await readObject(refusal)).error).to.equal('invalid_grant');
    });

    it('keeps the old pair when the refresh is refused', async () => {
      const old = await application.signIn('profile');
      await application.refresh(old.refresh_token, { scope: 'profile community' });
      expect((await application.fetchMe(old.access_token)).status).to.equal(200);
    });

    it('can be entered and left while the emulator runs', async () => {
      emulator.setRefreshMode('on_use');
      const old = await application.signIn();
      await application.refreshed(old);
      expect((await application.fetchMe(old.access_token)).status).to.equal(200);
      emulator.setRefreshMode('immediate');
      await application.refreshed(old);
      expect((await application.fetchMe(old.access_token)).status).to.equal(401);
    });
  });
});
