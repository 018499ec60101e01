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

    /** Opens the page, signs in, and comes back: the URL and the text of the page at the end. */
    async function signIn(user: string): Promise<{ path: string; text: string }> {
      const authorizationURL = await visitor.getLocation(await visitor.getLocation(`${site.url}/supporters`));
      const callback = await emulator.authorize(authorizationURL, { user });
      const path = await visitor.getLocation(callback);
      return { path, text: await visitor.open(path) };
    }

    it('sends people to sign in, brings them back, and opens for supporters', async () => {
      const { path, text } = await signIn('grace-student');
      expect(path).to.equal(`${site.url}/supporters`);
      expect(text).to.include('Thank you for your support!');
    });

    it('does not open for somebody who supports nobody', async () => {
      expect((await signIn('barbara-newcomer')).text).to.include('This page is for supporters.');
    });

    it('says that Metafy is away, where it has no answer yet, and keeps one that it has', async () => {
      const fault = { status: 503 };
      // One request, and two retries.
      emulator.fail('purchases', fault, 3);
      expect((await signIn('ada-coach')).text).to.include('Metafy is not available');
      expect(await visitor.open(`${site.url}/supporters`)).to.include('Thank you for your support!');
      emulator.fail('purchases', fault, 3);
      expect(await visitor.open(`${site.url}/supporters`)).to.include('Thank you for your support!');
    });
  });
});
