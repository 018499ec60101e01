import { expect } from 'chai';
import { DemoApplication, readTokens } from '../support/application';
import { readObject, useEmulator } from '../support/fixtures';

// What the recorded answers do not show; see doorkeeper-conformance.test.ts for the rest.
describe('the token endpoint of the emulator', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);
  const readError = async (response: Response) => (await readObject(response)).error;
  const getStatus = async (accessToken: string) => (await application.fetchMe(accessToken)).status;

  afterEach(() => emulator.setRefreshMode('on_use'));

  it('issues client-credentials tokens that act for the application’s owner', async () => {
    const { access_token } = await readTokens(await application.requestTokens({ grant_type: 'client_credentials' }));
    const { user } = await readObject(await application.fetchMe(access_token));
    expect(user).to.deep.equal(emulator.users.find(({ slug }) => slug === 'linus-partner'));
  });

  it('refuses a verifier that RFC 7636 does not allow', async () => {
    const code = await application.getCode({ code_challenge: 'short', code_challenge_method: 'plain' });
    expect(await readError(await application.redeem(code, { code_verifier: 'short' }))).to.equal('invalid_grant');
  });

  it('ends the old pair at once in the refresh mode immediate, with two new tokens', async () => {
    emulator.setRefreshMode('immediate');
    const old = await application.signIn();
    const fresh = await application.refreshed(old);
    const tokens = [old, fresh].flatMap(({ access_token, refresh_token }) => [access_token, refresh_token]);
    expect(new Set(tokens).size).to.equal(4);
    expect(await getStatus(old.access_token)).to.equal(401);
    expect((await application.refresh(old.refresh_token)).status).to.equal(400);
  });

  it('lets one of two concurrent refreshes fail with invalid_grant in the refresh mode immediate', async () => {
    emulator.setRefreshMode('immediate');
    const { refresh_token } = await application.signIn();
    const answers = await Promise.all([1, 2].map(() => application.refresh(refresh_token).then(readError)));
    expect(answers).to.have.members([undefined, 'invalid_grant']);
  });

  it('keeps the old pair when it refuses a refresh', async () => {
    emulator.setRefreshMode('immediate');
    const old = await application.signIn('profile');
    await application.refresh(old.refresh_token, { scope: 'profile community' });
    expect(await getStatus(old.access_token)).to.equal(200);
  });

  it('lets each token of a pair expire by itself', async () => {
    const [one, two] = [await application.signIn(), await application.signIn()];
    emulator.expire(one.access_token);
    expect((await application.refresh(one.refresh_token)).status).to.equal(200);
    emulator.expire(two.refresh_token);
    expect(await getStatus(two.access_token)).to.equal(200);
    expect(await readError(await application.refresh(two.refresh_token))).to.equal('invalid_grant');
  });

  it('lets expire issued tokens only, and does not repeat others in its message', () => {
    const expire = () => emulator.expire('a-canary');
    expect(expire).to.throw('never issued').with.property('message').that.does.not.include('a-canary');
  });
});
