import { createKeyv } from '@keyv/redis';
import { expect } from 'chai';
import type Keyv from 'keyv';
import { MetafyUserTokens } from '../../../src';
import type { MetafyEmulator } from '../../../src/emulator';
import { useRedis } from '../../support/redis';
import { issueTokens, listGrants, refreshModes, toClient, toRowKey, useToken } from '../support/tokens';
import { Machine, type Setup, startMachines } from './support/machine';
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

  async function killOneAt(order: Parameters<Machine['killAt']>[0]): Promise<void> {
    await (await Machine.start(setup)).killAt(order);
  }

  /** Both survivors get these users' tokens at once: what failed. */
  async function goOn(userIds: string[], hasLock: boolean): Promise<string[]> {
    const order = { userIds, callsPerUser: 5, hasLock };
    const reports = await Promise.all(survivors.map((machine) => machine.getTokens(order)));
    return reports.flatMap(({ failures }) => failures);
  }

  async function expectStoredToWork(userIds: string[]): Promise<void> {
    const stored = await Promise.all(userIds.map((userId) => users.get(userId)));
    expect(await countWorking(emulator, stored)).to.equal(userIds.length);
  }

  const readRows = () => Promise.all(emulator.users.map(({ id }) => keyv.get<string>(toRowKey(emulator, id))));

  for (const mode of refreshModes) {
    describe(`and Metafy rotates ${mode}`, () => {
      beforeEach(async () => {
        emulator.setRefreshMode(mode);
        [victim = '', ...others] = await storeExpiredTokens(emulator, users);
      });

      for (const hasLock of [true, false]) {
        const cost = mode === 'on_use' ? 'nobody anything' : 'one user another sign-in';
        it(`between Metafy’s answer and the store’s write, ${hasLock ? 'with' : 'without'} a lock, it costs ${cost}`, async () => {
          const rowsBefore = await readRows();
          for (const row of rowsBefore) expect(row).to.be.a('string');
          await killOneAt({ kind: 'stopBeforeStore', userId: victim, hasLock });
          expect(listGrants(emulator), 'Metafy has answered').to.have.length(1);
          expect(await readRows()).to.deep.equal(rowsBefore);

          expect(await goOn(others, hasLock), 'the other users').to.deep.equal([]);
          await expectStoredToWork(others);

          const failures = await goOn([victim], hasLock);
          if (mode === 'on_use') return void expect(failures).to.deep.equal([]);
          // With a lock, one machine may give it up while the other looks for newer tokens.
          expect(failures.some((failure) => failure.includes('sign in with Metafy again'))).to.equal(true);

          await users.set(victim, await issueTokens(emulator, victim));
          expect(await goOn([victim], hasLock), 'after another sign-in').to.deep.equal([]);
          expect(await useToken(emulator, await users.get(victim))).to.equal(200);
        });
      }

      it('while it holds a lock, that user waits for the end of the lease, with one refresh each', async () => {
        await killOneAt({ kind: 'stopInLock', userId: victim });
        // They would give up after two leases: a success means that they had to wait for one at most.
        expect(await goOn([victim, ...others], true)).to.deep.equal([]);
        expect(listGrants(emulator)).to.have.length(userCount);
        await expectStoredToWork([victim, ...others]);
      });
    });
  }
});
