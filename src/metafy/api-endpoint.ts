import type { OutgoingHttpHeaders } from 'node:http';
import type { MetafyServer } from './client';
import { errorFromResponse, parseBearerChallenge } from './error-response';
import { type HttpResponse, sendRequest, withoutQuery } from './http';
import { chooseAPIDelay, retry, retryDelaysMs, shareTimeout } from './retry';

/** A request to Metafy's API. */
export interface APIRequest {
  method: string;
  url: URL;
  headers: OutgoingHttpHeaders;
  body?: string | Buffer | undefined;
}

/**
 * Asks Metafy's API. A GET, which changes nothing, is retried inside the one `timeoutMs`.
 *
 * @throws MetafyOAuthError when Metafy gives its reason in `WWW-Authenticate`, MetafyResponseError otherwise
 */
export function requestAPI(
  server: Pick<MetafyServer, 'timeoutMs' | 'agent'>,
  request: APIRequest,
): Promise<HttpResponse> {
  const { timeoutMs, agent } = server;
  const { method, url, headers, body } = request;
  const send = (allowedMs: number, attempt: number) =>
    requestOnce({ method, url, headers, body, agent, timeoutMs: allowedMs, attempt });
  if (method !== 'GET') return send(timeoutMs, 1);
  const deadlineMs = performance.now() + timeoutMs;
  return retry(
    (index) => {
      const shareMs = shareTimeout(timeoutMs, deadlineMs - performance.now(), index);
      return send(shareMs, index + 1);
    },
    retryDelaysMs.apiRequest,
    (error, delayMs) => {
      const chosenMs = chooseAPIDelay(error, delayMs);
      return chosenMs !== undefined && performance.now() + chosenMs < deadlineMs ? chosenMs : undefined;
    },
  );
}

async function requestOnce(request: Parameters<typeof sendRequest>[0]): Promise<HttpResponse> {
  const response = await sendRequest(request);
  const { status, headers } = response;
  if (status >= 200 && status <= 299) return response;

  const [, token] = String(request.headers.Authorization ?? '').split(' ');
  const reason = parseBearerChallenge(headers['www-authenticate'], token ? [token] : []);
  // Older Doorkeeper versions answer a missing scope with a bare 403.
  const hint = status === 403 && !reason ? ' (does the token have the scope it needs?)' : '';
  throw errorFromResponse(`${request.method} ${withoutQuery(request.url)}${hint}`, response, reason);
}
