import { expect } from 'chai';
import { MetafyCommunityAccess, MetafyUserTokens } from '../../src';
import { MetafyEmulator, type MetafyEmulatorFault } from '../../src/emulator';
import { issueTokens, toClient } from '../end-to-end/support/tokens';

const checkCount = Number(process.env.FUZZ_RUNS ?? 1000);
const faultShare = 0.1;
/** How often Metafy ends a person's access token before a check, so that the token endpoint is asked as well. */
const expiryShare = 0.05;
const concurrency = 20;
const timeoutMs = 300;

const faults: MetafyEmulatorFault[] = [
  { status: 503 },
  { reset: true },
  { hang: true },
  { status: 429, headers: { 'Retry-After': '1' } },
  { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><title>Metafy</title>' },
  { truncate: true },
];

const communityId = 'community-of-the-tests';
const people = Array.from({ length: 40 }, (_, index) => {
  const id = `person-${index}`;
  return { id, slug: id, name: `Person ${index}` };
});
const ids = people.map(({ id }) => id);
const supporters = new Set(ids.filter((_, index) => index % 2 === 0));

/** The same numbers from 0 to 1 in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe(`${checkCount} checks of ${people.length} people while ${faultShare * 100}% of Metafy's answers fail`, function () {
  this.timeout(checkCount * 100);

  it('tell nobody who supports the community no, and nobody else yes', async () => {
    await using emulator = await new MetafyEmulator({
      users: people,
      communities: [
        {
          id: communityId,
          title: 'Tests',
          ownerID: ids[1] as string,
          tiers: [{ id: 'tier-1', name: 'Supporter' }],
          subscriptions: [...supporters].map((userID) => ({ userID, tierID: 'tier-1' })),
        },
      ],
    }).start();
    const client = { ...toClient(emulator), timeoutMs };
    const tokens = new MetafyUserTokens({ ...client, store: new Map() });
    // Every check asks Metafy.
    const access = new MetafyCommunityAccess({ ...client, tokens, communityId, maxAgeMs: 0 });
    for (const id of ids) await tokens.set(id, await issueTokens(emulator, id, 'profile purchases'));

    const random = createRandom(20_260_501);
    const choose = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
    // More than the checks and their retries can use up.
    for (let count = 0; count < checkCount * 2; count += 1) {
      for (const endpoint of ['purchases', 'token'] as const) {
        emulator.fail(endpoint, random() < faultShare ? choose(faults) : { delayMs: 0 });
      }
    }

    const outcomes = { fresh: 0, stale: 0, unavailable: 0, wrong: 0 };
    async function check(id: string): Promise<void> {
      try {
        const { hasAccess, isStale } = await access.check(id);
        if (hasAccess !== supporters.has(id)) outcomes.wrong += 1;
        outcomes[isStale ? 'stale' : 'fresh'] += 1;
      } catch {
        outcomes.unavailable += 1;
      }
    }
    let started = 0;
    async function checkInTurn(): Promise<void> {
      while (started < checkCount) {
        started += 1;
        const id = choose(ids);
        const current = random() < expiryShare ? await tokens.get(id).catch(() => undefined) : undefined;
        if (current) emulator.expire(current.accessToken);
        await check(id);
      }
    }
    await Promise.all(Array.from({ length: concurrency }, checkInTurn));

    expect(outcomes.wrong).to.equal(0);
    expect(outcomes.fresh + outcomes.stale + outcomes.unavailable).to.equal(checkCount);
    // Otherwise the faults have not reached the checks.
    expect(outcomes.stale).to.be.above(checkCount * 0.01);
  });
});
