import { inspect } from 'node:util';
import { expect } from 'chai';
import nock from 'nock';
import { MetafyAPI, MetafyClientCredentials, type MetafyError, MetafyOAuthError, type TokenSource } from '../../src';
import { caught, expectError, expectTypeError } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { documentedProfile, useNock } from '../support/nock-metafy';
import { secondMs, useClock } from '../tokens/support/clock';

const apiKey = 'api-Zq3vT9cK1mX5bN7rL2wYhJ8dS4gF6pA0uEiOoRtWcV1';
const communityId = '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17';
const tiers = [{ id: '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31', name: 'Supporter' }];
const community = { id: communityId, title: 'Chess with Linus', tiers, url: 'https://metafy.example/chess' };

/** A page of a list as production answers it. */
const toPage = (list: object, total_pages: unknown = 1) => ({ ...list, meta: { pagination: { total_pages } } });
const toSubscriber = (number: number) => ({ user_id: `user-${number}`, tier_id: tiers[0]?.id });
const one = [toSubscriber(1)];

/** The next request for `path` gets this answer. */
function answer(path: string, status: number, body?: nock.Body, headers?: nock.ReplyHeaders): nock.Scope {
  return nock('https://metafy.gg', { reqheaders: { authorization: /^Bearer / } })
    .get(`/irk/api${path}`)
    .reply(status, body, headers);
}

const accessPath = `/v1/me/purchases/communities/${communityId}`;
const ownPath = '/v1/me/community';
const toListPath = (name: string, page: number) => `/v1/me/community/${name}?page=${page}&per_page=100`;
const answerSubscribers = (page: number, body: nock.Body, status = 200) =>
  answer(toListPath('subscribers', page), status, body);
const toChallenge = (parameters: string) => ({ 'WWW-Authenticate': `Bearer realm="Doorkeeper", ${parameters}` });
const invalidToken = toChallenge('error="invalid_token"');
const insufficientScope = toChallenge('error="insufficient_scope"');

/** Gives one token after the other, and remembers which were named as rejected. */
function createSource(...tokens: { accessToken: string; scope?: string[] }[]) {
  const rejected: unknown[] = [];
  const source: TokenSource = {
    async getToken(options) {
      rejected.push(options?.rejectedToken);
      return tokens[Math.min(rejected.length, tokens.length) - 1] as { accessToken: string };
    },
  };
  return { api: new MetafyAPI({ token: source }), rejected };
}

describe('MetafyAPI', () => {
  useNock();
  const clock = useClock({ timers: true });
  const api = new MetafyAPI({ token: apiKey, timeoutMs: 2000 });
  const getAccess = () => api.getCommunityAccess(communityId);

  describe('answers', () => {
    it('the profile of the key’s owner', async () => {
      answer('/v1/me', 200, documentedProfile);
      expect((await api.getProfile()).id).to.equal(documentedProfile.user.id);
    });

    it('whether they support a community, and in which tier', async () => {
      for (const [status, body, access] of [
        [200, { has_access: true, tier_id: 'tier-1' }, { hasAccess: true, tierId: 'tier-1' }],
        [200, { has_access: true, tier_id: null }, { hasAccess: true }],
        [200, { has_access: false, tier_id: null }, { hasAccess: false }],
        [404, undefined, { hasAccess: false }],
      ] as const) {
        answer(accessPath, status, { community: body });
        expect(await getAccess()).to.deep.equal(access);
      }
    });

    it('the community that they run, with its tiers, or nothing when they run none', async () => {
      answer(ownPath, 200, { community });
      const { id, title } = community;
      expect(await api.getOwnCommunity()).to.deep.equal({ id, title, tiers, raw: community });
      answer(ownPath, 404);
      expect(await api.getOwnCommunity()).to.equal(undefined);
    });

    it('every community that they follow, over all pages', async () => {
      answer(toListPath('memberships', 1), 200, toPage({ communities: [community] }, 2));
      answer(toListPath('memberships', 2), 200, toPage({ communities: [{ id: 'second' }] }, 2));
      const memberships = await api.listMemberships().toArray();
      expect(memberships.map(({ id }) => id)).to.deep.equal([communityId, 'second']);
      expect(memberships[1]).to.deep.include({ title: '', tiers: [] });
    });

    it('every subscriber, page by page as they are needed', async () => {
      const subscribers = Array.from({ length: 100 }, (_, index) => toSubscriber(index));
      const last = { ...toSubscriber(100), tier_id: null, email: 'z@example.com' };
      answerSubscribers(1, toPage({ subscribers }, 2));
      const second = answerSubscribers(2, toPage({ subscribers: [last] }, 2));
      const seen: object[] = [];
      for await (const subscriber of api.listSubscribers()) {
        if (seen.length === 99) expect(second.isDone()).to.equal(false);
        seen.push(subscriber);
      }
      expect(seen).to.have.length(101);
      expect(seen[0]).to.deep.equal({ userId: 'user-0', tierId: tiers[0]?.id, raw: toSubscriber(0) });
      expect(seen[100]).to.deep.equal({ userId: 'user-100', email: 'z@example.com', raw: last });
    });

    it('an empty list, whose number of pages may be 0', async () => {
      answerSubscribers(1, toPage({ subscribers: [] }, 0));
      expect(await api.listSubscribers().toArray()).to.deep.equal([]);
    });

    it('anything else in the API as JSON', async () => {
      answer('/v1/me/guides?page=2&published=true', 200, { guides: [], meta: {} });
      expect(await api.get('/v1/me/guides', { page: 2, published: true })).to.deep.equal({ guides: [], meta: {} });
    });
  });

  describe('takes for no answer', () => {
    const badBody = { name: 'MetafyResponseError', code: 'bad_body', status: 502, upstreamStatus: 200 };

    it('a body that does not say whether they support a community', async () => {
      for (const body of [
        '<!doctype html><title>Metafy</title>',
        '',
        [],
        {},
        { community: { tier_id: 'tier-1' } },
        { community: { has_access: 'false' } },
        { community: { has_access: true, tier_id: {} } },
      ]) {
        answer(accessPath, 200, body as nock.Body);
        await expectError(getAccess, badBody);
      }
    });

    it('a community without an id, whose tiers are no list, or with a tier without an id', async () => {
      for (const body of [{ title: 'Chess' }, { id: 'x', tiers: {} }, { id: 'x', tiers: [{ name: 'Supporter' }] }]) {
        answer(ownPath, 200, { community: body });
        await expectError(() => api.getOwnCommunity(), badBody);
      }
    });

    it('a list where an object belongs', async () => {
      answer('/v1/me/guides', 200, []);
      await expectError(() => api.get('/v1/me/guides'), badBody);
    });

    for (const [name, body] of [
      ['without the list', toPage({})],
      ['whose list is an object', toPage({ subscribers: {} })],
      ['with a subscriber who has no id', toPage({ subscribers: [...one, { tier_id: 'tier-1' }] })],
      ['with a subscriber whose tier is an object', toPage({ subscribers: [{ ...one[0], tier_id: {} }] })],
      ['with a subscriber who is null', toPage({ subscribers: [null] })],
      ['without `meta`', { subscribers: one }],
      ['without `total_pages`', { subscribers: one, meta: { pagination: {} } }],
      ['whose `total_pages` is a text', toPage({ subscribers: one }, '1')],
      ['with subscribers on one of 0 pages', toPage({ subscribers: one }, 0)],
      ['without subscribers, of several', toPage({ subscribers: [] }, Number.MAX_SAFE_INTEGER)],
    ] as const) {
      it(`a page ${name}`, async () => {
        answerSubscribers(1, body);
        await expectError(() => api.listSubscribers().toArray(), badBody);
      });
    }

    it('pages whose number changes while they are read', async () => {
      answerSubscribers(1, toPage({ subscribers: one }, 3));
      answerSubscribers(2, toPage({ subscribers: one }, 2));
      await expectError(() => api.listSubscribers().toArray(), badBody);
    });

    it('a list whose last page fails, also when it is iterated', async () => {
      answerSubscribers(1, toPage({ subscribers: one }, 2));
      answerSubscribers(2, '', 500);
      const read = async () => {
        for await (const subscriber of api.listSubscribers()) expect(subscriber.userId).to.equal('user-1');
      };
      await expectError(read, { upstreamStatus: 500 });
    });

    it('any other failure, where a 404 would be a no', async () => {
      for (const upstreamStatus of [400, 403, 410, 422, 500, 501]) {
        answer(accessPath, upstreamStatus);
        const { api: narrow } = createSource({ accessToken: 'token-1', scope: ['purchases'] });
        const failure = { name: 'MetafyResponseError', status: 502, upstreamStatus };
        await expectError(() => narrow.getCommunityAccess(communityId), failure);
      }
    });

    it('a 404 of the token endpoint', async () => {
      nock('https://metafy.gg').post('/irk/oauth/token').reply(404);
      const token = new MetafyClientCredentials(clientOptions);
      await expectError(() => new MetafyAPI({ token }).getCommunityAccess(communityId), { code: 'bad_status' });
    });
  });

  describe('when Metafy answers 401', () => {
    it('asks a source once for another token, naming the rejected one, and uses it', async () => {
      const { api: renewing, rejected } = createSource({ accessToken: 'old' }, { accessToken: 'new' });
      answer(accessPath, 401, '', invalidToken).matchHeader('authorization', 'Bearer old');
      answer(accessPath, 200, { community: { has_access: true } }).matchHeader('authorization', 'Bearer new');
      expect(await renewing.getCommunityAccess(communityId)).to.deep.equal({ hasAccess: true });
      expect(rejected).to.deep.equal([undefined, 'old']);
    });

    it('throws when the other token is rejected as well', async () => {
      const { api: renewing, rejected } = createSource({ accessToken: 'old' }, { accessToken: 'new' });
      for (let count = 0; count < 2; count += 1) answer('/v1/me', 401, '', invalidToken);
      const refusal = { name: 'MetafyOAuthError', code: 'invalid_token', status: 502 };
      await expectError(() => renewing.getProfile(), refusal);
      expect(rejected).to.have.length(2);
    });

    it('throws a MetafyOAuthError to a key, with and without Metafy’s reason', async () => {
      for (const headers of [invalidToken, {}]) {
        answer(accessPath, 401, '', headers);
        await expectError(getAccess, { name: 'MetafyOAuthError', code: 'invalid_token', upstreamStatus: 401 });
      }
    });

    it('throws what the source throws instead of another token', async () => {
      const token: TokenSource = {
        async getToken(options) {
          if (options?.rejectedToken) throw new MetafyOAuthError('Sign in again', { code: 'login_required' });
          return { accessToken: 'old' };
        },
      };
      answer('/v1/me', 401, '', invalidToken);
      await expectError(() => new MetafyAPI({ token }).getProfile(), { code: 'login_required' });
    });
  });

  describe('when a scope is missing', () => {
    it('asks nothing when the source knows, and names the scope', async () => {
      const { api: narrow } = createSource({ accessToken: 'token-1', scope: ['profile'] });
      const missing = { name: 'MetafyOAuthError', code: 'insufficient_scope', status: 403 };
      for (const [scope, call] of [
        ['purchases', () => narrow.getCommunityAccess(communityId)],
        ['community', () => narrow.getOwnCommunity()],
        ['community', () => narrow.listSubscribers().toArray()],
      ] as const) {
        const { message } = await expectError(call, missing);
        expect(message).to.include(scope);
      }
    });

    it('asks Metafy when the source does not know, and no other token after a 403', async () => {
      for (const scope of [undefined, []]) {
        const { api: unknown, rejected } = createSource({ accessToken: 'token-1', scope }, { accessToken: 'token-2' });
        answer(accessPath, 403, '', insufficientScope);
        await expectError(() => unknown.getCommunityAccess(communityId), { code: 'insufficient_scope' });
        expect(rejected).to.have.length(1);
      }
    });

    it('names the scope that a 403 is about, with and without Metafy’s reason', async () => {
      for (const headers of [insufficientScope, {}]) {
        answer(accessPath, 403, '', headers);
        const { message } = await expectError(getAccess, { code: 'insufficient_scope', upstreamStatus: 403 });
        expect(message).to.include('purchases');
      }
    });
  });

  it('waits for Retry-After inside `timeoutMs`, and says how long to wait when that is longer', async () => {
    const startMs = performance.now();
    answer(accessPath, 429, '', { 'Retry-After': '1' });
    answer(accessPath, 200, { community: { has_access: true } });
    expect(await getAccess()).to.deep.equal({ hasAccess: true });
    expect(performance.now() - startMs).to.equal(secondMs);
    answer(accessPath, 429, '', { 'Retry-After': '30' });
    await expectError(getAccess, { status: 503, retryAfterMs: 30_000 });
    expect(clock.countTimers()).to.equal(0);
  });

  it('takes a whole client', async () => {
    nock('https://metafy.example').get('/irk/api/v1/me').reply(200, documentedProfile);
    const elsewhere = new MetafyAPI({ ...clientOptions, baseURL: 'https://metafy.example', token: apiKey });
    expect((await elsewhere.getProfile()).username).to.equal('ada-coach');
  });

  it('refuses an id that could lead elsewhere, before anything is sent', async () => {
    const characters = ['/', '\\', '?page=1', '#b', '%2e%2e', '\r\nHost: evil.example', '\ud800'];
    for (const id of ['', 42, '..', '.', 'x'.repeat(201), ...characters.map((text) => `a${text}`)] as string[]) {
      await expectTypeError(() => api.getCommunityAccess(id), 'communityId');
    }
  });

  it('encodes an id', async () => {
    answer('/v1/me/purchases/communities/Sch%C3%A4ch%20%26%20Co', 404);
    expect(await api.getCommunityAccess('Schäch & Co')).to.deep.equal({ hasAccess: false });
  });

  it('refuses a path that could lead elsewhere, before anything is sent', async () => {
    for (const path of [
      ...['', 'v1/me', 'https://evil.example/v1/me', '//evil.example/v1/me', '@evil.example/v1/me'],
      ...['/../oauth/token', '/v1/../../oauth/token', '/v1/%2e%2e/%2E%2E/oauth/token', '/v1/..%2foauth'],
      ...['/v1/..%5coauth', '/v1\\..\\..\\oauth', '/v1/me?token=1', '/v1/me#x', '/v1/me/guides\n', '/v1/mé'],
      ...['/v1/100%', `/${'x'.repeat(2048)}`],
    ]) {
      await expectTypeError(() => api.get(path), 'path');
    }
  });

  it('refuses what is no token, of a source or as an option', async () => {
    for (const accessToken of ['', 'a\r\nb', undefined] as string[]) {
      await expectTypeError(() => createSource({ accessToken }).api.getProfile(), 'accessToken');
    }
    for (const token of [undefined, null, '', 'two words', 42, {}] as string[]) {
      await expectTypeError(() => new MetafyAPI({ token }), 'token');
    }
  });

  it('shows the key in no error and in no other form', async () => {
    const shown = [inspect(api, { depth: 9, showHidden: true }), JSON.stringify(api)];
    for (const [status, body, challenge] of [
      [401, apiKey, `error="invalid_token", error_description="no ${apiKey} here"`],
      [403, apiKey, `error="${apiKey}"`],
      [200, `{"community": "${apiKey}"`, ''],
      [200, { community: { has_access: apiKey } }, ''],
    ] as const) {
      answer(accessPath, status, body, toChallenge(challenge));
      const error = await caught<MetafyError>(getAccess);
      shown.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error.stack));
    }
    expect(shown.join('\n')).not.to.include(apiKey);
  });
});
