import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from './http';
import { createRandom } from './statistics';

/*
 * The authorization server and API of every contender. The token issued for a code names that code, and the profile
 * names it as the user's id, so that each login can be checked to have got its own tokens and profile.
 */

/** What has come, and how it is answered. */
export const upstream = { url: '', requests: 0, connections: 0, delayMs: 0 };

let faultRate = 0;
let random = createRandom(0);
const hangMs = 30_000;

export async function startUpstream(): Promise<void> {
  const { server, url } = await listen(answer);
  upstream.url = url;
  server.on('connection', () => upstream.connections++);
}

/** Lets a share of the requests for a profile fail, each time in the same order. */
export function breakProfiles(rate: number): void {
  faultRate = rate;
  random = createRandom(20260101);
}

const access = { community: { has_access: true, tier_id: 'tier' } };

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  upstream.requests += 1;
  let body = '';
  for await (const chunk of request) body += chunk;
  if (upstream.delayMs > 0) await sleep(upstream.delayMs);
  const url = request.url ?? '';
  if (url.includes('/token')) sendJSON(response, issueTokens(body));
  else if (url.includes('/purchases/')) sendJSON(response, access);
  else if (random() < faultRate) await fail(request, response);
  else sendProfile(request, response);
}

/** Each kind as often as the others. */
async function fail(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const kind = Math.floor(random() * 3);
  if (kind === 0) response.writeHead(503).end();
  else if (kind === 1) request.socket.resetAndDestroy();
  if (kind < 2) return;
  // A hang is answered in the end, for whoever still waits.
  await sleep(hangMs, undefined, { ref: false });
  sendProfile(request, response);
}

/** What each contender takes for a profile: Metafy's is wrapped; passport-google-oauth20 has the token in the query. */
function sendProfile({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
  const id = /access-of-([\w-]+)/.exec(headers.authorization ?? url)?.[1];
  const names = { slug: 'ada-coach', login: 'ada-coach', name: 'Ada Coach', email: 'ada@example.com' };
  const user = { id, sub: id, ...names, avatar_url: 'https://cdn.example/ada.png' };
  sendJSON(response, url.endsWith('/v1/me') ? { user } : user);
}

/** Takes JSON and forms; codes have letters, digits and `-` only. */
function issueTokens(body: string): object {
  const code = /\bcode(?:":"|=)([\w-]+)/.exec(body)?.[1] ?? 'nobody';
  const tokens = { access_token: `access-of-${code}`, refresh_token: `refresh-of-${code}` };
  const created_at = Math.floor(Date.now() / 1000);
  return { ...tokens, token_type: 'Bearer', expires_in: 7200, scope: 'profile purchases', created_at };
}

function sendJSON(response: ServerResponse, json: object): void {
  const text = JSON.stringify(json);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
