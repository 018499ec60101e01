import type { IncomingMessage } from 'node:http';
import type { ParameterEntry } from './parameters';

/**
 * One request the emulator received, **as it was sent**: with the client secret, the tokens, the code and the
 * verifier, so that a test can check them. Do not point an application with real credentials at an emulator.
 */
export interface MetafyEmulatorRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Empty when it could not be parsed; a list where a name occurs more than once. */
  readonly query: Readonly<Record<string, unknown>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parameters of a JSON or form body; `undefined` when there were none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** The status of the response; `undefined` until there is one. */
  readonly status: number | undefined;
  readonly receivedAt: Date;
}

/** An entry whose request is still being handled. */
export type OpenEntry = { -readonly [Key in keyof MetafyEmulatorRequest]: MetafyEmulatorRequest[Key] };

/** So that an emulator in a terminal does not grow for ever. */
const ENTRY_LIMIT = 10_000;

/** The requests received, oldest first. */
export class RequestLog {
  readonly entries: MetafyEmulatorRequest[] = [];

  /** Adds a request whose headers have arrived. */
  add({ method = '', headers }: IncomingMessage, path: string): OpenEntry {
    const entry: OpenEntry = {
      method,
      path,
      query: {},
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body: undefined,
      status: undefined,
      receivedAt: new Date(),
    };
    this.entries.push(entry);
    if (this.entries.length > ENTRY_LIMIT) this.entries.shift();
    return entry;
  }

  clear(): void {
    this.entries.length = 0;
  }
}

/** Parameters as an object; a list where a name occurs more than once. */
export function toObject(entries: readonly ParameterEntry[]): Record<string, unknown> {
  const lists = new Map<string, unknown[]>();
  for (const [name, value] of entries) {
    const list = lists.get(name);
    if (list) list.push(value);
    else lists.set(name, [value]);
  }
  return Object.fromEntries([...lists].map(([name, list]) => [name, list.length > 1 ? list : list[0]]));
}
