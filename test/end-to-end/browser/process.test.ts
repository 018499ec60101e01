import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import { caught } from '../../support/caught';
import { findFreePort } from '../../support/free-port';
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
    const response = await fetch(demo.url);
    const page = await response.text();
    await demo.stop();
    expect(demo.lines).to.have.length(2);
    expect(demo.lines[0]).to.match(/^Open http:\/\/127\.0\.0\.1:\d+$/);
    expect(demo.lines[1]).to.equal('Metafy is emulated; choose any person. Stop with Ctrl+C.');
    expect(response.status).to.equal(200);
    expect(page).to.include('Sign in with Metafy');
    expect(demo.log).to.equal('');
  });

  it('prints the host of the callback, so that the cookie of a sign-in comes back', async () => {
    const port = await findFreePort();
    const demo = await Demo.start({
      ...registration,
      PORT: '',
      METAFY_CALLBACK_URL: `http://localhost:${port}/auth/metafy/callback`,
    });
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

  it('takes another port when somebody has its own', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const demo = await Demo.start({ PORT: String(port) });
    const { status } = await fetch(demo.url);
    await demo.stop();
    other.close();
    expect(new URL(demo.url).port).not.to.equal(String(port));
    expect(status).to.equal(200);
  });

  for (const name of Object.keys(registration)) {
    it(`does not start, and says so, without ${name} when the other variables are set`, async () => {
      const error = await caught(() => Demo.start({ ...registration, [name]: '' }));
      expect(error.message).to.equal(
        `The demo has ended with 1: Set ${name} too, ` +
          'or none of METAFY_CLIENT_ID, METAFY_CLIENT_SECRET, METAFY_CALLBACK_URL.\n',
      );
    });
  }

  for (const callbackURL of ['/cb', 'http://a b/auth/metafy/callback']) {
    it(`does not start with the callback URL ${callbackURL}, and says what it must be`, async () => {
      const error = await caught(() => Demo.start({ ...registration, METAFY_CALLBACK_URL: callbackURL }));
      expect(error.message).to.include(
        'METAFY_CALLBACK_URL must be a URL that ends with /auth/metafy/callback',
      );
    });
  }

  it('does not start on another port than the one that Metafy knows', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const error = await caught(() => Demo.start({ ...registration, PORT: String(port) }));
    other.close();
    expect(error.message).to.include('EADDRINUSE');
  });
});
