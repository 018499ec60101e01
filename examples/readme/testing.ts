import assert from 'node:assert/strict';
import { MetafyEmulator } from 'passport-metafy/emulator';
import { startApp } from './start-app';

describe('signing in', () => {
  it('greets the coach by name', async () => {
    await using metafy = await new MetafyEmulator({
      applications: [
        {
          clientID: 'my-app',
          clientSecret: 'my-secret',
          name: 'My application',
          redirectURIs: ['http://127.0.0.1:3000/auth/metafy/callback'],
        },
      ],
    }).start();
    // Your application, with `baseURL: metafy.url` among the strategy's options.
    await using app = await startApp({ baseURL: metafy.url, clientID: 'my-app', clientSecret: 'my-secret' });

    const start = await fetch(`${app.url}/auth/metafy`, { redirect: 'manual' });
    const cookie = start.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const callback = await metafy.authorize(start.headers.get('location') ?? '', { user: 'ada-coach' });
    const page = await fetch(callback, { headers: { cookie } });

    assert.match(await page.text(), /Hello, Ada Coach/);
    assert.equal(metafy.requests.filter((request) => request.path === '/irk/oauth/token').length, 1);
  });
});
