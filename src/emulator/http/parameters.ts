import { HTTPError } from './http-error';

/** One name and value as they were sent; a value from JSON need not be a string. */
export type ParameterEntry = readonly [name: string, value: unknown];

/**
 * The parameters of a query and a body, read as strictly as an OAuth server should.
 *
 * Of a name that was sent twice the last one counts, as in Rack. `name[]=x` and `name[a]=x` make `name`
 * something other than a string.
 */
export class Parameters {
  readonly #values = new Map<string, unknown>();

  constructor(entries: Iterable<ParameterEntry>) {
    for (const [name, value] of entries) {
      const bracket = name.indexOf('[');
      if (bracket > 0) this.#values.set(name.slice(0, bracket), [value]);
      else this.#values.set(name, value);
    }
  }

  /**
   * The value of one parameter, `undefined` when it is absent or blank.
   *
   * @throws {HTTPError} 400 when it is not a string or contains a NUL byte.
   */
  get(name: string): string | undefined {
    const value = this.#values.get(name) ?? '';
    if (typeof value !== 'string') throw new HTTPError(400, `The parameter ${name} must be a single string.`);
    if (value.includes('\0')) throw new HTTPError(400, `The parameter ${name} contains a NUL byte.`);
    return value.trim() === '' ? undefined : value;
  }
}

/**
 * The name-value pairs of a query string or a form, in their order.
 *
 * @throws {HTTPError} 400 for malformed percent-encoding, where `URLSearchParams` would guess.
 */
export function parseForm(text: string): ParameterEntry[] {
  try {
    return text
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name = '', ...value] = pair.replaceAll('+', ' ').split('=').map(decodeURIComponent);
        return [name, value.join('=')];
      });
  } catch {
    throw new HTTPError(400, 'The percent-encoding of a parameter is malformed.');
  }
}
