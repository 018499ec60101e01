import assert from 'node:assert/strict';
import { MetafyEmulator, Visitor } from 'passport-metafy/emulator';
import { startApp } from './app';

describe('a person whose name looks like HTML', () => {
  it('is greeted by that name', async () => {
    await using metafy = await new MetafyEmulator({
      applications: [
        {
          clientID: 'my-app',
          clientSecret: 'my-secret',
          name: 'My application',
          redirectURIs: ['http://127.0.0.1/auth/metafy/callback'],
          scopes: ['profile', 'purchases'],
        },
      ],
      users: [
        { id: '1', slug: 'zoe', name: 'Zoë <b>', email: null },
        { id: '2', slug: 'partner', name: 'A Partner', email: 'partner@example.com', partner: true },
      ],
    }).start();
    const app = await startApp({ clientID: 'my-app', clientSecret: 'my-secret', baseURL: metafy.url });
    const visitor = new Visitor();
    const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
    const callback = await metafy.authorize(authorizationURL, { user: 'zoe' });
    assert.equal(await visitor.open(callback), 'Hello, Zoë <b>');
    await app.stop();
  });
});
