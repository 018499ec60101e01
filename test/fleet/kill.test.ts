import { createKeyv } from '@keyv/redis';
import { expect } from 'chai';
import type Keyv from 'keyv';
import { MetafyUserTokens } from '../../src';
import type { MetafyEmulator } from '../../src/emulator';
import { useRedis } from '../support/redis';
import { listGrants, refreshModes, signIn, toClient, useToken } from '../tokens/support/metafy';
import { Machine, type Order, type Setup, startMachines } from './support/fleet';
import { countWorking, startCrowdedEmulator, storeExpiredTokens } from './support/people';

const userCount = 5;

describe('when a process of a fleet is killed', function () {
  this.timeout(60_000);
  const redis = useRedis();
  let setup: Setup;
  let emulator: MetafyEmulator;
  let keyv: Keyv;
  let users: MetafyUserTokens;
  let survivors: Machine[] = [];
  /** Whose tokens the killed process was working on, and everybody else. */
  let victim: string;
  let others: string[];

  before(async () => {
    emulator = await startCrowdedEmulator(userCount);
    keyv = createKeyv(redis.url, { throwOnErrors: true });
    users = new MetafyUserTokens({ ...toClient(emulator), store: keyv });
    setup = { redisURL: redis.url, emulatorURL: emulator.url, leaseMs: 1000 };
    survivors = await startMachines(2, setup);
  });
  after(async () => {
    await Promise.all(survivors.map((machine) => machine.stop()));
    await Promise.all((emulator?.users ?? []).map(({ id }) => users.delete(id)));
    await keyv?.disconnect();
    await emulator?.stop();
  });

  async function killOneAt(order: Exclude<Order, { kind: 'storm' }>): Promise<void> {
    await (await Machine.start(setup)).killAt(order);
  }

  /** Both survivors get these users' tokens at once: what failed. */
  async function goOn(userIds: string[], hasLock: boolean): Promise<string[]> {
    const order = { userIds, callsPerUser: 5, hasLock };
    const reports = await Promise.all(survivors.map((machine) => machine.storm(order)));
    return reports.flatMap(({ failures }) => failures);
  }

  async function expectStoredToWork(userIds: string[]): Promise<void> {
    const stored = await Promise.all(userIds.map((userId) => users.get(userId)));
    expect(await countWorking(emulator, stored)).to.equal(userIds.length);
  }

  for (const mode of refreshModes) {
    for (const hasLock of [true, false]) {
      describe(`between Metafy’s answer and the store’s write, ${hasLock ? 'with' : 'without'} a lock, ${mode}`, () => {
        let rowsBefore: unknown[];
        const readRows = () =>
          Promise.all([victim, ...others].map((userId) => keyv.get(`metafy-user:${userId}`)));

        beforeEach(async () => {
          emulator.setRefreshMode(mode);
          [victim = '', ...others] = await storeExpiredTokens(emulator, users);
          rowsBefore = await readRows();
          await killOneAt({ kind: 'stopBeforeStore', userId: victim, hasLock });
        });

        it('touches nobody’s row', async () => {
          expect(listGrants(emulator), 'Metafy has answered').to.have.length(1);
          expect(await readRows()).to.deep.equal(rowsBefore);
        });

        it('lets the others go on for all other users', async () => {
          expect(await goOn(others, hasLock)).to.deep.equal([]);
          await expectStoredToWork(others);
        });

        it(mode === 'on_use' ? 'costs nobody anything' : 'sends that user to sign in', async () => {
          const failures = await goOn([victim], hasLock);
          if (mode === 'on_use') return void expect(failures).to.deep.equal([]);
          expect(failures).not.to.be.empty;
          for (const failure of failures) expect(failure).to.include('has to sign in with Metafy again');
        });

        it('lets that user sign in again', async () => {
          await users.set(victim, await signIn(emulator, victim));
          expect(await goOn([victim], hasLock)).to.deep.equal([]);
          expect(await useToken(emulator, await users.get(victim))).to.equal(200);
        });
      });
    }

    describe(`while it holds a lock, ${mode}`, () => {
      beforeEach(async () => {
        emulator.setRefreshMode(mode);
        [victim = '', ...others] = await storeExpiredTokens(emulator, users);
        await killOneAt({ kind: 'stopInLock', userId: victim });
      });

      it('lets the others go on when the lease is over, with one refresh per user', async () => {
        // They would give up after two leases: a success means that they had to wait for one at most.
        expect(await goOn([victim, ...others], true)).to.deep.equal([]);
        expect(listGrants(emulator)).to.have.length(userCount);
        await expectStoredToWork([victim, ...others]);
      });

      it('makes nobody else wait', async () => {
        expect(await goOn(others, true)).to.deep.equal([]);
        expect(listGrants(emulator)).to.have.length(others.length);
      });
    });
  }
});
