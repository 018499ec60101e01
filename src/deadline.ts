/**
 * `promise`, or what `onLate` gives or throws when it takes longer than `timeoutMs`. What has begun goes on; how it
 * ends is nobody's concern then.
 */
export async function within<Value>(
  promise: PromiseLike<Value>,
  timeoutMs: number,
  onLate: () => Value | PromiseLike<Value>,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  try {
    return await Promise.race([promise, late.then(onLate)]);
  } finally {
    clearTimeout(timer);
  }
}
