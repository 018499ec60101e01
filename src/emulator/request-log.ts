import type { IncomingMessage } from 'node:http';
import type { Masker } from './masking';
import type { ParameterEntry } from './parameters';

/** One request the emulator received, without its secrets: each of them reads `[masked]`. */
export interface MetafyEmulatorRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Empty when it could not be parsed; a list where a name came more than once. */
  readonly query: Readonly<Record<string, unknown>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parameters of a JSON, form or multipart body; `undefined` when there were none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** What it was answered with; `undefined` as long as it is not, or when it never was. */
  readonly status: number | undefined;
  readonly receivedAt: Date;
}

/** An entry whose request is still being handled. */
export class OpenEntry implements MetafyEmulatorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly receivedAt = new Date();
  query: Record<string, unknown> = {};
  body: Record<string, unknown> | undefined = undefined;
  status: number | undefined = undefined;
  readonly #masker: Masker;

  constructor(request: IncomingMessage, path: string, masker: Masker) {
    this.#masker = masker;
    this.method = request.method ?? '';
    this.path = masker.maskText(path);
    this.headers = masker.maskHeaders(request.headers);
  }

  addQuery(entries: readonly ParameterEntry[]): void {
    this.query = this.#masker.maskParameters(entries);
  }

  addBody(entries: readonly ParameterEntry[]): void {
    if (entries.length > 0) this.body = this.#masker.maskParameters(entries);
  }
}

/** As many requests as are remembered, so that an emulator in a terminal does not grow for ever. */
const ENTRY_LIMIT = 10_000;

/** What has been received, oldest first. */
export class RequestLog {
  readonly entries: MetafyEmulatorRequest[] = [];
  readonly #masker: Masker;

  constructor(masker: Masker) {
    this.#masker = masker;
  }

  /** Notes a request whose headers have arrived. */
  open(request: IncomingMessage, path: string): OpenEntry {
    const entry = new OpenEntry(request, path, this.#masker);
    this.entries.push(entry);
    if (this.entries.length > ENTRY_LIMIT) this.entries.shift();
    return entry;
  }

  clear(): void {
    this.entries.length = 0;
  }
}
