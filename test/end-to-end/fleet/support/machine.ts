import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { typescriptArguments } from '../../../support/typescript';

export interface Setup {
  redisURL: string;
  emulatorURL: string;
  leaseMs: number;
}

/** To get each user's tokens this many times at once. */
export interface GetTokens {
  userIds: string[];
  callsPerUser: number;
  hasLock: boolean;
}

/** To check this many times at once whether each user supports a community. */
export interface CheckAccess {
  communityId: string;
  userIds: string[];
  /** Those of them who do. */
  supporterIds: string[];
  checksPerUser: number;
  hasLock: boolean;
}

export type Order =
  | ({ kind: 'getTokens' } & GetTokens)
  | ({ kind: 'checkAccess' } & CheckAccess)
  /** Refreshes, and stops between Metafy's answer and the store's write. */
  | { kind: 'stopBeforeStore'; userId: string; hasLock: boolean }
  /** Stops as soon as it holds the user's lock. */
  | { kind: 'stopInLock'; userId: string };

export interface Report {
  kind: 'ready' | 'stopped' | 'done';
  calls: number;
  failures: string[];
}

/** A process of its own, which takes one order at a time. */
export class Machine {
  readonly #process: ChildProcess;
  readonly #ended: Promise<never>;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#ended = once(process, 'exit').then(([code]) => {
      throw new Error(`A machine has ended with ${code}.`);
    });
    this.#ended.catch(() => {});
  }

  static async start(setup: Setup): Promise<Machine> {
    const parameters = [JSON.stringify(setup)];
    const child = fork(join(__dirname, 'worker.ts'), parameters, { execArgv: typescriptArguments });
    const machine = new Machine(child);
    await machine.#nextReport('ready');
    return machine;
  }

  getTokens(order: GetTokens): Promise<Report> {
    return this.#send({ kind: 'getTokens', ...order }, 'done');
  }

  checkAccess(order: CheckAccess): Promise<Report> {
    return this.#send({ kind: 'checkAccess', ...order }, 'done');
  }

  /** Kills it, with SIGKILL, at the point that the order names. */
  async killAt(order: Extract<Order, { kind: 'stopBeforeStore' | 'stopInLock' }>): Promise<void> {
    await this.#send(order, 'stopped');
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    if (!this.#process.connected) return;
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }

  #send(order: Order, kind: Report['kind']): Promise<Report> {
    const report = this.#nextReport(kind);
    this.#process.send(order);
    return report;
  }

  async #nextReport(kind: Report['kind']): Promise<Report> {
    const [report] = await Promise.race([once(this.#process, 'message'), this.#ended]);
    if (report.kind !== kind) throw new Error(`A machine reported “${report.kind}”, not “${kind}”.`);
    return report;
  }
}

/** All of them, or none. */
export async function startMachines(count: number, setup: Setup): Promise<Machine[]> {
  const starts = await Promise.allSettled(Array.from({ length: count }, () => Machine.start(setup)));
  const machines = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failure = starts.find((start) => start.status === 'rejected');
  if (!failure) return machines;
  await Promise.all(machines.map((machine) => machine.stop()));
  throw failure.reason;
}
