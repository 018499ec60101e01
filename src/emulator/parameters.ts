import { HTTPProblem } from './problems';

/** One name and value as they were sent; a value that is not a string came from JSON or a file upload. */
export type ParameterEntry = readonly [name: string, value: unknown];

/**
 * The parameters of a query or a body, read as strictly as an OAuth server should.
 *
 * Of a name that was sent twice the last one counts, as in Rack. `name[]=x` and `name[a]=x` make `name`
 * something other than a string.
 */
export class Parameters {
  readonly #values = new Map<string, unknown>();

  constructor(entries: Iterable<ParameterEntry> = []) {
    for (const [name, value] of entries) {
      const bracket = name.indexOf('[');
      if (bracket > 0) this.#values.set(name.slice(0, bracket), [value]);
      else this.#values.set(name, value);
    }
  }

  /**
   * The value of one parameter, `undefined` when it is absent or blank.
   *
   * @throws {HTTPProblem} 400 when it is not a string or holds a NUL byte.
   */
  get(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw new HTTPProblem(400, `The parameter ${name} must be one string.`);
    if (value.includes('\0')) throw new HTTPProblem(400, `The parameter ${name} holds a NUL byte.`);
    return value.trim() === '' ? undefined : value;
  }

  /** These parameters and the given ones, which win: Rails lets the query win over the body. */
  mergedWith(other: Parameters): Parameters {
    const merged = new Parameters();
    for (const source of [this, other]) {
      for (const [name, value] of source.#values) merged.#values.set(name, value);
    }
    return merged;
  }
}

/**
 * The name-value pairs of a query string or a form body, in their order.
 *
 * @throws {HTTPProblem} 400 on a broken percent-encoding, where `URLSearchParams` would guess.
 */
export function parseForm(text: string): ParameterEntry[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decodeComponent(name), decodeComponent(value)];
    });
}

function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new HTTPProblem(400, 'The percent-encoding of a parameter is broken.');
  }
}
