import { setTimeout as sleep } from 'node:timers/promises';
import { MetafyError, MetafyResponseError } from '../errors';
import { isStaleConnection } from './http';

/**
 * Every retry of this package, each with its delays in milliseconds; beside it `MetafyAPI` asks again after a 401, with
 * another token. Nothing else is sent twice: a code is single-use and a refresh rotates.
 */
export const retryDelaysMs = {
  /** A GET to the API, after what `chooseAPIDelay` names. */
  apiRequest: [100, 400],
  /** A token request or a revocation that went out on a kept connection which the server had closed. */
  tokenRequest: [0],
  /** Storing new tokens, whose only copy they are. */
  storeWrite: [100, 400, 1600],
  /**
   * Reading, after `invalid_grant`, what another machine is about to store: Metafy answered it before it answered us. Also
   * as long as a store may lag behind.
   */
  storeRead: [20, 50, 100, 200, 400, 800, 1600],
} as const;

/**
 * Calls `attempt` until it resolves, once more for each of `delaysMs`.
 *
 * @param chooseDelay the delay before the next attempt, in milliseconds; `undefined` to give up with this error
 */
export function retry<Result>(
  attempt: (index: number) => Promise<Result>,
  delaysMs: readonly number[],
  chooseDelay: (error: unknown, delayMs: number) => number | undefined = (_error, delayMs) => delayMs,
  index = 0,
): Promise<Result> {
  return attempt(index).catch(async (error) => {
    const delayMs = delaysMs[index];
    const chosenMs = delayMs === undefined ? undefined : chooseDelay(error, delayMs);
    if (chosenMs === undefined) throw error;
    if (chosenMs > 0) await sleep(chosenMs);
    return retry(attempt, delaysMs, chooseDelay, index + 1);
  });
}

/** After a network fault, an attempt that took its share of the deadline, 429, 502, 503 and 504. */
export function chooseAPIDelay(error: unknown, delayMs: number): number | undefined {
  if (!(error instanceof MetafyError)) return undefined;
  const isFault = error instanceof MetafyResponseError && ['network', 'timeout'].includes(error.code);
  if (!isFault && ![429, 502, 503, 504].includes(error.upstreamStatus ?? 0)) return undefined;
  return Math.max(delayMs, error.retryAfterMs ?? 0);
}

/** After a kept connection that closed without a byte of an answer. */
export function chooseTokenDelay(error: unknown, delayMs: number): number | undefined {
  return isStaleConnection(error) ? delayMs : undefined;
}

/** How long one attempt of `retryDelaysMs.apiRequest` may take, in milliseconds: a third of the deadline, at least a second. */
export function shareTimeout(timeoutMs: number, remainingMs: number, index: number): number {
  const isLast = index === retryDelaysMs.apiRequest.length;
  return isLast ? remainingMs : Math.min(remainingMs, Math.max(timeoutMs / 3, 1000));
}
