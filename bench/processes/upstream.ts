import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../statistics';
import { answerQuestions, listen } from '../worker';

/*
 * The authorization server and API of every contender. The token issued for a code names that code, and the profile
 * names it as the user's id, so that each login can be checked to have got its own tokens and profile.
 */

export const faultKinds = ['503', 'reset', 'hang'] as const;

/** Since they were last taken. */
export type UpstreamCounts = Record<'requests' | 'connections' | (typeof faultKinds)[number], number>;

const hangMs = 30_000;
const zero: UpstreamCounts = { requests: 0, connections: 0, '503': 0, reset: 0, hang: 0 };
let counts = { ...zero };
let delayMs = 0;
let faultRate = 0;
let random = createRandom(0);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  counts.requests += 1;
  let body = '';
  for await (const chunk of request) body += chunk;
  if (delayMs > 0) await sleep(delayMs);
  const url = request.url ?? '';
  // passport-google-oauth20 sends the token in the query.
  const bearer = request.headers.authorization ?? url;
  if (url.includes('/token')) sendJSON(response, issueTokens(body));
  else if (url.includes('/purchases/'))
    sendJSON(response, { community: { has_access: true, tier_id: 'tier' } });
  else if (!(await fail(request, response))) sendJSON(response, describeUser(url, bearer));
}

/** Whether the request is over: a hang is answered in the end, for whoever still waits. */
async function fail(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (random() >= faultRate) return false;
  const kind = faultKinds[Math.floor(random() * faultKinds.length)] as (typeof faultKinds)[number];
  counts[kind] += 1;
  if (kind === '503') response.writeHead(503).end();
  else if (kind === 'reset') request.socket.resetAndDestroy();
  else await sleep(hangMs, undefined, { ref: false });
  return kind !== 'hang';
}

function sendJSON(response: ServerResponse, json: object): void {
  const text = JSON.stringify(json);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/** Takes JSON and forms; codes have letters, digits and `-` only. */
function issueTokens(body: string): object {
  const code = /\bcode(?:":"|=)([\w-]+)/.exec(body)?.[1] ?? 'nobody';
  return {
    access_token: `access-of-${code}`,
    token_type: 'Bearer',
    expires_in: 7200,
    refresh_token: `refresh-of-${code}`,
    scope: 'profile',
    created_at: Math.floor(Date.now() / 1000),
  };
}

/** What each contender takes for a profile: Metafy's is wrapped. */
function describeUser(url: string, bearer: string): object {
  const id = /access-of-([\w-]+)/.exec(bearer)?.[1];
  const user = {
    id,
    sub: id,
    slug: 'ada-coach',
    login: 'ada-coach',
    name: 'Ada Coach',
    email: 'ada@example.com',
    avatar_url: 'https://cdn.example/ada.png',
  };
  return url.endsWith('/v1/me') ? { user } : user;
}

answerQuestions({
  async start() {
    const { server, url } = await listen(answer);
    server.on('connection', () => {
      counts.connections += 1;
    });
    return url;
  },
  delay(parameters: { delayMs: number }) {
    delayMs = parameters.delayMs;
  },
  /** Lets a share of the requests for a profile fail, each time in the same order. */
  breakProfiles(parameters: { rate: number }) {
    faultRate = parameters.rate;
    random = createRandom(20260101);
  },
  takeCounts() {
    const taken = counts;
    counts = { ...zero };
    return taken;
  },
});
