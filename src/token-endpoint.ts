import type { MetafyClient, TokenClient } from './client';
import { MetafyResponseError } from './errors';
import { exchange, type HttpTarget } from './http';
import { type JSONObject, parseAnswer } from './json';
import { type Refusal, toRefusal, toRefusalError } from './response-error';
import { checkTokenResponse, type TokenResponse } from './tokens';

/** The body of a request, without the client's credentials, which are added here. */
export type TokenRequest = Record<string, unknown> & { grant_type: string };

/**
 * Asks the token endpoint, once: a code is single-use and a refresh rotates, so nothing is ever repeated.
 *
 * @throws MetafyOAuthError when Metafy refuses, MetafyResponseError when it gives no usable answer
 * @see Metafy's documentation: a JSON body with the credentials in it. HTTP Basic is never sent beside it, since
 *   newer Doorkeeper versions refuse two kinds of client authentication at once.
 */
export async function requestToken(client: TokenClient, request: TokenRequest): Promise<TokenResponse> {
  const { json, status } = await post(client, client.token, `the ${request.grant_type} request`, request);
  return checkTokenResponse(json, status);
}

/**
 * Asks the revoke endpoint, once.
 *
 * @throws MetafyOAuthError when Metafy refuses, MetafyResponseError when it gives no usable answer
 * @see RFC 7009, section 2.1; Metafy's documentation
 */
export async function requestRevocation(
  client: MetafyClient,
  request: Record<string, string>,
): Promise<void> {
  await post(client, client.revocation, 'the revocation', request);
}

async function post(
  client: TokenClient,
  target: HttpTarget,
  what: string,
  request: Record<string, unknown>,
): Promise<{ json: JSONObject; status: number }> {
  const body = JSON.stringify({ ...request, client_id: client.clientID, client_secret: client.clientSecret });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const response = await exchange(client, { method: 'POST', target, headers, body });

  const { status } = response;
  // RFC 7009, section 2.2: the status alone says that a token is revoked.
  const json = response.body === '' ? {} : parseAnswer(response.body);
  // Also in a 200: an OAuth error is one whatever the status around it.
  const refusal = json?.error === undefined ? undefined : readRefusal(client, request, json);
  if (refusal || status < 200 || status > 299) throw toRefusalError(what, response, refusal);
  if (!json) {
    throw new MetafyResponseError(`Metafy answered ${what} with something that is not a JSON object`, {
      code: 'bad_body',
      upstreamStatus: status,
    });
  }
  return { json, status };
}

function readRefusal(client: TokenClient, request: JSONObject, answer: JSONObject): Refusal | undefined {
  const { error: code, error_description: description, error_uri: uri } = answer;
  return toRefusal({ code, description, uri }, listSecrets(client, request, answer));
}

function listSecrets(
  client: TokenClient,
  { code, code_verifier, refresh_token, token }: JSONObject,
  answer: JSONObject,
): string[] {
  const sent = [client.clientSecret, code, code_verifier, refresh_token, token];
  return [...sent, answer.access_token, answer.refresh_token]
    .filter((value): value is string => typeof value === 'string' && value !== '')
    .flatMap((secret) => [secret, encodeForm(secret)]);
}

function encodeForm(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1);
}
