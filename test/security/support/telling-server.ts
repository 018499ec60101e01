import type { Socket } from 'node:net';
import { type RawServer, startRawServer, toAnswer } from '../../support/raw-server';
import { canaries } from './canaries';

const { clientSecret, code, accessToken, refreshToken } = canaries;

/** Answers that tell as much as they can of what the request held, and of what only Metafy knows. */
export const faults: Record<string, (socket: Socket, echo: string) => void> = {
  'a refusal that repeats the request': (socket, echo) =>
    socket.write(
      toAnswer(400, {}, JSON.stringify({ error: 'invalid_grant', error_description: echo, error_uri: echo })),
    ),
  'a refusal whose code is a secret': (socket, echo) => {
    const sent = [code, refreshToken, accessToken, clientSecret].find((secret) => echo.includes(secret));
    socket.write(toAnswer(400, {}, JSON.stringify({ error: sent })));
  },
  'a challenge that repeats the request': (socket, echo) => {
    const description = echo.replace(/[^ !#-[\]-~]/g, ' ');
    const challenge = `Bearer error="invalid_token", error_description="${description}"`;
    socket.write(toAnswer(401, { 'WWW-Authenticate': challenge.slice(0, 900) }));
  },
  'a challenge whose code is the token': (socket) =>
    socket.write(
      toAnswer(401, { 'WWW-Authenticate': `Bearer realm="${accessToken}", error="${accessToken}"` }),
    ),
  'a page that repeats the request': (socket, echo) => socket.write(toAnswer(500, {}, `<pre>${echo}</pre>`)),
  'a page with status 200': (socket, echo) => socket.write(toAnswer(200, {}, `<pre>${echo}</pre>`)),
  'JSON that breaks off': (socket) => socket.write(toAnswer(200, {}, `{"access_token":"${accessToken}"`)),
  'a token that is none': (socket) =>
    socket.write(
      toAnswer(200, {}, JSON.stringify({ access_token: `${accessToken}\n`, token_type: 'Bearer' })),
    ),
  'a token of another type': (socket) =>
    socket.write(toAnswer(200, {}, JSON.stringify({ access_token: accessToken, token_type: clientSecret }))),
  'a redirect': (socket) =>
    socket.write(toAnswer(302, { Location: `https://evil.example/?token=${accessToken}&code=${code}` })),
  'a limit that never ends': (socket) => socket.write(toAnswer(429, { 'Retry-After': accessToken })),
  'too much': (socket, echo) =>
    socket.write(toAnswer(200, {}, echo.repeat(Math.ceil(1_100_000 / echo.length)))),
  'no HTTP': (socket, echo) => socket.end(echo.replaceAll('HTTP/1.1', '')),
  'a header that is none': (socket) =>
    socket.end(`HTTP/1.1 200 OK\r\n${accessToken}\x01: ${clientSecret}\r\n\r\n`),
  'compressed rubbish': (socket, echo) => socket.write(toAnswer(200, { 'Content-Encoding': 'gzip' }, echo)),
  'half an answer': (socket) =>
    socket.end(toAnswer(200, {}, `{"access_token":"${accessToken}"}`).slice(0, -2)),
  'a connection that is reset': (socket) => socket.resetAndDestroy(),
  silence: () => {},
};

/** Metafy with a fault: `tokensFirst` lets the code exchange succeed, so that the profile meets it. */
export async function startTellingServer(
  fault: (socket: Socket, echo: string) => void,
  { tokensFirst = false } = {},
): Promise<RawServer> {
  const server: RawServer = await startRawServer((socket) => {
    const request = server.requests.at(-1) ?? '';
    const isExchange = request.startsWith('POST /irk/oauth/token');
    if (tokensFirst && isExchange) socket.write(rightTokens);
    else fault(socket, request);
  });
  return server;
}

export const rightTokens = toAnswer(
  200,
  {},
  JSON.stringify({
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: 7200,
    scope: 'profile',
  }),
);
