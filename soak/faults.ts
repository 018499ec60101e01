import { createHash } from 'node:crypto';
import type { MetafyEmulatorEndpoint, MetafyEmulatorFault } from '../src/emulator';

/** One request in ten meets a fault. */
const faultRate = 0.1;

/** Carries the name of a request, from the application to the emulator: which fault it meets depends on it alone. */
export const requestNameHeader = 'x-soak-request';

/** What an application sees of a failure. */
export interface Failure {
  code: string;
  status: number;
  upstreamStatus?: number;
  retryAfterMs?: number;
}

export interface SoakFault {
  name: string;
  fault: MetafyEmulatorFault;
  /** What the documentation demands of a call that meets it and is not repeated. */
  failure: Failure;
  /** Whether a request for the profile is repeated after it. */
  isPassing: boolean;
  /** Whether Metafy did what it was asked, though its answer got lost. */
  isHandled: boolean;
}

const html = { 'Content-Type': 'text/html' };
const network = { code: 'network', status: 502 };

const soakFaults: readonly SoakFault[] = [
  toFault('hang', { hang: true }, { code: 'timeout', status: 504 }),
  toFault('reset', { reset: true }, network, { isPassing: true }),
  toFault('truncate', { truncate: true }, network, { isPassing: true, isHandled: true }),
  toFault('503', { status: 503 }, toBadStatus(503, 503), { isPassing: true }),
  toFault(
    '503 to be repeated later',
    { status: 503, headers: { 'Retry-After': '7' } },
    { ...toBadStatus(503, 503), retryAfterMs: 7000 },
  ),
  toFault('500', { status: 500, headers: html, body: '<h1>Oh no</h1>' }, toBadStatus(500, 502)),
  toFault('403', { status: 403 }, toBadStatus(403, 502)),
];

/** Which fault a request meets, the same in every process. */
export function chooseFault(requestName: string): SoakFault | undefined {
  const dice = createHash('sha256').update(requestName).digest().readUInt32BE();
  const throws = dice / 2 ** 32 / faultRate;
  return throws < 1 ? soakFaults[Math.floor(throws * soakFaults.length)] : undefined;
}

/** What is demanded of an action that makes one request which is never repeated. */
export function foreseeRequest(action: string, endpoint: MetafyEmulatorEndpoint) {
  const name = nameRequest(action, endpoint, 1);
  return { requests: [name], fault: chooseFault(name) };
}

/** What is demanded of reading the profile: three requests at most, while faults are passing ones. */
export function foreseeProfile(action: string) {
  const requests: string[] = [];
  let fault: SoakFault | undefined;
  do {
    const name = nameRequest(action, 'me', requests.length + 1);
    requests.push(name);
    fault = chooseFault(name);
  } while (fault?.isPassing && requests.length < 3);
  return { requests, fault };
}

/** @param count begins with 1 */
export function nameRequest(action: string, endpoint: MetafyEmulatorEndpoint, count: number): string {
  return `${action} ${endpoint} ${count}`;
}

function toFault(
  name: string,
  fault: MetafyEmulatorFault,
  failure: Failure,
  { isPassing = false, isHandled = false } = {},
): SoakFault {
  return { name, fault, failure, isPassing, isHandled };
}

function toBadStatus(upstreamStatus: number, status: number): Failure {
  return { code: 'bad_status', status, upstreamStatus };
}
