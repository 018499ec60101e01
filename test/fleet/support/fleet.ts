import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { typescriptArguments } from '../../support/typescript';

export interface Setup {
  redisURL: string;
  emulatorURL: string;
  leaseMs: number;
}

/** What a machine is told to do. */
export type Order =
  | { kind: 'storm'; userIds: string[]; callsPerUser: number; hasLock: boolean }
  /** Refreshes, and stops between Metafy's answer and the store's write. */
  | { kind: 'stopBeforeStore'; userId: string; hasLock: boolean }
  /** Stops as soon as it holds the user's lock. */
  | { kind: 'stopInLock'; userId: string };

export type Report =
  | { kind: 'ready' }
  | { kind: 'stopped' }
  | { kind: 'stormed'; calls: number; failures: string[]; accessTokens: string[] };

export type StormReport = Extract<Report, { kind: 'stormed' }>;

/** A process of its own. */
export class Machine {
  readonly #process: ChildProcess;
  #waiting: { resolve(report: Report): void; reject(error: Error): void } | undefined;

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (report: Report) => this.#waiting?.resolve(report));
    process.on('exit', (code) => this.#waiting?.reject(new Error(`A machine has ended with ${code}.`)));
  }

  static async start(setup: Setup): Promise<Machine> {
    const child = fork(join(__dirname, 'worker.ts'), [JSON.stringify(setup)], {
      execArgv: typescriptArguments,
    });
    const machine = new Machine(child);
    try {
      await machine.#nextReport('ready');
    } catch (error) {
      child.kill();
      throw error;
    }
    return machine;
  }

  async storm(order: Omit<Extract<Order, { kind: 'storm' }>, 'kind'>): Promise<StormReport> {
    const report = this.#nextReport('stormed');
    this.#process.send({ kind: 'storm', ...order });
    return report as Promise<StormReport>;
  }

  /** Kills it, with SIGKILL, at the point that the order names. */
  async killAt(order: Exclude<Order, { kind: 'storm' }>): Promise<void> {
    const stopped = this.#nextReport('stopped');
    this.#process.send(order);
    await stopped;
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

  #nextReport(kind: Report['kind']): Promise<Report> {
    return new Promise((resolve, reject) => {
      const check = (report: Report) =>
        report.kind === kind
          ? resolve(report)
          : reject(new Error(`A machine reported ${report.kind}, not ${kind}.`));
      this.#waiting = { resolve: check, reject };
    });
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
