import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { expect } from 'chai';
import { caught } from '../../support/caught';
import { findFreePort } from '../../support/free-port';
import { WebServer } from '../../support/web-server';
import { Demo } from './support/demo';

const registration = {
  METAFY_CLIENT_ID: 'my-app',
  METAFY_CLIENT_SECRET: 'my-secret',
  METAFY_CALLBACK_URL: '/auth/metafy/callback',
};

describe('the process of the demo', function () {
  this.timeout(30_000);

  it('prints the URL to open, which answers, and that Metafy is emulated', async () => {
    const demo = await Demo.start();
    const page = await (await fetch(demo.url)).text();
    await demo.stop();
    expect(demo.lines.join('\n')).to.match(/^Open http:\/\/127\.0\.0\.1:\d+\nMetafy is emulated/);
    expect(page).to.include('Sign in with Metafy');
    expect(demo.log).to.equal('');
  });

  it('prints the host of the callback, so that the cookie of a sign-in comes back', async () => {
    const port = await findFreePort();
    const METAFY_CALLBACK_URL = `http://localhost:${port}/auth/metafy/callback`;
    const demo = await Demo.start({ ...registration, PORT: '', METAFY_CALLBACK_URL });
    const { status } = await fetch(`http://127.0.0.1:${port}`);
    await demo.stop();
    expect(demo.lines).to.deep.equal([`Open http://localhost:${port}`]);
    expect(status).to.equal(200);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends cleanly on ${signal}, also with a connection that is kept alive`, async () => {
      const demo = await Demo.start();
      const agent = new Agent({ keepAlive: true });
      const [response] = await once(get(demo.url, { agent }), 'response');
      response.resume();
      await once(response, 'end');
      expect(await demo.stop(signal)).to.equal(0);
      agent.destroy();
    });
  }

  it('takes another port when somebody has its own, but not another than the one that Metafy knows', async () => {
    await using other = await WebServer.start();
    const PORT = String(other.port);
    const demo = await Demo.start({ PORT });
    const { status } = await fetch(demo.url);
    await demo.stop();
    const error = await caught(() => Demo.start({ ...registration, PORT }));
    expect(status).to.equal(200);
    expect(error.message).to.include('EADDRINUSE');
  });

  for (const [name, value] of [
    ...Object.keys(registration).map((variable) => [variable, ''] as const),
    ['METAFY_CALLBACK_URL', '/cb'],
    ['METAFY_CALLBACK_URL', 'http://a b/auth/metafy/callback'],
  ] as const) {
    it(`does not start with ${name}=${value}, and says so, when the other variables are set`, async () => {
      const error = await caught(() => Demo.start({ ...registration, [name]: value }));
      expect(error.message).to.include(name);
    });
  }
});
