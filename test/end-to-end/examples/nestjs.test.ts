import { join } from 'node:path';
import { expect } from 'chai';
import { compiler, describeExample } from '../../../examples/run';
import { caught } from '../../support/caught';
import { CookieBrowser } from '../../support/cookie-browser';
import { findTool, runIn } from '../../support/packed-project';
import { useExample } from '../support/example';
import { startExample } from '../support/example-server';

const root = join(__dirname, '..', '..', '..');

for (const name of ['nestjs', 'nestjs-fastify']) {
  describe(`the errors of examples/${name}`, () => {
    const example = useExample(name);

    it('lead whoever denied, and whoever did not start the sign-in, to a page with a link', async () => {
      const denied = await example.open(await example.startLogin({ deny: true }));
      expect(denied).to.include({ status: 302, location: `${example.site.url}/login?refused=401` });
      const strange = await new CookieBrowser().get(await example.startLogin());
      expect(strange).to.include({ status: 302, location: `${example.site.url}/login?refused=403` });
      const page = await example.open(denied.location);
      expect(page.headers['content-type']).to.include('text/html');
      expect(page.body).to.include('href="/auth/metafy"');
    });

    it('say when to try again', async () => {
      const callback = await example.startLogin();
      example.emulator.fail('token', { status: 503, headers: { 'Retry-After': '60' } });
      const { status, headers } = await example.open(callback);
      expect([status, headers['retry-after']]).to.deep.equal([503, '60']);
    });

    it('are in the log, with their code', async () => {
      const callback = await example.startLogin();
      example.emulator.fail('token', { status: 401, body: { error: 'invalid_client' } });
      expect((await example.open(callback)).status).to.equal(502);
      await example.site.waitForLog('[Metafy]');
      await example.site.waitForLog('invalid_client');
    });

    it('are those that Metafy sends the browser back with, too', async () => {
      for (const [error, status] of Object.entries({ temporarily_unavailable: 503, invalid_scope: 500 })) {
        const callback = new URL(await example.startLogin());
        callback.searchParams.delete('code');
        callback.searchParams.set('error', error);
        expect((await example.open(callback.href)).status).to.equal(status);
        await example.site.waitForLog(error);
      }
    });

    it('leave the others to Nest', async () => {
      const { status, body } = await example.open('/nowhere');
      expect([status, JSON.parse(body).statusCode]).to.deep.equal([404, 404]);
    });
  });
}

describe('examples/nestjs', () => {
  const example = useExample('nestjs');

  it('returns to the page that the sign-in was started for, and to no other site', async () => {
    expect((await example.open('/me')).status).to.equal(401);
    for (const [returnTo, expected] of [
      ['/me', '/me'],
      ['//evil.example', '/'],
    ]) {
      const { location } = await example.open(await example.startLogin({}, `?returnTo=${returnTo}`));
      expect(location).to.equal(`${example.site.url}${expected}`);
      expect(JSON.parse((await example.open('/me')).body)).to.include({ name: 'Ada Coach' });
    }
  });

  it('does not start without a SESSION_SECRET', async () => {
    const error = await caught(() => startExample('nestjs', example.emulator, { SESSION_SECRET: '' }));
    expect(error.message).to.include('SESSION_SECRET');
  });

  it('passes the test that docs/testing.md shows', async () => {
    const test = join(root, 'examples', 'nestjs', 'test', 'sign-in.e2e-spec.ts');
    const mocha = [findTool('mocha/bin/mocha.js'), '--no-config', '--timeout', '10000', test];
    const project = `SWC_NODE_PROJECT=${describeExample('nestjs', '').env.SWC_NODE_PROJECT}`;
    const output = await runIn(root, 'env', project, process.execPath, ...compiler, ...mocha);
    expect(output).to.match(/2 passing/);
  }).timeout(60_000);
});

describe('examples/nestjs-tokens', () => {
  const example = useExample('nestjs-tokens');

  it('uses the tokens of whoever is signed in, and only then', async () => {
    expect((await example.open('/profile')).status).to.equal(401);
    await example.open(await example.startLogin({ user: 'grace-student' }));
    expect((await example.open('/profile')).body).to.include('grace-student');
  });

  it('sends those whose authorization has ended to the sign-in', async () => {
    await example.open(await example.startLogin());
    await example.post('/disconnect');
    expect(example.emulator.requests.at(-1)).to.include({ path: '/irk/oauth/revoke', status: 200 });
    const page = await example.open('/profile');
    expect(page).to.include({ status: 302, location: `${example.site.url}/auth/metafy` });
  });

  it('says so when Metafy is away while tokens are used', async () => {
    await example.open(await example.startLogin());
    example.emulator.fail('revoke', { status: 503, headers: { 'Retry-After': '60' } });
    const { status, headers } = await example.post('/disconnect');
    expect([status, headers['retry-after']]).to.deep.equal([503, '60']);
  });
});
