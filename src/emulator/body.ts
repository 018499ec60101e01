import type { IncomingMessage } from 'node:http';
import { type ParameterEntry, parseForm } from './parameters';
import { HTTPProblem } from './problems';

/** The largest request body that is read, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** Up to here an oversized body is read and thrown away, so that its sender gets to see the 413. */
const DRAIN_LIMIT_BYTES = 16 * BODY_LIMIT_BYTES;

/**
 * The whole body of a request.
 *
 * @throws {HTTPProblem} 413 when it is larger than `BODY_LIMIT_BYTES`.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not destroy the socket: the 413 still has to go out over it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes: Buffer = Buffer.from(chunk);
    size += bytes.length;
    if (size <= BODY_LIMIT_BYTES) chunks.push(bytes);
    if (size > DRAIN_LIMIT_BYTES) break;
  }
  if (size > BODY_LIMIT_BYTES) throw new HTTPProblem(413, 'The body is too large.');
  return Buffer.concat(chunks);
}

/**
 * The parameters of a body: JSON, a form or multipart, by its content type. A body of another type has
 * none, and neither has JSON that is not an object; a body without a type is read as a form, as in Rack.
 *
 * @throws {HTTPProblem} 400 when the body is not what its content type says.
 */
export async function parseBody(contentType: string | undefined, bytes: Buffer): Promise<ParameterEntry[]> {
  if (bytes.length === 0) return [];
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/json':
      return parseJSON(decodeText(bytes));
    case 'application/x-www-form-urlencoded':
    case undefined:
    case '':
      return parseForm(decodeText(bytes));
    case 'multipart/form-data':
      return parseMultipart(contentType ?? '', bytes);
    default:
      return [];
  }
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HTTPProblem(400, 'The body is not UTF-8.');
  }
}

function parseJSON(text: string): ParameterEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HTTPProblem(400, 'The body is not JSON.');
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

async function parseMultipart(contentType: string, bytes: Buffer): Promise<ParameterEntry[]> {
  try {
    const form = await new Response(bytes, { headers: { 'Content-Type': contentType } }).formData();
    return [...form.entries()];
  } catch {
    throw new HTTPProblem(400, 'The body is not multipart/form-data.');
  }
}
