import { MetafyResponseError } from '../errors';
import { type JSONObject, parseJSONObject } from '../util/json';
import type { MetafyClient } from './client';
import { errorFromResponse, type OAuthErrorResponse, parseErrorBody } from './error-response';
import { type HttpResponse, sendRequest } from './http';
import { chooseTokenDelay, retry, retryDelaysMs } from './retry';
import { parseTokenResponse, type TokenResponse } from './token-response';

/** The body of a request, without the client's credentials, which are added here. */
export type TokenRequest = Record<string, unknown> & { grant_type: string };

/** What the token endpoint needs. */
export type TokenClient = Pick<
  MetafyClient,
  'clientID' | 'clientSecret' | 'tokenURL' | 'timeoutMs' | 'agent' | 'headers'
>;

/**
 * Asks the token endpoint.
 *
 * @throws MetafyOAuthError when Metafy refuses, MetafyResponseError when it gives no usable answer
 * @see Metafy's documentation: a JSON body with the credentials in it. HTTP Basic is never sent beside it, since newer
 *   Doorkeeper versions refuse two kinds of client authentication at once.
 */
export async function requestToken(client: TokenClient, request: TokenRequest): Promise<TokenResponse> {
  const what = `the ${request.grant_type} request`;
  const response = await post(client, client.tokenURL, request);
  const json = parseJSONObject(response.body);
  // Also in a 200: an OAuth error is one whatever the status around it.
  const reason = json?.error === undefined ? undefined : readReason(client, request, json);
  if (reason || !isSuccess(response)) throw errorFromResponse(what, response, reason);
  if (json) return parseTokenResponse(json, response.status);
  throw new MetafyResponseError(`Metafy answered ${what} with something that is not a JSON object`, {
    code: 'bad_body',
    upstreamStatus: response.status,
  });
}

/**
 * Asks the revoke endpoint.
 *
 * @throws MetafyOAuthError when Metafy refuses, MetafyResponseError when it gives no usable answer
 * @see RFC 7009, section 2.2: the status alone says that a token is revoked; Metafy's documentation
 */
export async function requestRevocation(client: MetafyClient, request: Record<string, string>): Promise<void> {
  const response = await post(client, client.revocationURL, request);
  if (isSuccess(response)) return;
  const json = parseJSONObject(response.body);
  throw errorFromResponse('the revocation', response, json && readReason(client, request, json));
}

function post(client: TokenClient, url: URL, request: Record<string, unknown>): Promise<HttpResponse> {
  const { clientID, clientSecret, timeoutMs, agent } = client;
  const body = JSON.stringify({ ...request, client_id: clientID, client_secret: clientSecret });
  const headers = {
    ...client.headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  };
  const deadlineMs = performance.now() + timeoutMs;
  return retry(
    (index) => {
      const remainingMs = deadlineMs - performance.now();
      return sendRequest({ method: 'POST', url, headers, body, agent, timeoutMs: remainingMs, attempt: index + 1 });
    },
    retryDelaysMs.tokenRequest,
    chooseTokenDelay,
  );
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299;
}

function readReason(client: TokenClient, request: JSONObject, answer: JSONObject): OAuthErrorResponse | undefined {
  const { code, code_verifier, refresh_token, token } = request;
  const sent = [client.clientSecret, code, code_verifier, refresh_token, token];
  const secrets = [...sent, answer.access_token, answer.refresh_token]
    // Shorter ones are no secrets, and parts of any word.
    .filter((value): value is string => typeof value === 'string' && value.length >= 4)
    .flatMap((secret) => [secret, encodeForm(secret)]);
  return parseErrorBody(answer, secrets);
}

function encodeForm(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1);
}
