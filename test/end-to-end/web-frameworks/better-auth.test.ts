import { expect } from 'chai';
import { MetafyEmulator, Visitor } from '../../../src/emulator';
import type { Site } from '../support/site-behaviour';
import { installExample, runScript, startExample } from './support/installed-example';

describe('examples/better-auth', function () {
  // It installs from the registry.
  this.timeout(300_000);
  const client = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret' };
  const redirectURIs = ['http://127.0.0.1/api/auth/callback/metafy'];
  const emulator = new MetafyEmulator({ applications: [{ ...client, name: 'Demo', redirectURIs }] });
  let directory: string;
  let site: Site;
  let visitor: Visitor;
  before(async () => {
    directory = await installExample('better-auth');
    await emulator.start();
    site = await startExample(directory, ['tsx', 'server.ts'], emulator);
  });
  after(async () => {
    await site?.[Symbol.asyncDispose]();
    await emulator.stop();
  });
  beforeEach(() => {
    visitor = new Visitor();
  });

  const start = () => visitor.getLocation(`${site.url}/auth/metafy`);

  for (const [user, name] of Object.entries({ 'ada-coach': 'Ada Coach', 'grace-student': 'Grace Student' })) {
    it(`signs ${name} in, with PKCE`, async () => {
      expect(await visitor.open(await emulator.authorize(await start(), { user }))).to.equal(`Hello, ${name}`);
      const exchange = emulator.requests.find(({ path }) => path === '/irk/oauth/token');
      expect(exchange?.body).to.have.property('code_verifier');
    });
  }

  /** Where a callback leads that signs nobody in. */
  async function expectNobody(callback: string, by = visitor): Promise<string> {
    const location = await by.getLocation(callback);
    expect(await by.open(site.url)).to.include('Sign in with Metafy');
    return location.slice(site.url.length);
  }

  it('signs nobody in who denies, or whose browser did not start the sign-in', async () => {
    const denied = await expectNobody(await emulator.authorize(await start(), { deny: true }));
    expect(denied).to.match(/^\/login\?error=access_denied&/);
    const strange = await expectNobody(await emulator.authorize(await start()), new Visitor());
    expect(strange).to.equal('/login?error=state_mismatch');
  });

  // What docs/frameworks.md says that one loses. Where one of these fails, the document is to be changed.
  it('refuses the sign-in of one tab when another has been started since', async () => {
    const callback = await emulator.authorize(await start());
    await start();
    expect(await expectNobody(callback)).to.equal('/login?error=state_mismatch');
  });

  it('calls an outage of Metafy, and a wrong client secret, an invalid code', async () => {
    for (const fault of [{ status: 503 }, { status: 401, body: { error: 'invalid_client' } }]) {
      const callback = await emulator.authorize(await start());
      emulator.fail('token', fault);
      expect(await expectNobody(callback)).to.equal('/login?error=invalid_code');
    }
  });

  it('has the types that it should', () => runScript(directory, 'types'));
});
