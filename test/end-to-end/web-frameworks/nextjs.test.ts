import { expect } from 'chai';
import { MetafyEmulator, Visitor } from '../../../src/emulator';
import { itSignsIn, type Site } from '../support/site-behaviour';
import { demoCommunityId } from '../support/supporters-site';
import { installExample, runScript, startExample } from './support/installed-example';

describe('examples/nextjs', function () {
  // It installs from the registry, and builds.
  this.timeout(300_000);
  let directory: string;
  const start = (emulator: MetafyEmulator) =>
    startExample(directory, ['next', 'start', '--hostname', '127.0.0.1'], emulator, {
      METAFY_COMMUNITY_ID: demoCommunityId,
    });

  before(async () => {
    directory = await installExample('nextjs');
    // Without the environment variables of the application, as in CI.
    await runScript(directory, 'build');
  });

  itSignsIn(start);

  describe('its page for supporters', () => {
    const emulator = new MetafyEmulator();
    let site: Site;
    let visitor: Visitor;
    before(async () => {
      await emulator.start();
      site = await start(emulator);
    });
    after(async () => {
      await site?.[Symbol.asyncDispose]();
      await emulator.stop();
    });
    beforeEach(() => {
      visitor = new Visitor();
    });

    const open = () => visitor.open(`${site.url}/supporters`);
    /** Signs in from the page, and comes back to it: its text. */
    async function signIn(user: string): Promise<string> {
      const [, path] = /href="([^"]*)"[^>]*>Sign in with Metafy/.exec(await open()) ?? [];
      const callback = await emulator.authorize(await visitor.getLocation(site.url + path), { user });
      const location = await visitor.getLocation(callback);
      expect(location).to.equal(`${site.url}/supporters`);
      return visitor.open(location);
    }

    it('leads people to sign in, who come back to it, and opens for supporters', async () => {
      expect(await signIn('grace-student')).to.include('Thank you for your support!');
    });

    it('leads people back to this site only', async () => {
      for (const returnTo of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
        const start = `${site.url}/auth/metafy?returnTo=${encodeURIComponent(returnTo)}`;
        const callback = await emulator.authorize(await visitor.getLocation(start));
        expect(await visitor.getLocation(callback)).to.equal(`${site.url}/`);
      }
    });

    it('no longer opens after signing out, which revokes access', async () => {
      await signIn('grace-student');
      const answer = await visitor.fetch(`${site.url}/auth/sign-out`, { method: 'POST' });
      expect(answer.headers.get('location')).to.equal('/');
      expect(emulator.requests.at(-1)).to.include({ path: '/irk/oauth/revoke', status: 200 });
      expect(await open()).to.include('Sign in with Metafy');
    });

    it('no longer opens after signing out while Metafy is away', async () => {
      await signIn('grace-student');
      emulator.fail('revoke', { status: 503 });
      const answer = await visitor.fetch(`${site.url}/auth/sign-out`, { method: 'POST' });
      const page = await visitor.open(site.url + answer.headers.get('location'));
      expect(page).to.include('access has not been revoked yet');
      expect(await open()).to.include('Sign in with Metafy');
    });

    it('does not open for somebody who supports nobody', async () => {
      expect(await signIn('barbara-newcomer')).to.include('This page is for supporters.');
    });

    it('says that Metafy is away, where it has no answer yet, and keeps one that it has', async () => {
      const fault = { status: 503 };
      // One request, and two retries.
      emulator.fail('purchases', fault, 3);
      expect(await signIn('ada-coach')).to.include('Metafy is not available');
      expect(await open()).to.include('Thank you for your support!');
      emulator.fail('purchases', fault, 3);
      expect(await open()).to.include('Thank you for your support!');
    });
  });
});
