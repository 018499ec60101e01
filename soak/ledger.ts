import { isDeepStrictEqual } from 'node:util';
import type { SoakFault } from './faults';

/** Kinds of things that happen. */
export const activities = ['sign-in', 'refusal', 'forgery', 'refresh', 'revocation', 'owner token'] as const;

export type Activity = (typeof activities)[number];

/** What happened and what was wrong about it. */
export class Ledger {
  /** Of each activity, how many succeeded and how many failed, both as demanded. */
  readonly succeeded = toCounts();
  readonly failed = toCounts();
  /** What is demanded to have reached the emulator. */
  requests = 0;
  faults = 0;
  wrong = 0;
  /** The first few wrong outcomes. */
  readonly complaints: string[] = [];

  /** Notes the requests of an action that are demanded, of which all but the last met a fault. */
  expectRequests(requests: readonly string[], fault: SoakFault | undefined): void {
    this.requests += requests.length;
    this.faults += requests.length - (fault ? 0 : 1);
  }

  note(activity: Activity, hasSucceeded: boolean): void {
    (hasSucceeded ? this.succeeded : this.failed)[activity] += 1;
  }

  /** Complains unless `actual` is what is demanded; returns whether it is. */
  demand(what: string, actual: unknown, demanded: unknown): boolean {
    if (isDeepStrictEqual(actual, demanded)) return true;
    this.complain(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(demanded)}`);
    return false;
  }

  complain(complaint: string): void {
    this.wrong += 1;
    if (this.complaints.length < 20) this.complaints.push(maskTokens(complaint));
  }
}

/** Tokens and codes have 43 characters. */
function maskTokens(text: string): string {
  return text.replace(/[\w-]{43}/g, '[masked]');
}

function toCounts(): Record<Activity, number> {
  return Object.fromEntries(activities.map((activity) => [activity, 0])) as Record<Activity, number>;
}
