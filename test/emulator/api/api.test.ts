import { expect } from 'chai';
import { MetafyEmulator } from '../../../src/emulator';
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

  describe('about the demo people', () => {
    const emulator = useEmulator();
    const answers: [user: string, answer: unknown[]][] = [
      ['ada-coach', supports(INNER_CIRCLE)],
      ['grace-student', supports(SUPPORTER)],
      ['alan-lapsed', lapsed],
      ['edsger-follower', notFound],
      ['barbara-newcomer', notFound],
      ['linus-partner', notFound],
    ];
    for (const [user, answer] of answers) {
      it(`answers ${JSON.stringify(answer)} to ${user}`, async () => {
        expect(await call(emulator, PURCHASES, user)).to.deep.equal(answer);
      });
    }

    it('answers 404 about a community that does not exist', async () => {
      const [status] = await call(emulator, '/v1/me/purchases/communities/other', 'ada-coach');
      expect(status).to.equal(404);
    });

    it('answers 400 to an id that is not percent-encoded right', async () => {
      expect((await call(emulator, '/v1/me/purchases/communities/%zz', 'ada-coach'))[0]).to.equal(400);
    });
  });

  describe('when things change', () => {
    let emulator: MetafyEmulator;
    const ask = (user: string) => call(emulator, PURCHASES, user);

    beforeEach(async () => {
      emulator = await new MetafyEmulator().start();
    });
    afterEach(() => emulator.stop());

    it('knows who subscribes, and who changes to another tier', async () => {
      emulator.subscribe('barbara-newcomer', COMMUNITY, STUDENT);
      expect(await ask('barbara-newcomer')).to.deep.equal(supports(STUDENT));
      emulator.subscribe('barbara-newcomer', COMMUNITY, SUPPORTER);
      expect(await ask('barbara-newcomer')).to.deep.equal(supports(SUPPORTER));
    });

    it('knows who cancels, and who comes back', async () => {
      emulator.cancel('ada-coach', COMMUNITY);
      expect(await ask('ada-coach')).to.deep.equal(lapsed);
      emulator.subscribe('ada-coach', COMMUNITY, STUDENT);
      expect(await ask('ada-coach')).to.deep.equal(supports(STUDENT));
    });

    it('can have access without a tier, as was seen in production', async () => {
      emulator.subscribe('ada-coach', COMMUNITY, null);
      expect(await ask('ada-coach')).to.deep.equal(supports(null));
    });

    it('refuses users, communities and tiers that do not exist', () => {
      expect(() => emulator.subscribe('nobody', COMMUNITY, null)).to.throw('nobody');
      expect(() => emulator.subscribe('ada-coach', 'other', null)).to.throw('other');
      expect(() => emulator.subscribe('ada-coach', COMMUNITY, 'Inner Circle')).to.throw('Inner Circle');
      expect(() => emulator.cancel('barbara-newcomer', COMMUNITY)).to.throw('barbara-newcomer');
    });
  });

  for (const [noAccessForm, answer] of [
    ['not_found', notFound],
    ['has_access_false', lapsed],
  ] as const) {
    it(`says no in one form only with noAccessForm ${noAccessForm}`, async () => {
      await using emulator = await new MetafyEmulator({ noAccessForm }).start();
      for (const user of ['alan-lapsed', 'barbara-newcomer']) {
        expect(await call(emulator, PURCHASES, user)).to.deep.equal(answer);
      }
      expect(await call(emulator, PURCHASES, 'ada-coach')).to.deep.equal(supports(INNER_CIRCLE));
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

  it('show the owner the community and the ids of its tiers', async () => {
    const [status, body] = await call(emulator, OWN, 'linus-partner');
    expect(status).to.equal(200);
    expect(Object(body).community).to.include({ id: COMMUNITY, title: 'Chess with Linus' });
    expect(Object(body).community.tiers).to.deep.equal(tiers);
    expect(Object(body).community).to.have.all.keys([
      ...['id', 'title', 'description', 'logo_url', 'cover_url', 'url', 'tiers'],
    ]);
  });

  it('answer 404 to who owns no community', async () => {
    expect(await call(emulator, OWN, 'ada-coach')).to.deep.equal([404, '']);
  });

  it('list a follower’s communities with every tier they offer, not the follower’s own', async () => {
    const [status, body] = await call(emulator, MEMBERSHIPS, 'edsger-follower');
    expect(status).to.equal(200);
    expect(body).to.have.property('meta').that.deep.equals(meta);
    const { communities } = Object(body);
    expect(communities).to.have.length(1);
    expect(communities[0].tiers).to.deep.equal(tiers);
  });

  it('list a supporter who does not follow among nobody’s members', async () => {
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
    expect(await call(emulator, SUBSCRIBERS, 'linus-partner')).to.deep.equal([
      200,
      {
        subscribers: [
          { user_id: id('ada-coach'), tier_id: INNER_CIRCLE, email: 'ada@example.com' },
          { user_id: id('grace-student'), tier_id: SUPPORTER },
        ],
        meta,
      },
    ]);
  });

  it('answer 403 to who asks for subscribers without owning a community', async () => {
    expect(await call(emulator, SUBSCRIBERS, 'ada-coach')).to.deep.equal([403, '']);
  });

  it('serve the application’s owner with client credentials', async () => {
    const response = await application.requestTokens({
      grant_type: 'client_credentials',
      scope: 'community',
    });
    const { access_token } = await readObject(response);
    const { community } = await readObject(await application.callAPI(OWN, String(access_token)));
    expect(community).to.include({ id: COMMUNITY });
  });

  it('serve the owner with an API key', async () => {
    const { key = '' } = emulator.apiKeys[0] ?? {};
    const { community } = await readObject(await application.callAPI(OWN, key));
    expect(community).to.include({ id: COMMUNITY });
  });

  it('take an API key from the header only', async () => {
    const query = `?access_token=${emulator.apiKeys[0]?.key}`;
    expect((await fetch(`${emulator.url}/irk/api${OWN}${query}`)).status).to.equal(401);
  });
});

describe('pages of the emulator’s lists', () => {
  const users = Array.from({ length: 251 }, (_, index) => ({
    id: `${index}`,
    slug: `user-${index}`,
    name: `User ${index}`,
  }));
  const subscriptions = users.map(({ id }) => ({ userID: id, tierID: null }));
  const communities = [{ id: 'c', title: 'C', ownerID: '0', tiers: [], subscriptions }];

  async function list(emulator: MetafyEmulator, query: string): Promise<[count: number, pages: number]> {
    const [, body] = await call(emulator, `${SUBSCRIBERS}?${query}`, 'user-0');
    const { subscribers, meta } = Object(body);
    return [subscribers.length, meta.pagination.total_pages];
  }

  describe('of 100', () => {
    const emulator = useEmulator({ users, communities });
    const pages: [query: string, count: number, pages: number][] = [
      ['', 100, 3],
      ['page=1', 100, 3],
      ['page=3&per_page=100', 50, 3],
      ['page=4', 0, 3],
      ['page=2&per_page=7', 7, 36],
      ['per_page=1000', 100, 3],
      ['page=0&per_page=-1', 100, 3],
      ['page=x&per_page=', 100, 3],
    ];
    for (const [query, count, total] of pages) {
      it(`have ${count} of ${total} pages for “${query}”`, async () => {
        expect(await list(emulator, query)).to.deep.equal([count, total]);
      });
    }

    it('have everybody once', async () => {
      const ids = new Set<string>();
      for (const page of [1, 2, 3]) {
        const [, body] = await call(emulator, `${SUBSCRIBERS}?page=${page}`, 'user-0');
        for (const { user_id } of Object(body).subscribers) ids.add(user_id);
      }
      expect(ids.size).to.equal(250);
    });
  });

  describe('of a size that a test has set', () => {
    const emulator = useEmulator({ users, communities, pageSize: 2 });

    it('hold no more, whatever is asked for', async () => {
      expect(await list(emulator, 'per_page=100')).to.deep.equal([2, 125]);
      expect(await list(emulator, 'per_page=1')).to.deep.equal([1, 250]);
    });
  });
});

describe('access to the emulator’s API', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);
  const scopes = [
    ['/v1/me', 'profile'],
    [PURCHASES, 'purchases'],
    [OWN, 'community'],
    [MEMBERSHIPS, 'community'],
    [SUBSCRIBERS, 'community'],
  ] as const;

  for (const [path, scope] of scopes) {
    it(`needs the scope ${scope} for ${path}, and says so in the header`, async () => {
      const { access_token } = await application.signIn('products', 'linus-partner');
      const response = await application.callAPI(path, access_token);
      expect(response.status).to.equal(403);
      expect(response.headers.get('www-authenticate')).to.match(
        new RegExp(`^Bearer .*error="insufficient_scope".*${scope}`),
      );
      expect(await response.text()).to.equal('');
    });

    it(`tells an expired token from an unknown one at ${path}`, async () => {
      const { access_token } = await application.signIn(scope);
      emulator.expire(access_token);
      const expired = await application.callAPI(path, access_token);
      const unknown = await application.callAPI(path, 'unknown');
      expect([expired.status, unknown.status]).to.deep.equal([401, 401]);
      expect(expired.headers.get('www-authenticate')).to.include('The access token expired');
      expect(unknown.headers.get('www-authenticate')).to.include('The access token is invalid');
    });
  }

  it('can be refused for a missing scope as older versions do, without the header', async () => {
    await using older = await new MetafyEmulator({ insufficientScopeHeader: false }).start();
    const client = new DemoApplication(older);
    const response = await client.callAPI(PURCHASES, (await client.signIn()).access_token);
    expect([response.status, response.headers.get('www-authenticate')]).to.deep.equal([403, null]);
  });

  it('is refused to an API key that does not exist, or lacks the scope', async () => {
    const key = `api-${'k'.repeat(43)}`;
    const [owner] = emulator.users;
    await using limited = await new MetafyEmulator({
      users: [...emulator.users],
      apiKeys: [{ key, ownerID: owner?.id ?? '', scopes: ['profile'] }],
    }).start();
    const client = new DemoApplication(limited);
    expect((await client.callAPI('/v1/me', key)).status).to.equal(200);
    expect((await client.callAPI(OWN, key)).status).to.equal(403);
    expect((await client.callAPI('/v1/me', `api-${'x'.repeat(43)}`)).status).to.equal(401);
  });

  for (const [endpoint, path] of [
    ['purchases', PURCHASES],
    ['community', OWN],
    ['memberships', MEMBERSHIPS],
    ['subscribers', SUBSCRIBERS],
  ] as const) {
    it(`can be made to fail at ${endpoint}, and there only`, async () => {
      emulator.fail(endpoint, { status: 503 });
      const { access_token } = await application.signIn('profile purchases community', 'linus-partner');
      const paths = ['/v1/me', PURCHASES, OWN, MEMBERSHIPS, SUBSCRIBERS];
      const failed = [];
      for (const other of paths) {
        if ((await application.callAPI(other, access_token)).status === 503) failed.push(other);
      }
      expect(failed).to.deep.equal([path]);
    });
  }
});

describe('calls that the emulator does not know', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);

  for (const [method, path] of [
    ['GET', '/v1/me/team'],
    ['GET', '/v1/me/purchases/communities/'],
    ['GET', '/v1/me/'],
    ['POST', '/v1/me'],
  ] as const) {
    it(`are a 501 that says so, and not a 404: ${method} ${path}`, async () => {
      const response = await fetch(`${emulator.url}/irk/api${path}`, { method });
      expect(response.status).to.equal(501);
      expect((await readObject(response)).error).to.equal('not emulated');
    });
  }

  it('answer what a test wants, to a valid token and whatever the query', async () => {
    emulator.answer('GET', '/v1/me/guides', { body: { guides: [{ id: '1' }] } });
    const { access_token } = await application.signIn();
    const response = await application.callAPI('/v1/me/guides?page=1', access_token);
    expect(response.status).to.equal(200);
    expect(await readObject(response)).to.deep.equal({ guides: [{ id: '1' }] });
    expect((await application.callAPI('/v1/me/guides', 'unknown')).status).to.equal(401);
  });

  it('answer with a status and headers as well', async () => {
    emulator.answer('DELETE', '/v1/me/guides/1', { status: 204, headers: { 'X-Test': 'yes' } });
    const { access_token } = await application.signIn();
    const response = await fetch(`${emulator.url}/irk/api/v1/me/guides/1`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${access_token}` },
    });
    expect([response.status, response.headers.get('x-test')]).to.deep.equal([204, 'yes']);
  });

  it('are not those that are emulated, nor answers that cannot be sent', async () => {
    const { access_token } = await application.signIn();
    for (const [path, answer] of [
      ['/v1/me', {}],
      ['v1/me/guides', {}],
      ['/v1/me/guides?page=1', {}],
      ['/v1/me/guides', { status: 99 }],
    ] as const) {
      expect(() => emulator.answer('GET', path, answer)).to.throw(TypeError);
    }
    expect((await application.fetchMe(access_token)).status).to.equal(200);
  });
});
