import { inspect } from 'node:util';
import { expect } from 'chai';
import nock from 'nock';
import {
  MetafyCommunityAccess,
  type MetafyCommunityAccessOptions,
  type MetafyLock,
  MetafyOAuthError,
  type MetafyStore,
  type TokenSource,
} from '../../src';
import { caught, expectError, expectTypeError } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { documentedTokens, useNock } from '../support/nock-metafy';
import { hourMs, minuteMs, useClock } from '../tokens/support/clock';
import { createLock } from '../tokens/support/machine';
import { Gate } from '../tokens/support/remote-store';

const communityId = '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17';
const tierId = '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31';
const otherTier = '3d906eb4-8c7f-4a52-9b30-e4fad2c97053';
const secret = 'at least 32 characters, only for tests';
const accessToken = documentedTokens.access_token;
const timeoutMs = 10_000;

const yes = { community: { has_access: true, tier_id: tierId } };
const no = { community: { has_access: false, tier_id: null } };

/** The next requests get this answer. */
const answer = (status: number, body?: nock.Body, headers?: nock.ReplyHeaders, times = 1): nock.Scope =>
  nock('https://metafy.gg')
    .get(`/irk/api/v1/me/purchases/communities/${communityId}`)
    .times(times)
    .reply(status, body, headers);

describe('MetafyCommunityAccess', () => {
  useNock();
  const clock = useClock({ timers: true });
  /** How often a token was asked for, which is how often Metafy is. */
  let tokenCount = 0;
  let store: Map<string, string>;
  let access: MetafyCommunityAccess;
  const toTokens = (getToken: TokenSource['getToken']) => ({ of: (): TokenSource => ({ getToken }) });
  const tokens = toTokens(async () => {
    tokenCount += 1;
    return { accessToken, scope: ['profile', 'purchases'] };
  });
  const create = (options: Partial<MetafyCommunityAccessOptions> = {}) =>
    new MetafyCommunityAccess({ ...clientOptions, timeoutMs, tokens, communityId, store, ...options });
  const check = () => access.check('user-1');
  /** What never answers; all deadlines pass. */
  const keepSilent = (): Promise<never> => {
    setImmediate(clock.tick, timeoutMs);
    return new Promise(() => undefined);
  };

  beforeEach(() => {
    tokenCount = 0;
    store = new Map();
    access = create();
  });

  it('says whether the user supports the community, in which tier, and when Metafy said so', async () => {
    answer(200, yes);
    expect(await check()).to.deep.equal({ hasAccess: true, tierId, checkedAt: new Date(), isStale: false });
  });

  it('asks again when the answer is older than 15 minutes, and not before', async () => {
    answer(200, yes);
    await check();
    clock.advance(15 * minuteMs - 1);
    expect(await check()).to.include({ hasAccess: true, isStale: false });
    clock.advance(1);
    answer(200, no);
    expect(await check()).to.include({ hasAccess: false, isStale: false });
  });

  it('asks once for all who ask at the same time, also when Metafy gives no answer', async () => {
    answer(500);
    const failed = Array.from({ length: 100 }, () => expectError(check, { upstreamStatus: 500 }));
    expect(new Set(await Promise.all(failed)).size).to.equal(1);
    answer(200, yes);
    const checks = await Promise.all(Array.from({ length: 1000 }, check));
    expect(checks.every(({ hasAccess }) => hasAccess)).to.equal(true);
    expect(tokenCount).to.equal(2);
  });

  it('asks again when the clock has been set back, and keeps no answer from the far future', async () => {
    answer(200, yes);
    await check();
    clock.advance(-hourMs);
    answer(500);
    expect(await check()).to.include({ hasAccess: true, isStale: true });
    clock.advance(-24 * hourMs);
    answer(500);
    await expectError(check, { upstreamStatus: 500 });
  });

  describe('says no when', () => {
    it('Metafy answers 404 or `has_access: false`', async () => {
      for (const [status, body] of [
        [404, ''],
        [200, no],
      ] as const) {
        answer(status, body);
        expect(await create({ store: new Map() }).check('user-1')).to.include({ hasAccess: false, isStale: false });
      }
    });

    it('the tier is not one that gives access, and says which it is', async () => {
      answer(200, yes);
      expect(await create({ tierIds: [otherTier] }).check('user-1')).to.include({ hasAccess: false, tierId });
      const wider = create({ tierIds: [otherTier, tierId] });
      expect(await wider.check('user-1'), 'decided when it is asked').to.include({ hasAccess: true, isStale: false });
    });

    it('a tier is needed and Metafy names none', async () => {
      answer(200, { community: { has_access: true, tier_id: null } });
      expect((await create({ tierIds: [otherTier] }).check('user-1')).hasAccess).to.equal(false);
    });
  });

  const failures: Record<string, () => nock.Scope> = {
    'a 503': () => answer(503, '', {}, 3),
    'a 500': () => answer(500),
    'a 429': () => answer(429, '', { 'Retry-After': '60' }),
    'a 401': () => answer(401),
    'a 403': () => answer(403),
    HTML: () => answer(200, '<!doctype html>'),
    'JSON of another shape': () => answer(200, { has_access: false }),
    'a truncated body': () => answer(200, '{"community":{"has_access":fal'),
    'a connection that breaks': () =>
      nock('https://metafy.gg')
        .get(/purchases/)
        .times(3)
        .replyWithError('broken'),
    'no answer in time': () =>
      nock('https://metafy.gg')
        .get(/purchases/)
        .reply(keepSilent),
  };
  for (const [name, fail] of Object.entries(failures)) {
    it(`keeps the last answer for 24 hours after it has aged, and then throws, at ${name}`, async () => {
      answer(200, yes);
      const { checkedAt } = await check();
      clock.advance(24 * hourMs + 14 * minuteMs);
      fail();
      expect(await check()).to.deep.equal({ hasAccess: true, tierId, checkedAt, isStale: true });
      clock.advance(minuteMs);
      fail();
      expect(await caught(check))
        .to.have.property('status')
        .that.is.within(502, 504);
    });
  }

  it('keeps a no as well, and asks again after a failure', async () => {
    answer(404);
    await check();
    clock.advance(hourMs);
    answer(500);
    expect(await check()).to.include({ hasAccess: false, isStale: true });
    answer(200, yes);
    expect(await check()).to.include({ hasAccess: true, isStale: false });
  });

  it('takes what another machine was answered meanwhile, when it gets no answer itself', async () => {
    answer(200, no);
    await check();
    clock.advance(hourMs);
    const failing = toTokens(async () => {
      answer(200, yes);
      await check();
      throw new Error('The database of tokens is down.');
    });
    const late = create({ tokens: failing });
    expect(await late.check('user-1')).to.include({ hasAccess: true, isStale: false });
  });

  it('keeps no answer with `staleIfErrorMs: 0`, and asks every time with `maxAgeMs: 0`', async () => {
    access = create({ maxAgeMs: 0, staleIfErrorMs: 0 });
    answer(200, yes);
    await check();
    answer(500);
    await expectError(check, { status: 502 });
  });

  for (const code of ['login_required', 'insufficient_scope']) {
    it(`throws ${code} with the scopes to sign in with, when there is no last answer`, async () => {
      answer(200, yes);
      await check();
      access = create({ tokens: toTokens(() => Promise.reject(new MetafyOAuthError('none', { code }))) });
      clock.advance(hourMs);
      expect(await check()).to.include({ hasAccess: true, isStale: true });
      await access.forget('user-1');
      const { message } = await expectError(check, { name: 'MetafyOAuthError', code });
      expect(message).to.include('profile purchases');
    });
  }

  describe('forget', () => {
    it('makes the next check ask Metafy, without an answer to fall back on, which may be another account’s', async () => {
      answer(200, yes);
      await check();
      await access.forget('user-1');
      answer(500);
      await expectError(check, { upstreamStatus: 500 });
    });

    it('also forgets what is being asked at that moment', async () => {
      const gate = new Gate();
      nock('https://metafy.gg')
        .get(/purchases/)
        .reply(() => gate.hook().then(() => [404]));
      const before = check();
      await gate.reached;
      const forgetting = access.forget('user-1');
      gate.release();
      expect((await before).hasAccess).to.equal(false);
      await forgetting;
      answer(200, yes);
      expect((await check()).hasAccess).to.equal(true);
    });

    it('rejects when the store does', async () => {
      const failing = Object.assign(new Map(), { delete: () => Promise.reject(new Error('down')) });
      await expectError(() => create({ store: failing }).forget('user-1'), { message: 'down' });
    });
  });

  const down = () => Promise.reject(new Error('The cache is down.'));
  const brokenStores: Record<string, Partial<MetafyStore>> = {
    'that fails': { get: down, set: down },
    'that never answers': { get: keepSilent, set: keepSilent },
    'that keeps nothing': { get: () => undefined, set: () => false },
    'that holds something else': { get: () => '{"hasAccess":"yes"}' },
    'that holds an answer without a time': { get: () => '{"hasAccess":true}' },
    'that holds a tier of another type': { get: () => `{"hasAccess":true,"tierId":7,"checkedAtMs":${Date.now()}}` },
    'that is damaged': { get: () => '{"hasAcc' },
  };
  for (const [name, methods] of Object.entries(brokenStores)) {
    it(`asks Metafy instead of a store ${name}`, async () => {
      access = create({ store: Object.assign(new Map(), methods) });
      answer(200, yes);
      expect(await check()).to.include({ hasAccess: true, isStale: false });
    });
  }

  it('takes no answer of another user, client, server or community, wherever its row is put', async () => {
    access = create({ secret });
    answer(200, yes);
    await check();
    const [row = ''] = store.values();
    const others: [Partial<MetafyCommunityAccessOptions>, userId: string][] = [
      [{}, 'user-2'],
      [{ clientID: 'another-client' }, 'user-1'],
      [{ baseURL: 'https://metafy.example' }, 'user-1'],
      [{ communityId: 'another' }, 'user-1'],
    ];
    for (const [options, userId] of others) {
      const { baseURL = 'https://metafy.gg', communityId: id = communityId } = options;
      nock(baseURL).get(`/irk/api/v1/me/purchases/communities/${id}`).times(2).reply(200, no);
      const other = create({ secret, ...options });
      for (let count = 0; count < 2; count += 1) {
        expect((await other.check(userId)).hasAccess).to.equal(false);
        store.set([...store.keys()].at(-1) as string, row);
      }
    }
  });

  it('seals what it stores: nobody who can write to the store can make a supporter', async () => {
    access = create({ secret });
    answer(200, no);
    await check();
    const [[key, row] = ['', '']] = store;
    expect(row).not.to.include('hasAccess');
    store.set(key, JSON.stringify({ hasAccess: true, checkedAtMs: Date.now() }));
    answer(404);
    expect((await check()).hasAccess).to.equal(false);
  });

  it('tells the store when an answer may be dropped', async () => {
    const ttlsMs: unknown[] = [];
    const set = (_key: string, _value: string, ttlMs?: number) => ttlsMs.push(ttlMs);
    answer(200, yes);
    const noting = Object.assign(new Map(), { set });
    await create({ store: noting, maxAgeMs: minuteMs, staleIfErrorMs: hourMs }).check('user-1');
    expect(ttlsMs).to.deep.equal([minuteMs + hourMs]);
  });

  describe('with a lock', () => {
    it('asks once for all machines', async () => {
      const { lock } = createLock();
      answer(200, yes);
      const checks = await Promise.all(Array.from({ length: 8 }, () => create({ lock }).check('user-1')));
      expect(checks.every(({ hasAccess }) => hasAccess)).to.equal(true);
      expect(tokenCount).to.equal(1);
    });

    const brokenLocks: Record<string, MetafyLock> = {
      fails: () => Promise.reject(new Error('The lock is down.')),
      'never answers': keepSilent,
    };
    for (const [problem, lock] of Object.entries(brokenLocks)) {
      it(`does without one that ${problem}`, async () => {
        access = create({ lock });
        answer(200, yes);
        expect((await check()).hasAccess).to.equal(true);
        await access.forget('user-1');
        answer(404);
        expect((await check()).hasAccess).to.equal(false);
      });
    }

    it('asks Metafy once when it is Metafy that fails', async () => {
      access = create({ lock: createLock().lock });
      answer(500);
      await expectError(check, { status: 502 });
    });
  });

  describe('guard', () => {
    /** What `next` gets for a request of `userId`. */
    const run = (getUserId: () => string | null | undefined): Promise<unknown> =>
      new Promise((resolve) => access.guard(getUserId)({}, undefined, resolve));

    it('lets a supporter through', async () => {
      answer(200, yes);
      expect(await run(() => 'user-1')).to.equal(undefined);
    });

    it('hands on login_required, 401, when nobody is signed in', async () => {
      const loginRequired = { name: 'MetafyOAuthError', code: 'login_required', status: 401 };
      for (const userId of [undefined, '', null]) expect(await run(() => userId)).to.include(loginRequired);
    });

    it('hands on a MetafyAccessError, 403, with the community and the tiers', async () => {
      const tierIds = [otherTier];
      access = create({ tierIds });
      answer(200, yes);
      const error = await run(() => 'user-1');
      expect(error).to.deep.include({ status: 403, communityId, tierIds }).and.include({ name: 'MetafyAccessError' });
    });

    it('hands on what the application throws, as an error', async () => {
      const cause = new Error('The session store is down.');
      const throwing = (thrown: unknown) => () => {
        throw thrown;
      };
      expect(await run(throwing(cause))).to.equal(cause);
      expect(await run(throwing(undefined))).to.be.instanceOf(Error);
    });
  });

  it('shows no token and no secret, in errors, in what it stores, and in itself', async () => {
    access = create({ secret });
    const shown: string[] = [];
    for (const [status, body, challenge] of [
      [401, accessToken, `Bearer error="invalid_token", error_description="${accessToken}"`],
      [403, accessToken, `Bearer error="${accessToken}"`],
      [200, `{"community": "${accessToken}"`, ''],
    ] as const) {
      answer(status, body, { 'WWW-Authenticate': challenge });
      const error = await caught(check);
      shown.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error.stack));
    }
    answer(200, yes);
    shown.push(JSON.stringify([await check(), ...store, access]), inspect(access, { depth: 9, showHidden: true }));
    for (const hidden of [accessToken, secret, clientOptions.clientSecret]) {
      expect(shown.join('\n')).not.to.include(hidden);
    }
  });

  it('refuses options at fault, by their name', async () => {
    for (const [option, values] of Object.entries({
      clientID: [undefined],
      tokens: [undefined, new Map()],
      communityId: [undefined, '../../oauth'],
      tierIds: [undefined, [], [''], tierId],
      store: [{}],
      secret: [undefined],
      lock: ['redis'],
      maxAgeMs: [-1],
      staleIfErrorMs: [Number.NaN, Number.POSITIVE_INFINITY],
    })) {
      for (const value of values) await expectTypeError(() => create({ [option]: value }), option);
    }
    await expectTypeError(() => access.check(''), 'userId');
    await expectTypeError(() => access.forget(''), 'userId');
  });
});
