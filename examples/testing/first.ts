import assert from 'node:assert/strict';
import { MetafyEmulator, Visitor } from 'passport-metafy/emulator';
import { startApp } from './app';

describe('signing in', () => {
  it('greets the coach by name', async () => {
    const metafy = await new MetafyEmulator().start();
    const client = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret', baseURL: metafy.url };
    const app = await startApp(client); // your application, with these among the strategy's options
    try {
      const visitor = new Visitor();
      const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
      const callback = await metafy.authorize(authorizationURL, { user: 'ada-coach' });
      assert.equal(await visitor.open(callback), 'Hello, Ada Coach');
    } finally {
      await app.stop();
      await metafy.stop();
    }
  });
});
