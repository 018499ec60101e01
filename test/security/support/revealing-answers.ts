import type { Socket } from 'node:net';
import { type RawServer, startRawServer, toAnswer } from '../../support/raw-server';
import { secrets } from './secrets';

const { clientSecret, code, accessToken, refreshToken } = secrets;

/** Writes an answer to `request`. */
export type Answer = (socket: Socket, request: string) => void;

const write =
  (status: number, headers: Record<string, string>, toBody: (request: string) => unknown = () => ''): Answer =>
  (socket, request) => {
    const body = toBody(request);
    socket.write(toAnswer(status, headers, typeof body === 'string' ? body : JSON.stringify(body)));
  };
const challenge = (text: string) => ({ 'WWW-Authenticate': `Bearer ${text}` });

/** Failures that reveal as much as they can of the request, and of what only Metafy knows. */
export const revealingAnswers: Record<string, Answer> = {
  'an OAuth error that repeats the request': write(400, {}, (request) => ({
    error: 'invalid_grant',
    error_description: request,
    error_uri: request,
  })),
  'an OAuth error whose code is a secret': write(400, {}, (request) => ({
    error: [code, refreshToken, accessToken, clientSecret].find((secret) => request.includes(secret)),
  })),
  'a challenge that repeats the request': (socket, request) => {
    const description = request.replace(/[^ !#-[\]-~]/g, ' ').slice(0, 850);
    write(401, challenge(`error="invalid_token", error_description="${description}"`))(socket, request);
  },
  'a challenge whose code is the token': write(401, challenge(`realm="${accessToken}", error="${accessToken}"`)),
  'an error page that repeats the request': write(500, {}, (request) => `<pre>${request}</pre>`),
  'a page with status 200': write(200, {}, (request) => `<pre>${request}</pre>`),
  'truncated JSON': write(200, {}, () => `{"access_token":"${accessToken}"`),
  'a malformed token': write(200, {}, () => ({ access_token: `${accessToken}\n`, token_type: 'Bearer' })),
  'a token of another type': write(200, {}, () => ({ access_token: accessToken, token_type: clientSecret })),
  'a redirect': write(302, { Location: `https://evil.example/?token=${accessToken}&code=${code}` }),
  'a malformed Retry-After': write(429, { 'Retry-After': accessToken }),
  'a body that is too large': write(200, {}, (request) => request.repeat(1_100_000 / request.length + 1)),
  'no HTTP': (socket, request) => socket.end(request.replaceAll('HTTP/1.1', '')),
  'a malformed header': (socket) => socket.end(`HTTP/1.1 200 OK\r\n${accessToken}\x01: ${clientSecret}\r\n\r\n`),
  'a malformed compressed body': write(200, { 'Content-Encoding': 'gzip' }, (request) => request),
  'half an answer': (socket) => socket.end(toAnswer(200, {}, `{"access_token":"${accessToken}"}`).slice(0, -2)),
  'a reset connection': (socket) => socket.resetAndDestroy(),
  'no answer': () => {},
};

const tokens = {
  access_token: accessToken,
  refresh_token: refreshToken,
  token_type: 'Bearer',
  expires_in: 7200,
  scope: 'profile',
};

/** Metafy that answers token requests with tokens, unless `failsAtToken`, and all others with `answer`. */
export async function startRevealingServer(answer: Answer, failsAtToken: boolean): Promise<RawServer> {
  const server: RawServer = await startRawServer((socket) => {
    const request = server.requests.at(-1) ?? '';
    const succeeds = !failsAtToken && request.startsWith('POST /irk/oauth/token');
    (succeeds ? write(200, {}, () => tokens) : answer)(socket, request);
  });
  return server;
}
