import { expect } from 'chai';
import { MetafyAPI } from '../../src';
import { MetafyEmulator, type MetafyEmulatorFault, type MetafyEmulatorOptions, Visitor } from '../../src/emulator';
import { hourMs, minuteMs, useClock } from '../tokens/support/clock';
import {
  demoCommunityId,
  demoTiers,
  type SupportersSite,
  startSupportersSite as startSite,
} from './support/supporters-site';
import { issueTokens, listGrants, refreshModes } from './support/tokens';

/*
 * What public applications got wrong when they asked Metafy who supports them, through a guard of Express and a Metafy
 * that behaves like theirs. Ada supports the community in its highest tier, Grace in its lowest, Alan no longer; Edsger
 * only follows it.
 */
describe('a page for supporters', () => {
  const clock = useClock();
  let emulator: MetafyEmulator;
  let site: SupportersSite;

  async function start(
    options: Parameters<typeof startSite>[1] = {},
    emulated: MetafyEmulatorOptions = {},
  ): Promise<void> {
    emulator = await new MetafyEmulator(emulated).start();
    site = await startSite(emulator, options);
  }
  afterEach(async () => {
    await site[Symbol.asyncDispose]();
    await emulator.stop();
  });

  const countPurchases = () => emulator.requests.filter(({ path }) => path.includes('/purchases/')).length;

  it('opens for who supports the community, and asks Metafy once', async () => {
    await start();
    const visitor = await site.signIn('grace-student');
    for (let count = 0; count < 3; count += 1) expect((await site.open(visitor)).status).to.equal(200);
    expect(countPurchases()).to.equal(1);
  });

  it('sends who is not signed in to sign in', async () => {
    await start();
    expect(await site.open(new Visitor())).to.include({ status: 401, code: 'login_required' });
  });

  for (const noAccessForm of ['not_found', 'has_access_false'] as const) {
    it(`stays closed for those whose subscription has lapsed and who never had one (${noAccessForm})`, async () => {
      await start({}, { noAccessForm });
      for (const person of ['alan-lapsed', 'barbara-newcomer']) {
        const answer = await site.open(await site.signIn(person));
        expect(answer).to.include({ status: 403, code: 'no_access' });
      }
    });
  }

  it('stays closed for the follower who never paid: a membership is a free follow', async () => {
    await start();
    const visitor = await site.signIn('edsger-follower');
    expect(await site.open(visitor)).to.include({ status: 403, code: 'no_access' });
  });

  it('opens for a supporter who is missing from the memberships', async () => {
    await start();
    const { accessToken } = await issueTokens(emulator, 'grace-student', 'profile community purchases');
    const memberships = await new MetafyAPI({ token: accessToken, baseURL: emulator.url }).listMemberships().toArray();
    expect(memberships).to.deep.equal([]);
    expect((await site.open(await site.signIn('grace-student'))).status).to.equal(200);
  });

  it('stays closed for the wrong tier', async () => {
    await start({ tierIds: [demoTiers.student, demoTiers.innerCircle] });
    expect((await site.open(await site.signIn('ada-coach'))).status).to.equal(200);
    expect(await site.open(await site.signIn('grace-student'))).to.include({ status: 403, code: 'no_access' });
  });

  it('opens as soon as somebody has subscribed and signed in again', async () => {
    await start();
    const visitor = await site.signIn('barbara-newcomer');
    expect((await site.open(visitor)).status).to.equal(403);
    emulator.subscribe('barbara-newcomer', demoCommunityId, demoTiers.supporter);
    await site.signIn('barbara-newcomer', { visitor });
    expect((await site.open(visitor)).status).to.equal(200);
  });

  it('closes when Metafy says that a subscription has ended, at most 15 minutes later', async () => {
    await start();
    const visitor = await site.signIn('grace-student');
    expect((await site.open(visitor)).status).to.equal(200);
    emulator.cancel('grace-student', demoCommunityId);
    clock.advance(15 * minuteMs);
    expect((await site.open(visitor)).status).to.equal(403);
  });

  for (const mode of refreshModes) {
    it(`opens when the token has lapsed after two hours, for many requests at once (rotating ${mode})`, async () => {
      await start({}, { refreshMode: mode });
      const visitor = await site.signIn('grace-student');
      for (const refreshes of [1, 2, 3]) {
        clock.advance(2 * hourMs);
        const answers = await Promise.all(Array.from({ length: 20 }, () => site.open(visitor)));
        expect(answers.filter(({ status }) => status === 200)).to.have.length(20);
        expect(listGrants(emulator)).to.have.length(refreshes);
      }
    });
  }

  it('opens when Metafy ends a token before its time', async () => {
    await start();
    const visitor = await site.signIn('grace-student');
    const { accessToken } = await site.userTokens.get(emulator.users[1]?.id as string);
    emulator.expire(accessToken);
    expect((await site.open(visitor)).status).to.equal(200);
    expect(listGrants(emulator)).to.have.length(1);
  });

  it('opens after a sign-in by a route that asks for less', async () => {
    await start();
    const visitor = await site.signIn('grace-student');
    await site.signIn('grace-student', { path: '/auth/metafy/profile', visitor });
    expect((await site.open(visitor)).status).to.equal(200);
  });

  for (const insufficientScopeHeader of [true, false]) {
    const form = insufficientScopeHeader ? 'with its reason' : 'without a reason';
    it(`asks for the scope that a narrower sign-in lacks, and is no “no” (Metafy answers 403 ${form})`, async () => {
      await start({}, { insufficientScopeHeader });
      const visitor = await site.signIn('grace-student', { path: '/auth/metafy/profile' });
      const answer = await site.open(visitor);
      expect(answer).to.include({ status: 403, code: 'insufficient_scope' });
      expect(answer.message).to.include('purchases');
      await site.signIn('grace-student', { visitor });
      expect((await site.open(visitor)).status).to.equal(200);
    });
  }

  describe('during an outage', () => {
    // More of them, at random, are in ../faults/community-access.test.ts.
    const faults: Record<string, MetafyEmulatorFault> = {
      '503': { status: 503, headers: { 'Retry-After': '30' } },
      '200 with HTML': { status: 200, body: '<!doctype html>' },
      '403': { status: 403 },
      'no answer': { hang: true },
    };
    for (const [name, fault] of Object.entries(faults)) {
      for (const endpoint of ['purchases', 'token'] as const) {
        it(`stays as it was for a day, and is then unavailable, never “no” (${endpoint}: ${name})`, async () => {
          await start();
          const supporter = await site.signIn('grace-student');
          const stranger = await site.signIn('edsger-follower');
          for (const visitor of [supporter, stranger]) await site.open(visitor);
          clock.advance(24 * hourMs);
          emulator.fail(endpoint, fault, 100);
          expect((await site.open(supporter)).status).to.equal(200);
          expect((await site.open(stranger)).status).to.equal(403);
          clock.advance(15 * minuteMs);
          for (const visitor of [supporter, stranger]) expect((await site.open(visitor)).status).to.be.within(502, 504);
        });
      }

      it(`is unavailable, never “no”, for who has just signed in (${name})`, async () => {
        await start();
        const visitor = await site.signIn('grace-student');
        emulator.fail('purchases', fault, 100);
        const answer = await site.open(visitor);
        expect(answer.status).to.be.within(502, 504);
        expect(answer.code).not.to.equal('no_access');
      });
    }

    it('says when to come back', async () => {
      await start();
      const visitor = await site.signIn('grace-student');
      emulator.fail('purchases', { status: 429, headers: { 'Retry-After': '30' } });
      expect(await site.open(visitor)).to.include({ status: 503, retryAfter: '30' });
    });
  });
});
