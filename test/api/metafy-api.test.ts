import { inspect } from 'node:util';
import { expect } from 'chai';
import nock from 'nock';
import {
  MetafyAPI,
  MetafyClientCredentials,
  type MetafyError,
  MetafyOAuthError,
  MetafyResponseError,
  type TokenSource,
} from '../../src';
import { caught } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { documentedProfile, useNock } from '../support/nock-metafy';

const apiKey = 'api-Zq3vT9cK1mX5bN7rL2wYhJ8dS4gF6pA0uEiOoRtWcV1';
const communityId = '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17';
const tiers = [{ id: '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31', name: 'Supporter' }];
const community = { id: communityId, title: 'Chess with Linus', tiers, url: 'https://metafy.example/chess' };

/** A page of a list as production answers it. */
const toPage = (list: object, totalPages: unknown = 1) => ({
  ...list,
  meta: { pagination: { total_pages: totalPages } },
});
const toSubscriber = (number: number) => ({ user_id: `user-${number}`, tier_id: tiers[0]?.id });

/** The next request for `path` gets this answer. */
function answer(path: string, status: number, body?: nock.Body, headers?: nock.ReplyHeaders): nock.Scope {
  return nock('https://metafy.gg', { reqheaders: { authorization: /^Bearer / } })
    .get(`/irk/api${path}`)
    .reply(status, body, headers);
}

const accessPath = `/v1/me/purchases/communities/${communityId}`;
const ownPath = '/v1/me/community';
const toListPath = (name: string, page: number) => `/v1/me/community/${name}?page=${page}&per_page=100`;
const invalidToken = { 'WWW-Authenticate': 'Bearer realm="Doorkeeper", error="invalid_token"' };

/** Gives one token after the other, and remembers which were named as rejected. */
function createSource(...tokens: { accessToken: string; scope?: string[] }[]) {
  const rejected: unknown[] = [];
  const source: TokenSource = {
    async getToken(options) {
      rejected.push(options?.rejectedToken);
      return tokens[Math.min(rejected.length, tokens.length) - 1] as { accessToken: string };
    },
  };
  return { source, rejected };
}

describe('MetafyAPI', () => {
  useNock();
  const api = new MetafyAPI({ token: apiKey, timeoutMs: 2000 });

  describe('answers', () => {
    it('the profile of the key’s owner', async () => {
      answer('/v1/me', 200, documentedProfile);
      expect((await api.getProfile()).id).to.equal(documentedProfile.user.id);
    });

    for (const [name, body, access] of [
      ['yes, with the tier', { has_access: true, tier_id: 'tier-1' }, { hasAccess: true, tierId: 'tier-1' }],
      ['yes, without a tier', { has_access: true, tier_id: null }, { hasAccess: true }],
      ['no', { has_access: false, tier_id: null }, { hasAccess: false }],
    ] as const) {
      it(`whether they support a community: ${name}`, async () => {
        answer(accessPath, 200, { community: body });
        expect(await api.getCommunityAccess(communityId)).to.deep.equal(access);
      });
    }

    it('that they do not support a community, when Metafy answers 404', async () => {
      answer(accessPath, 404);
      expect(await api.getCommunityAccess(communityId)).to.deep.equal({ hasAccess: false });
    });

    it('the community that they run, with its tiers', async () => {
      answer(ownPath, 200, { community });
      const { id, title } = community;
      expect(await api.getOwnCommunity()).to.deep.equal({ id, title, tiers, raw: community });
    });

    it('nothing when they run no community', async () => {
      answer(ownPath, 404);
      expect(await api.getOwnCommunity()).to.equal(undefined);
    });

    it('every community that they follow, over all pages', async () => {
      answer(toListPath('memberships', 1), 200, toPage({ communities: [community] }, 2));
      answer(toListPath('memberships', 2), 200, toPage({ communities: [{ id: 'second' }] }, 2));
      const memberships = await api.listMemberships().toArray();
      expect(memberships.map(({ id, tiers }) => [id, tiers.length])).to.deep.equal([
        [communityId, 1],
        ['second', 0],
      ]);
    });

    it('every subscriber, page by page as they are needed', async () => {
      const numbers = Array.from({ length: 101 }, (_, index) => index);
      answer(toListPath('subscribers', 1), 200, toPage({ subscribers: numbers.slice(0, 100).map(toSubscriber) }, 2));
      const second = answer(
        toListPath('subscribers', 2),
        200,
        toPage({ subscribers: [{ ...toSubscriber(100), tier_id: null, email: 'z@example.com' }] }, 2),
      );
      const seen: object[] = [];
      for await (const subscriber of api.listSubscribers()) {
        if (seen.length === 99) expect(second.isDone()).to.equal(false);
        seen.push(subscriber);
      }
      expect(seen).to.have.length(101);
      expect(seen[0]).to.include({ userId: 'user-0', tierId: tiers[0]?.id });
      expect(seen[100]).to.include({ userId: 'user-100', email: 'z@example.com' }).and.not.to.have.property('tierId');
    });

    it('an empty list, whose number of pages may be 0', async () => {
      answer(toListPath('subscribers', 1), 200, toPage({ subscribers: [] }, 0));
      expect(await api.listSubscribers().toArray()).to.deep.equal([]);
    });

    it('anything else in the API as JSON', async () => {
      answer('/v1/me/guides?page=2&published=true', 200, { guides: [], meta: {} });
      expect(await api.get('/v1/me/guides', { page: 2, published: true })).to.deep.equal({ guides: [], meta: {} });
    });
  });

  describe('takes for no answer', () => {
    const access = () => api.getCommunityAccess(communityId);
    const own = () => api.getOwnCommunity();
    for (const [name, path, call, body] of [
      ['HTML', accessPath, access, '<!doctype html><title>Metafy</title>'],
      ['an empty body', accessPath, access, ''],
      ['a list', accessPath, access, []],
      ['an object without the community', accessPath, access, {}],
      ['a community without `has_access`', accessPath, access, { community: { tier_id: 'tier-1' } }],
      ['a `has_access` that is a text', accessPath, access, { community: { has_access: 'false' } }],
      ['a `tier_id` that is an object', accessPath, access, { community: { has_access: true, tier_id: {} } }],
      ['an own community without an id', ownPath, own, { community: { title: 'Chess' } }],
      ['an own community whose tiers are no list', ownPath, own, { community: { id: 'x', tiers: {} } }],
      ['a tier without an id', ownPath, own, { community: { id: 'x', tiers: [{ name: 'Supporter' }] } }],
      ['a list where an object belongs', '/v1/me/guides', () => api.get('/v1/me/guides'), []],
    ] as const) {
      it(name, async () => {
        answer(path, 200, body as nock.Body);
        const error = await caught<MetafyResponseError>(call);
        expect(error).to.be.instanceOf(MetafyResponseError);
        expect(error).to.include({ code: 'bad_body', status: 502, upstreamStatus: 200 });
      });
    }

    for (const [name, body] of [
      ['without the list', toPage({})],
      ['whose list is an object', toPage({ subscribers: {} })],
      ['with a subscriber who has no id', toPage({ subscribers: [toSubscriber(1), { tier_id: 'tier-1' }] })],
      ['with a subscriber whose tier is an object', toPage({ subscribers: [{ ...toSubscriber(1), tier_id: {} }] })],
      ['with a subscriber who is null', toPage({ subscribers: [null] })],
      ['without `meta`', { subscribers: [toSubscriber(1)] }],
      ['without `total_pages`', { subscribers: [toSubscriber(1)], meta: { pagination: {} } }],
      ['whose `total_pages` is a text', toPage({ subscribers: [toSubscriber(1)] }, '1')],
      ['with subscribers on one of 0 pages', toPage({ subscribers: [toSubscriber(1)] }, 0)],
    ] as const) {
      it(`a page ${name}`, async () => {
        answer(toListPath('subscribers', 1), 200, body);
        expect(await caught(() => api.listSubscribers().toArray())).to.include({ code: 'bad_body' });
      });
    }

    it('pages whose number changes while they are read', async () => {
      answer(toListPath('subscribers', 1), 200, toPage({ subscribers: [toSubscriber(1)] }, 3));
      answer(toListPath('subscribers', 2), 200, toPage({ subscribers: [toSubscriber(2)] }, 2));
      expect(await caught(() => api.listSubscribers().toArray())).to.include({ code: 'bad_body' });
    });

    it('a list whose last page fails, also when it is iterated', async () => {
      answer(toListPath('subscribers', 1), 200, toPage({ subscribers: [toSubscriber(1)] }, 2));
      answer(toListPath('subscribers', 2), 500);
      const read = async () => {
        for await (const subscriber of api.listSubscribers()) expect(subscriber.userId).to.equal('user-1');
      };
      expect(await caught(read))
        .to.be.instanceOf(MetafyResponseError)
        .and.to.include({ upstreamStatus: 500 });
    });

    for (const status of [400, 403, 410, 422, 500, 501]) {
      it(`a ${status}, where a 404 would be a no`, async () => {
        answer(accessPath, status);
        const { source } = createSource({ accessToken: 'token-1', scope: ['purchases'] });
        const error = await caught(() => new MetafyAPI({ token: source }).getCommunityAccess(communityId));
        expect(error).to.be.instanceOf(MetafyResponseError).and.to.include({ status: 502, upstreamStatus: status });
      });
    }

    it('a 404 of the token endpoint', async () => {
      nock('https://metafy.gg').post('/irk/oauth/token').reply(404);
      const token = new MetafyClientCredentials(clientOptions);
      const error = await caught(() => new MetafyAPI({ token }).getCommunityAccess(communityId));
      expect(error).to.be.instanceOf(MetafyResponseError);
    });
  });

  describe('when Metafy answers 401', () => {
    it('asks a source once for another token, naming the rejected one, and uses it', async () => {
      const { source, rejected } = createSource({ accessToken: 'old' }, { accessToken: 'new' });
      answer(accessPath, 401, '', invalidToken).matchHeader('authorization', 'Bearer old');
      answer(accessPath, 200, { community: { has_access: true } }).matchHeader('authorization', 'Bearer new');
      const { hasAccess } = await new MetafyAPI({ token: source }).getCommunityAccess(communityId);
      expect(hasAccess).to.equal(true);
      expect(rejected).to.deep.equal([undefined, 'old']);
    });

    it('throws when the other token is rejected as well', async () => {
      const { source, rejected } = createSource({ accessToken: 'old' }, { accessToken: 'new' });
      answer('/v1/me', 401, '', invalidToken);
      answer('/v1/me', 401, '', invalidToken);
      const error = await caught(() => new MetafyAPI({ token: source }).getProfile());
      expect(error).to.be.instanceOf(MetafyOAuthError).and.to.include({ code: 'invalid_token', status: 502 });
      expect(rejected).to.have.length(2);
    });

    for (const [name, headers] of [
      ['with its reason', invalidToken],
      ['without a reason', {}],
    ] as const) {
      it(`${name} to a key, throws a MetafyOAuthError`, async () => {
        answer(accessPath, 401, '', headers);
        const error = await caught(() => api.getCommunityAccess(communityId));
        expect(error).to.be.instanceOf(MetafyOAuthError).and.to.include({ code: 'invalid_token', upstreamStatus: 401 });
      });
    }

    it('throws what the source throws instead of another token', async () => {
      const token: TokenSource = {
        async getToken(options) {
          if (options?.rejectedToken) throw new MetafyOAuthError('Sign in again', { code: 'login_required' });
          return { accessToken: 'old' };
        },
      };
      answer('/v1/me', 401, '', invalidToken);
      expect(await caught(() => new MetafyAPI({ token }).getProfile())).to.include({ code: 'login_required' });
    });
  });

  describe('when a scope is missing', () => {
    it('asks nothing when the source knows, and names the scope', async () => {
      const { source } = createSource({ accessToken: 'token-1', scope: ['profile'] });
      const narrow = new MetafyAPI({ token: source });
      for (const [scope, call] of [
        ['purchases', () => narrow.getCommunityAccess(communityId)],
        ['community', () => narrow.getOwnCommunity()],
        ['community', () => narrow.listSubscribers().toArray()],
      ] as const) {
        const error = await caught(call);
        expect(error).to.be.instanceOf(MetafyOAuthError).and.to.include({ code: 'insufficient_scope', status: 403 });
        expect(error.message).to.include(scope);
      }
    });

    it('asks Metafy when the source does not know, and no other token after a 403', async () => {
      for (const scope of [undefined, []]) {
        const { source, rejected } = createSource({ accessToken: 'token-1', scope }, { accessToken: 'token-2' });
        answer(accessPath, 403, '', { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' });
        const error = await caught(() => new MetafyAPI({ token: source }).getCommunityAccess(communityId));
        expect(error).to.include({ code: 'insufficient_scope', upstreamStatus: 403 });
        expect(rejected).to.have.length(1);
      }
    });

    it('names the scope that a 403 is about, with and without Metafy’s reason', async () => {
      const reason = { 'WWW-Authenticate': 'Bearer realm="Doorkeeper", error="insufficient_scope"' };
      for (const headers of [reason, {}]) {
        answer(accessPath, 403, '', headers);
        const error = await caught(() => api.getCommunityAccess(communityId));
        expect(error).to.include({ code: 'insufficient_scope', upstreamStatus: 403 });
        expect(error.message).to.include('purchases');
      }
    });
  });

  it('waits for Retry-After inside `timeoutMs`', async () => {
    answer(accessPath, 429, '', { 'Retry-After': '1' });
    answer(accessPath, 200, { community: { has_access: true } });
    expect(await api.getCommunityAccess(communityId)).to.deep.equal({ hasAccess: true });
  });

  it('says how long to wait when that is longer', async () => {
    answer(accessPath, 429, '', { 'Retry-After': '30' });
    const error = await caught(() => api.getCommunityAccess(communityId));
    expect(error).to.include({ status: 503, retryAfterMs: 30_000 });
  });

  it('takes a whole client', async () => {
    nock('https://metafy.example').get('/irk/api/v1/me').reply(200, documentedProfile);
    const elsewhere = new MetafyAPI({ ...clientOptions, baseURL: 'https://metafy.example', token: apiKey });
    expect((await elsewhere.getProfile()).username).to.equal('ada-coach');
  });

  describe('before anything is sent', () => {
    const hostileIds = {
      empty: '',
      'not a text': 42,
      'the parent folder': '..',
      'the same folder': '.',
      'with a slash': 'a/b',
      'with a backslash': 'a\\b',
      'with a query': 'a?page=1',
      'with a fragment': 'a#b',
      'percent-encoded': '%2e%2e',
      'with a line break': 'a\r\nHost: evil.example',
      'with a lone surrogate': 'a\ud800',
      'over-long': 'x'.repeat(201),
    };
    for (const [name, id] of Object.entries(hostileIds)) {
      it(`refuses an id that is ${name}`, async () => {
        const error = await caught(() => api.getCommunityAccess(id as string));
        expect(error).to.be.instanceOf(TypeError);
        expect(error.message).to.include('communityId');
      });
    }

    it('encodes an id', async () => {
      answer('/v1/me/purchases/communities/Sch%C3%A4ch%20%26%20Co', 404);
      expect(await api.getCommunityAccess('Schäch & Co')).to.deep.equal({ hasAccess: false });
    });

    for (const path of [
      '',
      'v1/me',
      'https://evil.example/v1/me',
      '//evil.example/v1/me',
      '@evil.example/v1/me',
      '/../oauth/token',
      '/v1/../../oauth/token',
      '/v1/%2e%2e/%2E%2E/oauth/token',
      '/v1/..%2foauth',
      '/v1/..%5coauth',
      '/v1\\..\\..\\oauth',
      '/v1/me?token=1',
      '/v1/me#x',
      '/v1/me/guides\n',
      '/v1/mé',
      '/v1/100%',
      `/${'x'.repeat(2048)}`,
    ]) {
      it(`refuses the path ${JSON.stringify(path.slice(0, 40))}`, async () => {
        expect(await caught(() => api.get(path))).to.be.instanceOf(TypeError);
      });
    }

    it('refuses a source that gives what is no token', async () => {
      for (const accessToken of ['', 'a\r\nb', undefined]) {
        const { source } = createSource({ accessToken: accessToken as string });
        expect(await caught(() => new MetafyAPI({ token: source }).getProfile())).to.be.instanceOf(TypeError);
      }
    });
  });

  it('refuses a `token` that is neither a token nor a source', async () => {
    for (const token of [undefined, null, '', 'two words', 42, {}]) {
      const error = await caught(() => new MetafyAPI({ token: token as string }));
      expect(error).to.be.instanceOf(TypeError);
      expect(error.message).to.include('token');
    }
  });

  it('shows the key in no error and in no other form', async () => {
    const shown = [inspect(api, { depth: 9, showHidden: true }), JSON.stringify(api)];
    const reason = `Bearer error="invalid_token", error_description="no ${apiKey} here"`;
    for (const [status, body, headers] of [
      [401, apiKey, { 'WWW-Authenticate': reason }],
      [403, apiKey, { 'WWW-Authenticate': `Bearer error="${apiKey}"` }],
      [500, apiKey, {}],
      [200, `{"community": "${apiKey}"`, {}],
      [200, { community: { has_access: apiKey } }, {}],
    ] as const) {
      answer(accessPath, status, body, headers);
      const error = await caught<MetafyError>(() => api.getCommunityAccess(communityId));
      shown.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error.stack));
    }
    expect(shown.join('\n')).not.to.include(apiKey);
  });
});
