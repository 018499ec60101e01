import { join } from 'node:path';
import { expect } from 'chai';
import { compiler, describeExample } from '../../examples/run';
import { MetafyEmulator, type MetafyEmulatorAuthorizeOptions } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { findTool, runIn } from '../support/packed-project';
import { type ExampleSite, startExample } from './support/example-server';

const root = join(__dirname, '..', '..');

for (const name of ['nestjs', 'nestjs-fastify']) {
  describe(`the errors of examples/${name}`, () => {
    const { emulator, getSite, getBrowser, startLogin } = useExample(name);

    it('lead whoever denied, and whoever did not start the sign-in, to a page with a link', async () => {
      const denied = await getBrowser().get(await startLogin({ deny: true }));
      expect(denied).to.include({ status: 302, location: `${getSite().url}/login?refused=401` });
      const strange = await new CookieBrowser().get(await startLogin());
      expect(strange).to.include({ status: 302, location: `${getSite().url}/login?refused=403` });
      const page = await getBrowser().get(denied.location);
      expect(page.headers['content-type']).to.include('text/html');
      expect(page.body).to.include('You were not signed in').and.include('href="/auth/metafy"');
    });

    it('say when to try again', async () => {
      const callback = await startLogin();
      emulator.fail('token', { status: 503, headers: { 'Retry-After': '60' } });
      const page = await getBrowser().get(callback);
      expect(page.status).to.equal(503);
      expect(page.headers['retry-after']).to.equal('60');
      expect(page.body).to.include('Metafy is not available');
    });

    it('are in the log, with their code', async () => {
      const callback = await startLogin();
      emulator.fail('token', { status: 401, body: { error: 'invalid_client' } });
      expect((await getBrowser().get(callback)).status).to.equal(502);
      await getSite().waitForLog('[Metafy]');
      await getSite().waitForLog('invalid_client');
    });

    it('are those that Metafy sends the browser back with, too', async () => {
      for (const [error, status] of Object.entries({ temporarily_unavailable: 503, invalid_scope: 500 })) {
        const callback = new URL(await startLogin());
        callback.searchParams.delete('code');
        callback.searchParams.set('error', error);
        expect((await getBrowser().get(callback.href)).status).to.equal(status);
        await getSite().waitForLog(error);
      }
    });

    it('leave the others to Nest', async () => {
      const { status, body } = await getBrowser().get(`${getSite().url}/nowhere`);
      expect({ status, body: JSON.parse(body) }).to.have.nested.include({
        status: 404,
        'body.statusCode': 404,
      });
    });
  });
}

describe('examples/nestjs', () => {
  const { emulator, getSite, getBrowser, startLogin } = useExample('nestjs');

  it('returns to the page that the sign-in was started for, and to no other site', async () => {
    for (const [returnTo, expected] of [
      ['/me', '/me'],
      ['//evil.example', '/'],
    ]) {
      const callback = await startLogin(undefined, `?returnTo=${returnTo}`);
      const { location } = await getBrowser().get(callback);
      expect(location).to.equal(`${getSite().url}${expected}`);
      expect(JSON.parse((await getBrowser().get(`${getSite().url}/me`)).body)).to.include({
        name: 'Ada Coach',
      });
    }
  });

  it('shows nobody else who is signed in', async () => {
    expect((await getBrowser().get(`${getSite().url}/me`)).status).to.equal(401);
  });

  it('does not start without a SESSION_SECRET', async () => {
    const failure = await startExample('nestjs', emulator, { SESSION_SECRET: '' }).then(
      () => expect.fail('It has started.'),
      (error: Error) => error,
    );
    expect(failure.message).to.include('SESSION_SECRET is missing.');
  });

  it('passes the test that docs/testing.md shows', async function () {
    this.timeout(60_000);
    const test = join(root, 'examples', 'nestjs', 'test', 'sign-in.e2e-spec.ts');
    const { env } = describeExample('nestjs', '');
    const mocha = [findTool('mocha/bin/mocha.js'), '--no-config', '--timeout', '10000', test];
    const project = `SWC_NODE_PROJECT=${env.SWC_NODE_PROJECT}`;
    const output = await runIn(root, 'env', project, process.execPath, ...compiler, ...mocha);
    expect(output).to.match(/2 passing/);
  });
});

describe('examples/nestjs-tokens', () => {
  const { emulator, getSite, getBrowser, startLogin } = useExample('nestjs-tokens');
  const open = (path: string) => getBrowser().get(getSite().url + path);

  it('uses the tokens of whoever is signed in, and only then', async () => {
    expect((await open('/profile')).status).to.equal(401);
    await getBrowser().get(await startLogin({ user: 'grace-student' }));
    expect((await open('/profile')).body).to.include('grace-student');
  });

  it('sends those whose authorization has ended to the sign-in', async () => {
    await getBrowser().get(await startLogin());
    await getBrowser().post(`${getSite().url}/disconnect`, 'text/plain', '');
    expect(emulator.requests.at(-1)).to.include({ path: '/irk/oauth/revoke', status: 200 });
    expect(await open('/profile')).to.include({ status: 302, location: `${getSite().url}/auth/metafy` });
  });

  it('says so when Metafy is away while tokens are used', async () => {
    await getBrowser().get(await startLogin());
    emulator.fail('revoke', { status: 503, headers: { 'Retry-After': '60' } });
    const page = await getBrowser().post(`${getSite().url}/disconnect`, 'text/plain', '');
    expect(page.status).to.equal(503);
    expect(page.headers['retry-after']).to.equal('60');
  });
});

/** An emulator and the example, for the tests of a suite, each of which has a browser of its own. */
function useExample(name: string) {
  const emulator = new MetafyEmulator();
  let site: ExampleSite;
  let browser: CookieBrowser;

  before(async function () {
    // A process that compiles itself.
    this.timeout(60_000);
    await emulator.start();
    site = await startExample(name, emulator);
  });
  after(async () => {
    await site?.[Symbol.asyncDispose]();
    await emulator.stop();
  });
  beforeEach(() => {
    browser = new CookieBrowser();
  });

  const startLogin = async (decision?: MetafyEmulatorAuthorizeOptions, query = ''): Promise<string> => {
    const { location } = await browser.get(`${site.url}/auth/metafy${query}`);
    return emulator.authorize(location, decision);
  };
  return { emulator, getSite: () => site, getBrowser: () => browser, startLogin };
}
