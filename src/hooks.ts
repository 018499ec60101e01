import { types } from 'node:util';

/**
 * Calls what an application has put in, and which answers through a callback. It may be async: what it throws or
 * rejects with is an answer as well. Resolves to what the callback got after its error.
 */
export function callHook<Values extends unknown[]>(
  hook: (done: (error?: unknown, ...values: Values) => void) => unknown,
): Promise<Values> {
  return new Promise((resolve, reject) => {
    const returned = hook((error, ...values) => (error ? reject(error) : resolve(values)));
    if (types.isPromise(returned)) returned.catch(reject);
  });
}
