import { setTimeout as sleep } from 'node:timers/promises';
import { MetafyError, MetafyResponseError } from './errors';
import { type Connection, exchange, type HttpRequest, type HttpResponse } from './http';
import { parseBearerChallenge, toRefusalError } from './response-error';

/** Pauses before the second and the third attempt, in milliseconds. */
const pausesMs = [100, 400];

/** A longer `Retry-After`, in milliseconds, is the caller's to wait for. */
const longestPauseMs = 2000;

/**
 * Asks Metafy's API. A GET, which changes nothing, is repeated after network faults, 429, 502, 503 and 504
 * that ask for no wait longer than two seconds: at most twice, and inside the one `timeoutMs`.
 *
 * @throws MetafyOAuthError when Metafy gives its reason in `WWW-Authenticate`, MetafyResponseError otherwise
 */
export async function requestResource(connection: Connection, request: HttpRequest): Promise<HttpResponse> {
  const deadlineMs = performance.now() + connection.timeoutMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await requestOnce(connection, request, Math.ceil(deadlineMs - performance.now()));
    } catch (error) {
      const pauseMs = request.method === 'GET' ? choosePause(error, attempt) : undefined;
      if (pauseMs === undefined || performance.now() + pauseMs >= deadlineMs) throw error;
      await sleep(pauseMs);
    }
  }
}

async function requestOnce(
  connection: Connection,
  request: HttpRequest,
  timeoutMs: number,
): Promise<HttpResponse> {
  const response = await exchange(connection, request, timeoutMs);
  const { status, headers } = response;
  if (status >= 200 && status <= 299) return response;

  const [, token] = String(request.headers.Authorization ?? '').split(' ');
  const refusal = parseBearerChallenge(headers['www-authenticate'], token ? [token] : []);
  // Older Doorkeeper versions answer a missing scope with a bare 403.
  const hint = status === 403 && !refusal ? ' (has the token the scope it needs?)' : '';
  throw toRefusalError(`${request.method} ${request.target.place}${hint}`, response, refusal);
}

function choosePause(error: unknown, attempt: number): number | undefined {
  const pauseMs = pausesMs[attempt];
  if (pauseMs === undefined || !(error instanceof MetafyError)) return undefined;
  const isNetworkFault = error instanceof MetafyResponseError && error.code === 'network';
  if (!isNetworkFault && ![429, 502, 503, 504].includes(error.upstreamStatus ?? 0)) return undefined;
  const wantedMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
  return wantedMs <= longestPauseMs ? wantedMs : undefined;
}
