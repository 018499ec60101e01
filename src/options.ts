/*
 * Checks of what an application passes in. Each throws a TypeError that names the option and says what it must
 * be, never what it is: it may be a secret in the wrong place.
 */

/** Runs `check` and puts `owner` in front of the message of its `TypeError`. */
export function explainMisuse<Result>(owner: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`${owner}: ${error.message}`) : error;
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

/** @throws TypeError naming `scope` */
export function requireScope<Scope extends string | readonly string[]>(scope: Scope): Scope {
  const scopes: unknown[] = Array.isArray(scope) ? scope : [scope];
  if (scopes.every((value) => typeof value === 'string')) return scope;
  throw new TypeError('option `scope` must be a string or a list of strings');
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

/** @throws TypeError naming `option` */
export function requireMethods(option: string, value: unknown, methods: readonly string[]): void {
  const object = value as Record<string, unknown> | null | undefined;
  if (methods.every((method) => typeof object?.[method] === 'function')) return;
  throw new TypeError(`option \`${option}\` must have the methods ${methods.join(', ')}`);
}

/** @throws TypeError naming `parameter`, before anything is sent */
export function requireToken(owner: string, parameter: string, value: unknown): void {
  if (isToken(value)) return;
  throw new TypeError(`${owner}: \`${parameter}\` must be a token: 1 to 4096 printable characters`);
}

/** A token as it may stand in a header and in a request to Metafy; 43 characters today. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 4096 && /^[\x21-\x7e]+$/.test(value);
}
