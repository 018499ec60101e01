import type { IncomingHttpHeaders } from 'node:http';
import type { Parameters } from './parameters';

/** A request that has been read to its end. */
export interface Incoming {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The query string as it was sent, without the question mark. */
  readonly search: string;
  /** Of the query and the body. */
  readonly parameters: Parameters;
}
