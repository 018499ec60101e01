import assert from 'node:assert/strict';
import { MetafyEmulator } from 'passport-metafy/emulator';

describe('who supports a community', () => {
  it('changes while a test runs', async () => {
    await using metafy = await new MetafyEmulator({
      users: [
        { id: '1', slug: 'owner', name: 'The Owner', partner: true },
        { id: '2', slug: 'zoe', name: 'Zoë' },
        { id: '3', slug: 'stranger', name: 'A Stranger' },
      ],
      communities: [
        {
          id: 'chess',
          title: 'Chess',
          ownerID: '1',
          tiers: [
            { id: 'silver', name: 'Silver' },
            { id: 'gold', name: 'Gold' },
          ],
          subscriptions: [{ userID: '2', tierID: 'silver' }],
        },
      ],
      pageSize: 2,
    }).start();
    const purchases = '/v1/me/purchases/communities/chess';
    assert.match(await ask(metafy, 'zoe', purchases), /^200 .*"tier_id":"silver"/);
    assert.match(await ask(metafy, 'stranger', purchases), /^404/);

    metafy.subscribe('zoe', 'chess', 'gold');
    assert.match(await ask(metafy, 'zoe', purchases), /^200 .*"has_access":true,"tier_id":"gold"/);
    metafy.cancel('zoe', 'chess');
    assert.match(await ask(metafy, 'zoe', purchases), /^200 .*"has_access":false/);

    // An outage, which is not a no.
    metafy.fail('purchases', { status: 503 }, 3);
    assert.match(await ask(metafy, 'zoe', purchases), /^503/);

    metafy.answer('GET', '/v1/me/guides', { body: { guides: [], meta: {} } });
    assert.equal(await ask(metafy, 'zoe', '/v1/me/guides'), '200 {"guides":[],"meta":{}}');
  });
});

/** Stands for your application: signs a person in, and makes one call with the token. */
async function ask(metafy: MetafyEmulator, user: string, path: string): Promise<string> {
  const client = { client_id: 'metafy-demo', redirect_uri: 'http://127.0.0.1:3000/auth/metafy/callback' };
  const query = new URLSearchParams({ ...client, response_type: 'code', scope: 'purchases' });
  const callback = await metafy.authorize(`${metafy.url}/auth/authorize?${query}`, { user });
  const code = new URL(callback).searchParams.get('code') ?? '';
  const grant = { grant_type: 'authorization_code', client_secret: 'metafy-demo-secret', code };
  const body = new URLSearchParams({ ...client, ...grant });
  const tokens = await (await fetch(`${metafy.url}/irk/oauth/token`, { method: 'POST', body })).json();
  const headers = { Authorization: `Bearer ${(tokens as { access_token: string }).access_token}` };
  const answer = await fetch(`${metafy.url}/irk/api${path}`, { headers });
  return `${answer.status} ${await answer.text()}`;
}
