/*
 * Checks of what an application passes in. Each throws a TypeError that names the option and says what it must
 * be, never what it is: it may be a secret in the wrong place.
 */

/** Runs `check` and puts `owner` in front of the message of its `TypeError`. */
export function explainMisuse<Result>(owner: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (error instanceof TypeError) error.message = `${owner}: ${error.message}`;
    throw error;
  }
}

/** @throws TypeError naming `option` */
export function requireText(option: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`option \`${option}\` must be a non-empty string, but is ${describeType(value)}`);
}

/** @throws TypeError naming `option`; timers hold at most 2^31 - 1 ms */
export function requireDuration(option: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value < 2 ** 31) return value;
  throw new TypeError(`option \`${option}\` must be a number of milliseconds above 0`);
}

/** @throws TypeError naming `parameter` */
export function requireFunction(parameter: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new TypeError(`\`${parameter}\` must be a function, but is ${describeType(value)}`);
}

/** @throws TypeError naming `option` */
export function requireObject(option: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  throw new TypeError(`\`${option}\` must be an object, but is ${describeType(value)}`);
}

function describeType(value: unknown): string {
  return value === '' ? 'empty' : value === null ? 'null' : typeof value;
}
