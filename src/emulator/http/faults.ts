import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type EmulatorResponse, JSON_TYPE } from './response';

/**
 * An endpoint that can be made to fail: those of OAuth, `/v1/me`, and the API calls that say whether a person
 * supports a community, which community they own, which they follow, and who subscribes to theirs.
 */
export type MetafyEmulatorEndpoint =
  | 'authorize'
  | 'token'
  | 'revoke'
  | 'me'
  | 'purchases'
  | 'community'
  | 'memberships'
  | 'subscribers';

const ENDPOINTS: readonly MetafyEmulatorEndpoint[] = [
  ...(['authorize', 'token', 'revoke'] as const),
  ...(['me', 'purchases', 'community', 'memberships', 'subscribers'] as const),
];

/** A prepared response; a `body` that is an object is sent as JSON. */
export interface MetafyEmulatorAnswer {
  /** @default 200 */
  status?: number;
  headers?: Record<string, string>;
  /** @default '' */
  body?: string | object;
}

/**
 * One way for an endpoint to fail:
 * - `delayMs`: the request is handled, and answered as usual, only after this time;
 * - `hang`: it is accepted and never answered, until `stop()` closes its connection;
 * - `status`: it is not handled; this is the response;
 * - `truncate`: it is handled, but only a part of the announced response arrives before the connection ends;
 * - `reset`: it is not handled, and the connection is reset.
 */
export type MetafyEmulatorFault =
  | { delayMs: number }
  | { hang: true }
  | (MetafyEmulatorAnswer & { status: number })
  | { truncate: true }
  | { reset: true };

/** The faults that are still to happen, by endpoint, first in first out. */
export class FaultQueue {
  readonly #queues = new Map<MetafyEmulatorEndpoint, MetafyEmulatorFault[]>();

  /** @throws {TypeError} naming what is wrong with the endpoint, the fault or the number of times. */
  add(endpoint: MetafyEmulatorEndpoint, fault: MetafyEmulatorFault, times: number): void {
    check(ENDPOINTS.includes(endpoint), `endpoint must be one of ${ENDPOINTS.join(', ')}`);
    check(Number.isInteger(times) && times > 0, 'times must be a positive integer');
    checkFault(fault);
    const queue = this.#queues.get(endpoint) ?? [];
    this.#queues.set(endpoint, queue);
    for (let count = 0; count < times; count += 1) queue.push(fault);
  }

  clear(): void {
    this.#queues.clear();
  }

  /** Removes and returns the fault for the next request to an endpoint. */
  take(endpoint: MetafyEmulatorEndpoint | undefined): MetafyEmulatorFault | undefined {
    return endpoint && this.#queues.get(endpoint)?.shift();
  }
}

/**
 * The response that a test has prepared.
 *
 * @throws {TypeError} when the status or a header cannot be sent.
 */
export function toResponse({ status = 200, headers, body = '' }: MetafyEmulatorAnswer): EmulatorResponse {
  check(Number.isInteger(status) && status >= 200 && status <= 599, 'status must be from 200 to 599');
  for (const [name, value] of Object.entries(headers ?? {})) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  if (typeof body === 'string') return { status, headers: { ...headers }, body };
  return { status, headers: { 'Content-Type': JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

function checkFault(fault: MetafyEmulatorFault): void {
  check(typeof fault === 'object' && fault !== null, 'fault must be an object, such as { status: 503 }');
  const kinds = ['delayMs', 'hang', 'status', 'truncate', 'reset'].filter((kind) => kind in fault);
  check(kinds.length === 1, 'fault must have exactly one of delayMs, hang, status, truncate, reset');
  if ('delayMs' in fault) {
    check(Number.isFinite(fault.delayMs) && fault.delayMs >= 0, 'delayMs must be a number of milliseconds');
  }
  if ('status' in fault) toResponse(fault);
}

function check(isValid: boolean, requirement: string): asserts isValid {
  if (!isValid) throw new TypeError(`${requirement}.`);
}
