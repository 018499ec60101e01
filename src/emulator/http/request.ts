import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { HTTPError } from './http-error';
import { type ParameterEntry, type Parameters, parseForm } from './parameters';

/** A request that has been read completely. */
export interface EmulatorRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The query string as it was sent, without the question mark. */
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the body and the query, which takes precedence, as in Rails. */
  readonly parameters: Parameters;
}

const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * The whole body of a request.
 *
 * @throws {HTTPError} 413 when it is larger than 64 KiB, after it has arrived: a sender that is still writing
 * would not read the response.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  if (size > BODY_LIMIT_BYTES) throw new HTTPError(413, 'The body is too large.');
  return Buffer.concat(chunks);
}

/**
 * The parameters of a JSON or form body. A body of another type has none, nor has JSON that is not an object;
 * a body without a type is read as a form, as in Rack.
 *
 * @throws {HTTPError} 400 when the body is not what its content type says.
 */
export function parseBody(contentType = '', bytes: Buffer): ParameterEntry[] {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (bytes.length === 0) return [];
  if (type === '' || type === 'application/x-www-form-urlencoded') return parseForm(decodeUTF8(bytes));
  return type === 'application/json' ? parseJSON(decodeUTF8(bytes)) : [];
}

function decodeUTF8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HTTPError(400, 'The body is not UTF-8.');
  }
}

function parseJSON(text: string): ParameterEntry[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  } catch {
    throw new HTTPError(400, 'The body is not JSON.');
  }
}
