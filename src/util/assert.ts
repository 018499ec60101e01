/*
 * Checks of what an application passes in. Each throws a `TypeError` that names the option and says what it must be,
 * never what it is: it may be a secret in the wrong place.
 */

type Kind = 'option' | 'parameter' | 'environment variable';

/**
 * Refuses what looks like another spelling of an option: `clientId`, `scopes`, `redirect_uri`, `timeout`. Keys that
 * resemble none are left alone, since options are often spread from a larger configuration; so is one beside the right one.
 *
 * @throws TypeError naming both
 */
export function rejectMisnamed<Options extends object>(
  options: Options,
  names: readonly (keyof Options & string)[],
): void {
  for (const given of Object.keys(options)) {
    if ((names as readonly string[]).includes(given)) continue;
    const simple = simplifyName(given);
    const meant = names.find((name) => simplifyName(name) === simple);
    if (meant !== undefined && options[meant] === undefined) {
      throw new TypeError(`unknown option \`${given}\`: did you mean \`${meant}\`?`);
    }
  }
}

const otherNames: Record<string, string> = { redirecturl: 'callbackurl', callback: 'callbackurl' };

/** Without case, separators, unit and plural. */
function simplifyName(name: string): string {
  const simple = name.toLowerCase().replace(/[_-]/g, '').replace(/m?s$/, '').replace(/uri$/, 'url');
  return Object.hasOwn(otherNames, simple) ? (otherNames[simple] as string) : simple;
}

/** @throws TypeError naming `name` */
export function requireString(name: string, value: unknown, kind: Kind = 'option'): string {
  if (typeof value === 'string' && value !== '') return value;
  const hint = kind === 'option' && !value ? ': is the environment variable set?' : '';
  throw new TypeError(`${kind} \`${name}\` must be a non-empty string, but is ${describeType(value)}${hint}`);
}

/** @throws TypeError naming `option`; timers hold at most 2^31 - 1 ms */
export function requireDuration(option: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value < 2 ** 31) return value;
  throw new TypeError(`option \`${option}\` must be a number of milliseconds above 0`);
}

/** @throws TypeError naming `option` */
export function requireStrings(option: string, value: unknown): string | readonly string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.every((item) => typeof item === 'string')) return value as string | readonly string[];
  throw new TypeError(`option \`${option}\` must be a string or a list of strings`);
}

/** @throws TypeError naming `name` */
export function requireFunction(name: string, value: unknown, kind: Kind): void {
  if (typeof value === 'function') return;
  throw new TypeError(`${kind} \`${name}\` must be a function, but is ${describeType(value)}`);
}

/** @throws TypeError naming `parameter` */
export function requireObject(parameter: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  throw new TypeError(`parameter \`${parameter}\` must be an object, but is ${describeType(value)}`);
}

/** @throws TypeError naming `option` */
export function requireMethods(option: string, value: unknown, methods: readonly string[]): void {
  const object = value as Record<string, unknown> | null | undefined;
  if (methods.every((method) => typeof object?.[method] === 'function')) return;
  throw new TypeError(`option \`${option}\` must have the methods ${methods.join(', ')}`);
}

/**
 * The application's id of a user, which becomes part of a key in a store.
 *
 * @throws TypeError when it is empty, or not well-formed Unicode: stores write UTF-8, in which all lone surrogates are the
 *   same
 */
export function requireUserId(userId: unknown): string {
  if (requireString('userId', userId, 'parameter').isWellFormed()) return userId as string;
  throw new TypeError('parameter `userId` must be well-formed Unicode, without lone surrogates');
}

/** In characters. Metafy's tokens have 43. */
const maxTokenLength = 16 * 1024;

/** What `isToken` takes, for messages. */
export const tokenRule = `1 to ${maxTokenLength} printable ASCII characters`;

/** A token as it may stand in a header and in a request to Metafy. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxTokenLength && /^[\x21-\x7e]+$/.test(value);
}

/** @throws TypeError naming `name`, before anything is sent */
export function requireToken(name: string, value: unknown, kind: Kind = 'parameter'): string {
  if (isToken(value)) return value;
  throw new TypeError(`${kind} \`${name}\` must be a token: ${tokenRule}`);
}

/** Secrets of the application's own are at least this long, in characters. */
const minSecretLength = 32;

/**
 * The secrets to seal with, the newest first.
 *
 * @throws TypeError when there is none, or one that can be guessed: whoever has a sealed text can try, offline
 */
export function requireSecrets(option: string, value: unknown): readonly string[] {
  const secrets: unknown[] = Array.isArray(value) ? value : [value];
  const areUsable = secrets.every((secret) => typeof secret === 'string' && secret.length >= minSecretLength);
  if (areUsable && secrets.length > 0) return secrets as string[];
  throw new TypeError(
    `option \`${option}\` must be a string of at least ${minSecretLength} characters, or a list of them, the newest ` +
      'first: is the environment variable set? `node -p "crypto.randomBytes(32).toString(\'base64\')"` makes one',
  );
}

function describeType(value: unknown): string {
  return value === '' ? 'empty' : value === null ? 'null' : typeof value;
}
