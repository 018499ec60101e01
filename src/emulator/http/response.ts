import { STATUS_CODES } from 'node:http';

/** A complete HTTP response, before any fault tampers with it. */
export interface EmulatorResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The content type of JSON. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** What Rails sends with a response that caches must revalidate. */
export const REVALIDATE = 'max-age=0, private, must-revalidate';

/** What Doorkeeper sends with everything about tokens. */
export const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** 200 with JSON, as Rails renders it. */
export function jsonResponse(value: unknown): EmulatorResponse {
  return {
    status: 200,
    headers: { 'Content-Type': JSON_TYPE, 'Cache-Control': REVALIDATE },
    body: JSON.stringify(value),
  };
}

/** What Rails answers when a request ends in an exception: JSON if `Accept` prefers it, otherwise no body. */
export function errorResponse(status: number, accept: string | undefined): EmulatorResponse {
  if (!prefersJSON(accept)) {
    return { status, headers: { 'Content-Type': 'text/html; charset=UTF-8' }, body: '' };
  }
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ status, error: STATUS_CODES[status] }),
  };
}

/** Whether JSON comes first in an `Accept` header; as in Rails, a list with a wildcard counts as a browser's. */
export function prefersJSON(accept = ''): boolean {
  const types = accept.split(',').map((type) => type.trim().toLowerCase());
  if (types.length > 1 && types.some((type) => type.startsWith('*/*'))) return false;
  return types[0]?.split(';', 1)[0]?.trim() === 'application/json';
}

/** The value of `WWW-Authenticate` for an OAuth error. */
export function bearerChallenge(error: string, description: string): string {
  return `Bearer realm="Doorkeeper", error="${error}", error_description="${description}"`;
}
