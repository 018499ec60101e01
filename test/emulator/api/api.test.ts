import { expect } from 'chai';
import { MetafyEmulator, type MetafyEmulatorOptions } from '../../../src/emulator';
import { DemoApplication } from '../support/application';
import { readObject, useEmulator } from '../support/fixtures';

const SUPPORTER = '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31';
const STUDENT = '2c8f5da3-7b6e-4941-8a2f-d3e9c1b86f42';
const INNER_CIRCLE = '3d906eb4-8c7f-4a52-9b30-e4fad2c97053';
const COMMUNITY = '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17';
const PURCHASES = `/v1/me/purchases/communities/${COMMUNITY}`;
const OWN = '/v1/me/community';
const MEMBERSHIPS = '/v1/me/community/memberships';
const SUBSCRIBERS = '/v1/me/community/subscribers';

/** What a call answers to a person who has allowed everything. */
async function call(emulator: MetafyEmulator, path: string, user: string): Promise<[number, unknown]> {
  const application = new DemoApplication(emulator);
  const { access_token } = await application.signIn('profile community purchases', user);
  const response = await application.callAPI(path, access_token);
  const text = await response.text();
  return [response.status, text === '' ? text : JSON.parse(text)];
}

describe('the purchases call of the emulator', () => {
  const supports = (tier_id: string | null) => [200, { community: { has_access: true, tier_id } }];
  const lapsed = [200, { community: { has_access: false, tier_id: null } }];
  const notFound = [404, ''];
  let emulator: MetafyEmulator;
  const ask = (user: string) => call(emulator, PURCHASES, user);

  beforeEach(async () => {
    emulator = await new MetafyEmulator().start();
  });
  afterEach(() => emulator.stop());

  it('tells the demo people apart: supporters, one who has lapsed, and those who never were one', async () => {
    for (const [user, answer] of Object.entries({
      'ada-coach': supports(INNER_CIRCLE),
      'grace-student': supports(SUPPORTER),
      'alan-lapsed': lapsed,
      'edsger-follower': notFound,
      'barbara-newcomer': notFound,
      'linus-partner': notFound,
    }))
      expect(await ask(user), user).to.deep.equal(answer);
  });

  it('knows who subscribes, changes the tier, cancels and comes back, also without a tier', async () => {
    for (const tier of [STUDENT, SUPPORTER]) {
      emulator.subscribe('barbara-newcomer', COMMUNITY, tier);
      expect(await ask('barbara-newcomer')).to.deep.equal(supports(tier));
    }
    emulator.cancel('barbara-newcomer', COMMUNITY);
    expect(await ask('barbara-newcomer')).to.deep.equal(lapsed);
    emulator.subscribe('barbara-newcomer', COMMUNITY, null);
    expect(await ask('barbara-newcomer')).to.deep.equal(supports(null));
  });

  it('cannot be changed for users, communities and tiers that do not exist', () => {
    expect(() => emulator.subscribe('nobody', COMMUNITY, null)).to.throw('nobody');
    expect(() => emulator.subscribe('ada-coach', 'other', null)).to.throw('other');
    expect(() => emulator.subscribe('ada-coach', COMMUNITY, 'Inner Circle')).to.throw('Inner Circle');
    expect(() => emulator.cancel('barbara-newcomer', COMMUNITY)).to.throw('barbara-newcomer');
  });

  for (const [noAccessForm, answer] of [
    ['not_found', notFound],
    ['has_access_false', lapsed],
  ] as const) {
    it(`says no in one form only with noAccessForm ${noAccessForm}`, async () => {
      await using other = await new MetafyEmulator({ noAccessForm }).start();
      for (const user of ['alan-lapsed', 'barbara-newcomer'])
        expect(await call(other, PURCHASES, user)).to.deep.equal(answer);
      expect(await call(other, PURCHASES, 'ada-coach')).to.deep.equal(supports(INNER_CIRCLE));
    });
  }
});

describe('the community calls of the emulator', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);
  const meta = { pagination: { total_pages: 1 } };
  const tiers = [
    { id: SUPPORTER, name: 'Supporter' },
    { id: STUDENT, name: 'Student' },
    { id: INNER_CIRCLE, name: 'Inner Circle' },
  ];

  it('show the owner the community and the ids of its tiers, by a sign-in, client credentials or an API key', async () => {
    const response = await application.requestTokens({ grant_type: 'client_credentials', scope: 'community' });
    const { access_token } = await readObject(response);
    const owner = await application.signIn('community', 'linus-partner');
    for (const token of [owner.access_token, String(access_token), emulator.apiKeys[0]?.key ?? '']) {
      const { community } = await readObject(await application.callAPI(OWN, token));
      expect(community).to.deep.include({ id: COMMUNITY, title: 'Chess with Linus', tiers });
      expect(community).to.have.all.keys('id title description logo_url cover_url url tiers'.split(' '));
    }
  });

  it('answer 404 to who owns no community, and 403 to who asks for its subscribers', async () => {
    expect(await call(emulator, OWN, 'ada-coach')).to.deep.equal([404, '']);
    expect(await call(emulator, SUBSCRIBERS, 'ada-coach')).to.deep.equal([403, '']);
  });

  it('list a follower’s communities with every tier they offer, and a supporter’s who does not follow not', async () => {
    const [status, body] = await call(emulator, MEMBERSHIPS, 'edsger-follower');
    expect([status, Object(body).meta, Object(body).communities.length]).to.deep.equal([200, meta, 1]);
    expect(Object(body).communities[0].tiers).to.deep.equal(tiers);
    expect(await call(emulator, MEMBERSHIPS, 'grace-student')).to.deep.equal([200, { communities: [], meta }]);
  });

  it('know who begins to follow, and who stops', async () => {
    emulator.follow('barbara-newcomer', COMMUNITY);
    const [, following] = await call(emulator, MEMBERSHIPS, 'barbara-newcomer');
    expect(Object(following).communities).to.have.length(1);
    emulator.unfollow('barbara-newcomer', COMMUNITY);
    const [, left] = await call(emulator, MEMBERSHIPS, 'barbara-newcomer');
    expect(Object(left).communities).to.have.length(0);
  });

  it('list active subscribers only, with an email if there is one, and without the owner', async () => {
    const id = (name: string) => emulator.users.find(({ slug }) => slug === name)?.id;
    emulator.subscribe('linus-partner', COMMUNITY, INNER_CIRCLE);
    const subscribers = [
      { user_id: id('ada-coach'), tier_id: INNER_CIRCLE, email: 'ada@example.com' },
      { user_id: id('grace-student'), tier_id: SUPPORTER },
    ];
    expect(await call(emulator, SUBSCRIBERS, 'linus-partner')).to.deep.equal([200, { subscribers, meta }]);
  });
});

describe('pages of the emulator’s lists', () => {
  const users = Array.from({ length: 251 }, (_, at) => ({ id: `${at}`, slug: `user-${at}`, name: `User ${at}` }));
  const subscriptions = users.map(({ id }) => ({ userID: id, tierID: null }));
  const people: MetafyEmulatorOptions = {
    users,
    communities: [{ id: 'c', title: 'C', ownerID: '0', tiers: [], subscriptions }],
  };
  const emulator = useEmulator(people);
  const small = useEmulator({ ...people, pageSize: 2 });

  async function list(query: string, from = emulator): Promise<{ ids: string[]; pages: number }> {
    const [, body] = await call(from, `${SUBSCRIBERS}?${query}`, 'user-0');
    const { subscribers, meta } = Object(body);
    return { ids: subscribers.map(({ user_id }: { user_id: string }) => user_id), pages: meta.pagination.total_pages };
  }

  it('have a hundred entries, or fewer where that is asked for', async () => {
    for (const [query, count, total] of [
      ['', 100, 3],
      ['page=1', 100, 3],
      ['page=3&per_page=100', 50, 3],
      ['page=4', 0, 3],
      ['page=2&per_page=7', 7, 36],
      ['per_page=1000', 100, 3],
      ['page=0&per_page=-1', 100, 3],
      ['page=x&per_page=', 100, 3],
    ] as const) {
      const { ids, pages } = await list(query);
      expect([ids.length, pages], query).to.deep.equal([count, total]);
    }
  });

  it('hold no more than `pageSize`, whatever is asked for', async () => {
    for (const [query, ids] of [
      ['per_page=100', ['1', '2']],
      ['per_page=1&page=2', ['2']],
    ] as const)
      expect((await list(query, small)).ids).to.deep.equal(ids);
  });
});

describe('access to the emulator’s API', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);
  const endpoints = Object.entries({
    me: ['/v1/me', 'profile'],
    purchases: [PURCHASES, 'purchases'],
    community: [OWN, 'community'],
    memberships: [MEMBERSHIPS, 'community'],
    subscribers: [SUBSCRIBERS, 'community'],
  } as const);

  for (const [endpoint, [path, scope]] of endpoints) {
    it(`needs a valid token and the scope ${scope} for ${path}, and says so in the header`, async () => {
      const { access_token } = await application.signIn('products', 'linus-partner');
      for (const [token, status, reason] of [
        ['unknown', 401, 'The access token is invalid'],
        [access_token, 403, `Bearer .*error="insufficient_scope".*${scope}`],
      ] as const) {
        const response = await application.callAPI(path, token);
        expect([response.status, await response.text()]).to.deep.equal([status, '']);
        expect(response.headers.get('www-authenticate')).to.match(new RegExp(reason));
      }
    });

    it(`can be made to fail at ${endpoint}, and there only`, async () => {
      emulator.fail(endpoint as 'me', { status: 503 });
      const { access_token } = await application.signIn('profile purchases community', 'linus-partner');
      const failed = [];
      for (const [other, [otherPath]] of endpoints)
        if ((await application.callAPI(otherPath, access_token)).status === 503) failed.push(other);
      expect(failed).to.deep.equal([endpoint]);
    });
  }

  it('is refused to an API key that does not exist, or lacks the scope', async () => {
    const key = `api-${'k'.repeat(43)}`;
    const apiKeys = [{ key, ownerID: '1', scopes: ['profile'] }];
    await using limited = await new MetafyEmulator({ users: [{ id: '1', slug: 'a', name: 'A' }], apiKeys }).start();
    const client = new DemoApplication(limited);
    expect((await client.callAPI('/v1/me', key)).status).to.equal(200);
    expect((await client.callAPI(OWN, key)).status).to.equal(403);
    expect((await client.callAPI('/v1/me', `api-${'x'.repeat(43)}`)).status).to.equal(401);
  });
});

describe('calls that the emulator does not know', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);

  it('are a 501 that says so, and not a 404', async () => {
    for (const call of ['GET /v1/me/team', 'GET /v1/me/purchases/communities/', 'GET /v1/me/', 'POST /v1/me']) {
      const [method, path] = call.split(' ');
      const response = await fetch(`${emulator.url}/irk/api${path}`, { method });
      expect([response.status, (await readObject(response)).error]).to.deep.equal([501, 'not emulated']);
    }
  });

  it('answer what a test wants, to a valid token and whatever the query', async () => {
    const { access_token } = await application.signIn();
    emulator.answer('GET', '/v1/me/guides', { body: { guides: [{ id: '1' }] } });
    const response = await application.callAPI('/v1/me/guides?page=1', access_token);
    expect(await readObject(response)).to.deep.equal({ guides: [{ id: '1' }] });
    expect((await application.callAPI('/v1/me/guides', 'unknown')).status).to.equal(401);

    emulator.answer('DELETE', '/v1/me/guides/1', { status: 204, headers: { 'X-Test': 'yes' } });
    const headers = { Authorization: `Bearer ${access_token}` };
    const other = await fetch(`${emulator.url}/irk/api/v1/me/guides/1`, { method: 'DELETE', headers });
    expect([other.status, other.headers.get('x-test')]).to.deep.equal([204, 'yes']);
  });

  it('are not those that are emulated, nor answers that cannot be sent', () => {
    for (const [path, answer] of [
      ['/v1/me', {}],
      ['v1/me/guides', {}],
      ['/v1/me/guides?page=1', {}],
      ['/v1/me/guides', { status: 99 }],
    ] as const)
      expect(() => emulator.answer('GET', path, answer)).to.throw(TypeError);
  });
});
