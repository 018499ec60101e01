import { once } from 'node:events';
import { inspect } from 'node:util';
import { expect } from 'chai';
import nock from 'nock';
import {
  MetafyAccessError,
  MetafyCommunityAccess,
  type MetafyCommunityAccessOptions,
  type MetafyLock,
  MetafyOAuthError,
  MetafyResponseError,
  type MetafyStore,
  type TokenSource,
} from '../../src';
import { caught } from '../support/caught';
import { useNock } from '../support/nock-metafy';
import { hourMs, minuteMs, secondMs, useClock } from '../tokens/support/clock';

const communityId = '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17';
const supporterTier = '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31';
const innerCircleTier = '3d906eb4-8c7f-4a52-9b30-e4fad2c97053';
const secret = 'at least 32 characters, only for tests';
const accessToken = 'RC5Gz1cV0mQ2bWJ4yHn8uK7tLs3dPqXeAoYiFwT6rB9';

/** How often a token was asked for, which is how often Metafy is. */
let tokenCount = 0;
const tokens = {
  of: (): TokenSource => ({
    async getToken() {
      tokenCount += 1;
      return { accessToken, scope: ['profile', 'purchases'] };
    },
  }),
};

function createAccess(options: Partial<MetafyCommunityAccessOptions> = {}): MetafyCommunityAccess {
  return new MetafyCommunityAccess({
    clientID: 'client-id-of-the-tests',
    clientSecret: 'client-secret-of-the-tests',
    // Too short for retries, which are not what is tested here.
    timeoutMs: 90,
    tokens,
    communityId,
    ...options,
  });
}

const yes = { community: { has_access: true, tier_id: supporterTier } };
const no = { community: { has_access: false, tier_id: null } };

/** The next request gets this answer. */
function answer(status: number, body?: nock.Body, headers?: nock.ReplyHeaders): nock.Interceptor {
  const request = nock('https://metafy.gg').get(`/irk/api/v1/me/purchases/communities/${communityId}`);
  request.reply(status, body, headers);
  return request;
}

/** A lock that works, for what runs in one process. */
function createLock(): MetafyLock {
  let last: Promise<unknown> = Promise.resolve();
  return (_key, task) => {
    const run = last.then(task);
    last = run.catch(() => undefined);
    return run;
  };
}

const failures: Record<string, () => void> = {
  'a 503': () => answer(503),
  'a 500': () => answer(500),
  'a 429': () => answer(429, '', { 'Retry-After': '60' }),
  'a 401': () => answer(401),
  'a 403': () => answer(403),
  HTML: () => answer(200, '<!doctype html>'),
  'JSON of another shape': () => answer(200, { has_access: false }),
  'a truncated body': () => answer(200, '{"community":{"has_access":fal'),
  'a connection that breaks': () => {
    nock('https://metafy.gg')
      .get(/purchases/)
      .replyWithError({ code: 'ECONNRESET' });
  },
  'no answer in time': () => {
    nock('https://metafy.gg')
      .get(/purchases/)
      .delay(1000)
      .reply(404);
  },
};

describe('MetafyCommunityAccess', () => {
  useNock();
  const clock = useClock();
  beforeEach(() => {
    tokenCount = 0;
  });

  it('says whether the user supports the community, in which tier, and when Metafy said so', async () => {
    answer(200, yes);
    const checkedAt = new Date();
    expect(await createAccess().check('user-1')).to.deep.equal({
      hasAccess: true,
      tierId: supporterTier,
      checkedAt,
      isStale: false,
    });
  });

  it('asks again when the answer is older than 15 minutes, and not before', async () => {
    const access = createAccess();
    answer(200, yes);
    await access.check('user-1');
    clock.advance(15 * minuteMs - 1);
    expect((await access.check('user-1')).hasAccess).to.equal(true);
    clock.advance(1);
    answer(200, no);
    expect(await access.check('user-1')).to.include({ hasAccess: false, isStale: false });
  });

  it('asks once for all who ask at the same time', async () => {
    const access = createAccess();
    answer(200, yes);
    const checks = await Promise.all(Array.from({ length: 1000 }, () => access.check('user-1')));
    expect(checks.every(({ hasAccess }) => hasAccess)).to.equal(true);
    expect(tokenCount).to.equal(1);
  });

  it('asks once for all who ask at the same time when Metafy gives no answer', async () => {
    const access = createAccess();
    answer(503);
    const checks = await Promise.allSettled(Array.from({ length: 100 }, () => access.check('user-1')));
    expect(checks.filter(({ status }) => status === 'rejected')).to.have.length(100);
    expect(tokenCount).to.equal(1);
  });

  it('asks again when the clock has been set back', async () => {
    const access = createAccess();
    answer(200, yes);
    await access.check('user-1');
    clock.advance(-hourMs);
    answer(200, no);
    expect((await access.check('user-1')).hasAccess).to.equal(false);
  });

  describe('says no', () => {
    it('when Metafy answers `has_access: false`', async () => {
      answer(200, no);
      expect((await createAccess().check('user-1')).hasAccess).to.equal(false);
    });

    it('when Metafy answers 404', async () => {
      answer(404);
      expect((await createAccess().check('user-1')).hasAccess).to.equal(false);
    });

    it('when the tier is not one that gives access, and says which it is', async () => {
      answer(200, yes);
      const check = await createAccess({ tierIds: [innerCircleTier] }).check('user-1');
      expect(check).to.include({ hasAccess: false, tierId: supporterTier });
    });

    it('when a tier is needed and Metafy names none', async () => {
      answer(200, { community: { has_access: true, tier_id: null } });
      expect((await createAccess({ tierIds: [innerCircleTier] }).check('user-1')).hasAccess).to.equal(false);
    });
  });

  it('decides about tiers when it is asked: a stored answer counts for other `tierIds` as well', async () => {
    const store = new Map<string, string>();
    answer(200, yes);
    await createAccess({ store, tierIds: [innerCircleTier] }).check('user-1');
    const wider = createAccess({ store, tierIds: [innerCircleTier, supporterTier] });
    expect(await wider.check('user-1')).to.include({ hasAccess: true, isStale: false });
  });

  for (const [name, fail] of Object.entries(failures)) {
    it(`keeps the last answer for 24 hours after it has aged, and then throws, at ${name}`, async () => {
      const access = createAccess();
      answer(200, yes);
      const { checkedAt } = await access.check('user-1');
      clock.advance(24 * hourMs + 15 * minuteMs - secondMs);
      fail();
      const kept = { hasAccess: true, tierId: supporterTier, checkedAt, isStale: true };
      expect(await access.check('user-1')).to.deep.equal(kept);
      clock.advance(secondMs);
      fail();
      expect((await caught<MetafyResponseError>(() => access.check('user-1'))).status).to.be.within(502, 504);
    });
  }

  it('keeps a no as well', async () => {
    const access = createAccess();
    answer(404);
    await access.check('user-1');
    clock.advance(hourMs);
    answer(503);
    expect(await access.check('user-1')).to.include({ hasAccess: false, isStale: true });
  });

  it('asks again after a failure', async () => {
    const access = createAccess();
    answer(200, yes);
    await access.check('user-1');
    clock.advance(hourMs);
    answer(503);
    await access.check('user-1');
    answer(200, yes);
    expect(await access.check('user-1')).to.include({ hasAccess: true, isStale: false });
  });

  it('takes what another machine was answered meanwhile, when it gets no answer itself', async () => {
    const store = new Map<string, string>();
    answer(200, no);
    await createAccess({ store }).check('user-1');
    clock.advance(hourMs);
    const failing = {
      of: (): TokenSource => ({
        async getToken() {
          answer(200, yes);
          await createAccess({ store }).check('user-1');
          throw new Error('The database of tokens is down.');
        },
      }),
    };
    const check = await createAccess({ store, tokens: failing }).check('user-1');
    expect(check).to.include({ hasAccess: true, isStale: false });
  });

  it('keeps no answer with `staleIfErrorMs: 0`, and asks every time with `maxAgeMs: 0`', async () => {
    const access = createAccess({ maxAgeMs: 0, staleIfErrorMs: 0 });
    answer(200, yes);
    await access.check('user-1');
    answer(503);
    expect(await caught(() => access.check('user-1'))).to.include({ status: 503 });
  });

  for (const code of ['login_required', 'insufficient_scope']) {
    const refusing = {
      of: (): TokenSource => ({
        getToken: () => Promise.reject(new MetafyOAuthError('No tokens are stored', { code })),
      }),
    };

    it(`throws ${code} with the scopes to sign in with, when there is no last answer`, async () => {
      const error = await caught(() => createAccess({ tokens: refusing }).check('user-1'));
      expect(error).to.be.instanceOf(MetafyOAuthError).and.to.include({ code });
      expect(error.message).to.include('profile purchases');
    });

    it(`keeps the last answer instead of ${code}`, async () => {
      const store = new Map<string, string>();
      answer(200, yes);
      await createAccess({ store }).check('user-1');
      clock.advance(hourMs);
      const check = await createAccess({ store, tokens: refusing }).check('user-1');
      expect(check).to.include({ hasAccess: true, isStale: true });
    });
  }

  describe('forget', () => {
    it('makes the next check ask Metafy', async () => {
      const access = createAccess();
      answer(404);
      await access.check('user-1');
      await access.forget('user-1');
      answer(200, yes);
      expect((await access.check('user-1')).hasAccess).to.equal(true);
    });

    it('leaves no answer to fall back on, which may be another account’s', async () => {
      const access = createAccess();
      answer(200, yes);
      await access.check('user-1');
      await access.forget('user-1');
      answer(503);
      expect(await caught(() => access.check('user-1'))).to.be.instanceOf(MetafyResponseError);
    });

    it('also forgets what is being asked at that moment', async () => {
      const access = createAccess();
      const metafy = nock('https://metafy.gg')
        .get(/purchases/)
        .delay(20)
        .reply(404);
      const asked = once(metafy, 'request');
      const before = access.check('user-1');
      await asked;
      await access.forget('user-1');
      answer(200, yes);
      expect((await access.check('user-1')).hasAccess).to.equal(true);
      expect((await before).hasAccess).to.equal(false);
    });

    it('rejects when the store does', async () => {
      const store = { get: () => undefined, set: () => true, delete: () => Promise.reject(new Error('down')) };
      expect((await caught(() => createAccess({ store }).forget('user-1'))).message).to.equal('down');
    });
  });

  describe('asks Metafy instead of a store', () => {
    const down = () => Promise.reject(new Error('The cache is down.'));
    const stores: Record<string, MetafyStore> = {
      'that rejects': { get: down, set: down, delete: down },
      'that throws': {
        get() {
          throw new Error('The cache is down.');
        },
        set() {
          throw new Error('The cache is down.');
        },
        delete: () => true,
      },
      'that never answers': { get: () => new Promise(() => {}), set: () => new Promise(() => {}), delete: () => true },
      'that keeps nothing': { get: () => undefined, set: () => false, delete: () => true },
      'that holds something else': { get: () => '{"hasAccess":"yes"}', set: () => true, delete: () => true },
      'that is damaged': { get: () => '{"hasAcc', set: () => true, delete: () => true },
    };
    for (const [name, store] of Object.entries(stores)) {
      it(name, async () => {
        answer(200, yes);
        expect(await createAccess({ store }).check('user-1')).to.include({ hasAccess: true, isStale: false });
      });
    }
  });

  it('takes no answer of another user, client, server or community', async () => {
    const store = new Map<string, string>();
    answer(200, yes);
    await createAccess({ store, secret }).check('user-1');
    const [[, row] = ['', '']] = [...store];
    const others: [Partial<MetafyCommunityAccessOptions>, string, string?][] = [
      [{}, 'user-2'],
      [{ clientID: 'another-client' }, 'user-1'],
      [{ baseURL: 'https://metafy.example' }, 'user-1'],
      [{ communityId: 'another' }, 'user-1', 'another'],
    ];
    for (const [options, userId, id = communityId] of others) {
      const before = new Set(store.keys());
      const respond = (body: object) =>
        nock(options.baseURL ?? 'https://metafy.gg')
          .get(`/irk/api/v1/me/purchases/communities/${id}`)
          .reply(200, body);
      respond(no);
      const other = createAccess({ store, secret, ...options });
      expect((await other.check(userId)).hasAccess).to.equal(false);
      // Nor when the first one's row is put into the place of theirs.
      const [key = ''] = [...store.keys()].filter((name) => !before.has(name));
      store.set(key, row);
      respond(no);
      expect((await other.check(userId)).hasAccess).to.equal(false);
    }
  });

  it('seals what it stores', async () => {
    const store = new Map<string, string>();
    answer(200, yes);
    await createAccess({ store, secret }).check('user-1');
    expect([...store.values()].join()).not.to.include(supporterTier);
    // Nobody who can write to the store can make a supporter.
    const [key = ''] = store.keys();
    store.set(key, JSON.stringify({ hasAccess: true, checkedAtMs: Date.now() }));
    answer(404);
    expect((await createAccess({ store, secret }).check('user-1')).hasAccess).to.equal(false);
  });

  it('tells the store when an answer may be dropped', async () => {
    const ttls: (number | undefined)[] = [];
    const store: MetafyStore = {
      get: () => undefined,
      set(_key, _value, ttlMs) {
        ttls.push(ttlMs);
      },
      delete: () => true,
    };
    answer(200, yes);
    await createAccess({ store, maxAgeMs: minuteMs, staleIfErrorMs: hourMs }).check('user-1');
    expect(ttls).to.deep.equal([minuteMs + hourMs]);
  });

  describe('with a lock', () => {
    it('asks once for all machines', async () => {
      const shared = { store: new Map<string, string>(), lock: createLock() };
      answer(200, yes);
      const checks = await Promise.all(Array.from({ length: 8 }, () => createAccess(shared).check('user-1')));
      expect(checks.every(({ hasAccess }) => hasAccess)).to.equal(true);
      expect(tokenCount).to.equal(1);
    });

    const locks: Record<string, MetafyLock> = {
      'that fails': () => Promise.reject(new Error('The lock is down.')),
      'that never answers': () => new Promise(() => {}),
      'that ends without running its task': (async () => undefined) as unknown as MetafyLock,
    };
    for (const [name, lock] of Object.entries(locks)) {
      it(`${name} does without it`, async () => {
        answer(200, yes);
        const access = createAccess({ lock });
        expect((await access.check('user-1')).hasAccess).to.equal(true);
        await access.forget('user-1');
        answer(404);
        expect((await access.check('user-1')).hasAccess).to.equal(false);
      });
    }

    it('asks Metafy once when it is Metafy that fails', async () => {
      answer(503);
      expect(await caught(() => createAccess({ lock: createLock() }).check('user-1'))).to.include({ status: 503 });
    });
  });

  describe('guard', () => {
    interface Request {
      userId?: string;
    }
    /** What `next` gets. */
    const run = (access: MetafyCommunityAccess, request: Request, getUserId = ({ userId }: Request) => userId) =>
      new Promise((resolve) => access.guard(getUserId)(request, undefined, resolve));

    it('lets a supporter through', async () => {
      answer(200, yes);
      expect(await run(createAccess(), { userId: 'user-1' })).to.equal(undefined);
    });

    it('hands on login_required, 401, when nobody is signed in', async () => {
      for (const userId of [undefined, '', null as unknown as string]) {
        const error = await run(createAccess(), { userId });
        expect(error).to.be.instanceOf(MetafyOAuthError).and.to.include({ code: 'login_required', status: 401 });
      }
    });

    it('hands on a MetafyAccessError, 403, with the community and the tiers', async () => {
      const tierIds = [innerCircleTier];
      answer(200, yes);
      const error = await run(createAccess({ tierIds }), { userId: 'user-1' });
      expect(error).to.be.instanceOf(MetafyAccessError).and.to.include({ status: 403, communityId });
      expect((error as MetafyAccessError).tierIds).to.deep.equal(tierIds);
    });

    it('hands on what the application throws, as an error', async () => {
      const cause = new Error('The session store is down.');
      const access = createAccess();
      const throwing = (thrown: unknown) => () => {
        throw thrown;
      };
      expect(await run(access, {}, throwing(cause))).to.equal(cause);
      expect(await run(access, {}, throwing(undefined))).to.be.instanceOf(Error);
    });
  });

  it('shows no token and no secret, in errors, in what it stores, and in itself', async () => {
    const store = new Map<string, string>();
    const access = createAccess({ store, secret });
    const shown: string[] = [];
    for (const [status, body, headers] of [
      [401, accessToken, { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${accessToken}"` }],
      [403, accessToken, { 'WWW-Authenticate': `Bearer error="${accessToken}"` }],
      [500, accessToken, {}],
      [200, `{"community": "${accessToken}"`, {}],
    ] as const) {
      answer(status, body, headers);
      const error = await caught(() => access.check('user-1'));
      shown.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error.stack));
    }
    answer(200, yes);
    shown.push(JSON.stringify(await access.check('user-1')), JSON.stringify([...store]));
    shown.push(inspect(access, { depth: 9, showHidden: true }), JSON.stringify(access));
    for (const hidden of [accessToken, secret, 'client-secret-of-the-tests']) {
      expect(shown.join('\n')).not.to.include(hidden);
    }
  });

  const misuses: [option: string, options: object][] = [
    ['clientID', { clientID: undefined }],
    ['tokens', { tokens: undefined }],
    ['tokens', { tokens: new Map() }],
    ['communityId', { communityId: undefined }],
    ['communityId', { communityId: '../../oauth' }],
    ['tierIds', { tierIds: undefined }],
    ['tierIds', { tierIds: [] }],
    ['tierIds', { tierIds: [''] }],
    ['tierIds', { tierIds: supporterTier }],
    ['store', { store: {} }],
    ['secret', { secret: undefined }],
    ['secret', { secret: 'short' }],
    ['lock', { lock: 'redis' }],
    ['maxAgeMs', { maxAgeMs: -1 }],
    ['staleIfErrorMs', { staleIfErrorMs: Number.NaN }],
  ];
  for (const [option, options] of misuses) {
    it(`refuses ${inspect(options)}, naming the option`, async () => {
      const error = await caught(() => createAccess(options));
      expect(error).to.be.instanceOf(TypeError);
      expect(error.message).to.include(option);
    });
  }

  it('refuses a user id that could be another one’s', async () => {
    for (const userId of ['', 'a\ud800', undefined]) {
      expect(await caught(() => createAccess().check(userId as string))).to.be.instanceOf(TypeError);
      expect(await caught(() => createAccess().forget(userId as string))).to.be.instanceOf(TypeError);
    }
  });
});
