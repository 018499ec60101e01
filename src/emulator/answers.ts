import { STATUS_CODES } from 'node:http';
import { html } from './pages/html';
import type { OAuthProblem } from './problems';

/** A complete HTTP answer, before any fault tampers with it. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** What Rails sends along with an answer that no cache should reuse. */
export const REVALIDATE = 'max-age=0, private, must-revalidate';

/** What Doorkeeper sends along with everything about tokens. */
export const NEVER_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** 200 with JSON, as Rails renders it. */
export function jsonAnswer(value: unknown): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': JSON_TYPE, 'Cache-Control': REVALIDATE },
    body: JSON.stringify(value),
  };
}

/** 200 with a token response; the order of its keys is kept. */
export function tokenAnswer(value: object): Answer {
  return { status: 200, headers: { 'Content-Type': JSON_TYPE, ...NEVER_STORE }, body: JSON.stringify(value) };
}

/** A refusal of the token endpoint: 401 for `invalid_client`, 400 for all else. */
export function oauthErrorAnswer({ code, message }: OAuthProblem): Answer {
  return {
    status: code === 'invalid_client' ? 401 : 400,
    headers: { 'Content-Type': JSON_TYPE, ...NEVER_STORE, 'WWW-Authenticate': challenge(code, message) },
    body: JSON.stringify({ error: code, error_description: message }),
  };
}

/** The revoke endpoint's only refusal. */
export function unauthorizedClientAnswer(): Answer {
  return {
    status: 403,
    headers: { 'Content-Type': JSON_TYPE, 'Cache-Control': 'no-cache' },
    body: JSON.stringify({
      error: 'unauthorized_client',
      error_description: 'You are not authorized to revoke this token',
    }),
  };
}

/** 401 of the API: no body, the reason is in `WWW-Authenticate` only. */
export function invalidTokenAnswer(description: string): Answer {
  return {
    status: 401,
    headers: {
      'Content-Type': 'text/html',
      ...NEVER_STORE,
      'WWW-Authenticate': challenge('invalid_token', description),
    },
    body: '',
  };
}

/** 403 of the API: no body and no reason. */
export function forbiddenAnswer(caching: Record<string, string>): Answer {
  return { status: 403, headers: { 'Content-Type': 'text/html', ...caching }, body: '' };
}

/** The browser is sent elsewhere, with the words Rails puts into such a body. */
export function redirectAnswer(location: string, status: 302 | 303 = 302): Answer {
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache', Location: location },
    body: html`<html><body>You are being <a href="${location}">redirected</a>.</body></html>`.toString(),
  };
}

/** What Rails answers when a request ends in an exception: JSON for who accepts it first, else no body. */
export function problemAnswer(status: number, accept: string | undefined): Answer {
  if (!prefersJSON(accept)) {
    return { status, headers: { 'Content-Type': 'text/html; charset=UTF-8' }, body: '' };
  }
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ status, error: STATUS_CODES[status] ?? 'Error' }),
  };
}

/** Whether JSON comes first in an `Accept` header; like Rails, a list with a wildcard counts as a browser's. */
export function prefersJSON(accept: string | undefined): boolean {
  const types = (accept ?? '').split(',').map((type) => type.trim().toLowerCase());
  if (types.length > 1 && types.some((type) => type.startsWith('*/*'))) return false;
  return types[0]?.split(';', 1)[0]?.trim() === 'application/json';
}

function challenge(error: string, description: string): string {
  return `Bearer realm="Doorkeeper", error="${error}", error_description="${description}"`;
}
