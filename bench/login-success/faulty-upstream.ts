import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One in ten answers to the profile request is one of these, each as often as the others. */
export const faultKinds = ['503', 'reset', 'hang'] as const;
export const faultRate = 0.1;
export const hangMs = 30_000;

export interface FaultyUpstream extends AsyncDisposable {
  url: string;
  /** Of each fault, how many happened. */
  faults: Record<(typeof faultKinds)[number], number>;
  profileRequests: number;
}

const tokens = JSON.stringify({
  access_token: 'an-access-token',
  token_type: 'Bearer',
  expires_in: 7200,
  refresh_token: 'a-refresh-token',
  scope: 'profile',
});
/** Enough for each strategy's idea of a profile. */
const profile = JSON.stringify({ id: 7, login: 'ada-coach', slug: 'ada-coach', name: 'Ada Coach' });

/** Tokens for any code, and profiles that fail; the same dice fall for every strategy. */
export async function startFaultyUpstream(seed: number): Promise<FaultyUpstream> {
  const roll = createDice(seed);
  const faults = { 503: 0, reset: 0, hang: 0 };
  const upstream = { faults, profileRequests: 0 };
  const server = http.createServer((request, response) => {
    request.resume();
    if (request.url?.startsWith('/token')) {
      sendJSON(response, tokens);
      return;
    }
    upstream.profileRequests += 1;
    const kind = roll() < faultRate ? faultKinds[Math.floor(roll() * faultKinds.length)] : undefined;
    if (!kind) {
      sendJSON(response, profile);
      return;
    }
    faults[kind] += 1;
    if (kind === '503') response.writeHead(503).end();
    else if (kind === 'reset') request.socket.resetAndDestroy();
    // It does answer in the end, for whoever still waits.
    else setTimeout(() => sendJSON(response, profile), hangMs).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return Object.assign(upstream, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: stop,
  });
}

function sendJSON(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
