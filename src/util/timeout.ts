/**
 * `promise`, or what `onTimeout` gives or throws when it takes longer than `timeoutMs`. What has begun goes on; how it
 * ends is ignored then.
 */
export async function withTimeout<Value>(
  promise: PromiseLike<Value>,
  timeoutMs: number,
  onTimeout: () => Value | PromiseLike<Value>,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout.then(onTimeout)]);
  } finally {
    clearTimeout(timer);
  }
}
