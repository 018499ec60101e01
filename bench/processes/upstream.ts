import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerQuestions } from './answer-questions';
import { listen } from './listen';

/*
 * The authorization server and API of every contender. The token it gives for a code names that code, and the profile
 * names it as the user's id, so that each login can be checked to have got its own tokens and profile.
 */

let delayMs = 0;
let requests = 0;
let connections = 0;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  requests += 1;
  let body = '';
  for await (const chunk of request) body += chunk;
  if (delayMs > 0) await sleep(delayMs);
  const url = request.url ?? '';
  const json = url.startsWith('/token')
    ? issueTokens(body)
    : describeUser(url, request.headers.authorization);
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

/** What each contender takes for a profile; passport-google-oauth20 sends the token in the query. */
function describeUser(url: string, authorization = ''): object {
  const id = /access-of-([\w-]+)/.exec(authorization || url)?.[1];
  return {
    id,
    sub: id,
    slug: 'ada-coach',
    login: 'ada-coach',
    name: 'Ada Coach',
    email: 'ada@example.com',
    avatar_url: 'https://cdn.example/ada.png',
  };
}

answerQuestions({
  async start() {
    const { server, url } = await listen(answer);
    server.on('connection', () => {
      connections += 1;
    });
    return url;
  },
  delay(parameters: { delayMs: number }) {
    delayMs = parameters.delayMs;
  },
  /** What has come since the last time this was asked. */
  takeCounts() {
    const counts = { requests, connections };
    requests = 0;
    connections = 0;
    return counts;
  },
});
