import { types } from 'node:util';

/**
 * Calls a function of the application's that answers through a callback. It may be async: what it throws or rejects with
 * is an answer as well. Resolves to what the callback got after its error.
 */
export function fromCallback<Values extends unknown[]>(
  call: (done: (error?: unknown, ...values: Values) => void) => unknown,
): Promise<Values> {
  return new Promise((resolve, reject) => {
    const returned = call((error, ...values) => (error ? reject(error) : resolve(values)));
    if (types.isPromise(returned)) returned.catch(reject);
  });
}

/**
 * Hands the outcome of `promise` to callbacks, in a tick of its own: what a callback throws is an uncaught exception, as
 * in any callback, and never reaches the promise.
 */
export function deliverToCallback<Value>(
  promise: Promise<Value>,
  onError: (error: never) => unknown,
  onValue: (value: Value) => unknown,
): void {
  promise.then(
    (value) => process.nextTick(onValue, value),
    (error) => process.nextTick(onError, error as never),
  );
}
