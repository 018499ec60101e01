import { types } from 'node:util';

/**
 * Calls a function of the application's that answers through a callback. Resolves to what the callback got after its
 * error, and rejects with what the function throws, before its callback or after it. One that is async is waited for.
 */
export function fromCallback<Values extends unknown[]>(
  call: (done: (error?: unknown, ...values: Values) => void) => unknown,
): Promise<Values> {
  return new Promise((resolve, reject) => {
    let answer: Values | undefined;
    let isRunning = true;
    const settle = (): void => {
      if (answer && !isRunning) resolve(answer);
    };
    const returned = call((error, ...values) => {
      if (error) reject(error);
      answer ??= values;
      settle();
    });
    const end = (): void => {
      isRunning = false;
      settle();
    };
    // What async functions return, and nothing else with a `then`: a query of knex or Mongoose would run again.
    if (types.isPromise(returned)) returned.then(end, reject);
    else end();
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
