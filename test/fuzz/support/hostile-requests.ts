import fc from 'fast-check';
import type { PendingLogin } from './fuzzed-app';
import { hostileText, mutate, toHeaderValue } from './hostile-text';

export interface HostileRequest {
  path: string;
  /** Without the question mark. */
  query: string;
  cookie: string;
  headers: [name: string, value: string][];
  body: { type: string; text: string } | undefined;
}

const parameterNames = ['code', 'state', 'error', 'error_description', 'error_uri'];
const strangeNames = ['code[]', 'code[0]', 'state[a]', '__proto__[state]', 'constructor[prototype][code]', 'code['];
const errorCodes = ['access_denied', 'server_error', 'invalid_scope', 'temporarily_unavailable', 'x'];
const headerNames = [
  ...['Host', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Forwarded-For', 'Forwarded'],
  ...['Cookie', 'Accept', 'Authorization', 'Origin', 'Referer', 'User-Agent'],
];

/** Requests of a callback, from those with hardly a fault to those with nothing right. */
export function hostileRequests(logins: readonly PendingLogin[]): fc.Arbitrary<HostileRequest> {
  const login = fc.constantFrom(...logins);
  const oneOf = (read: (login: PendingLogin) => string) => login.map(read);
  const changed = (read: (login: PendingLogin) => string) => login.chain((from) => mutate(read(from)));
  /** What is right for a login, or something that is not. */
  const almost = (right: string, read: (login: PendingLogin) => string) =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(right) },
      { weight: 2, arbitrary: oneOf(read) },
      { weight: 1, arbitrary: changed(read) },
      { weight: 1, arbitrary: hostileText },
    );
  const readPair = ({ cookie }: PendingLogin): string => `${cookie.name}=${cookie.value}`;

  const value = fc.oneof(
    oneOf(({ code }) => code),
    oneOf(({ state }) => state),
    changed(({ code }) => code),
    changed(({ state }) => state),
    fc.constantFrom(...errorCodes),
    hostileText,
  );
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...parameterNames) },
    { weight: 1, arbitrary: fc.constantFrom(...strangeNames) },
    { weight: 1, arbitrary: hostileText },
  );
  const pair = fc.tuple(name, value, fc.boolean()).map(([key, text, isEncoded]) => {
    return isEncoded ? `${encode(key)}=${encode(text)}` : `${toTarget(key)}=${toTarget(text)}`;
  });
  const crumb = fc.oneof(
    login.map(readPair),
    changed(readPair),
    fc.tuple(login, login).map(([one, other]) => `${one.cookie.name}=${other.cookie.value}`),
    fc.tuple(login, hostileText).map(([{ cookie }, text]) => `${cookie.name}=${text}`),
    fc.tuple(hostileText, hostileText).map((parts) => parts.join('=')),
  );
  const headers = fc.array(fc.tuple(fc.constantFrom(...headerNames), fc.oneof(hostileText, login.map(readPair))), {
    maxLength: 2,
  });
  const noHeaders = fc.constant<HostileRequest['headers']>([]);
  const body = fc.oneof(
    fc.record({ type: fc.constant('application/x-www-form-urlencoded'), text: pair }),
    fc.record({ type: fc.constant('application/json'), text: fc.json({ maxDepth: 2 }) }),
    fc.record({ type: fc.constant('application/json'), text: hostileText }),
  );

  const nearlyRight = login.chain(({ path, code, state, cookie }) =>
    fc.record({
      path: fc.constant(path),
      query: fc
        .tuple(
          almost(code, (other) => other.code),
          almost(state, (other) => other.state),
          fc.option(pair, { freq: 6 }),
        )
        .map(([c, s, extra]) => `code=${encode(c)}&state=${encode(s)}${extra ? `&${extra}` : ''}`),
      cookie: almost(`${cookie.name}=${cookie.value}`, readPair),
      headers: fc.oneof({ weight: 3, arbitrary: noHeaders }, { weight: 1, arbitrary: headers }),
      body: fc.constant(undefined),
    }),
  );
  const refused = login.chain(({ path, state, cookie }) =>
    fc.record({
      path: fc.constant(path),
      query: fc
        .tuple(fc.constantFrom(...errorCodes), hostileText)
        .map(([error, text]) => `error=${error}&error_description=${encode(text)}&state=${state}`),
      cookie: fc.constant(`${cookie.name}=${cookie.value}`),
      headers: noHeaders,
      body: fc.constant(undefined),
    }),
  );
  const anything = fc.record({
    path: login.map(({ path }) => path),
    query: fc.array(pair, { maxLength: 6 }).map((pairs) => pairs.join('&')),
    cookie: fc.array(crumb, { maxLength: 6 }).map((crumbs) => crumbs.join('; ')),
    headers,
    body: fc.option(body, { freq: 4, nil: undefined }),
  });
  return fc.oneof(
    { weight: 5, arbitrary: nearlyRight },
    { weight: 1, arbitrary: refused },
    { weight: 6, arbitrary: anything },
  );
}

/** The bytes, in latin1. */
export function toBytes({ path, query, cookie, headers, body }: HostileRequest, port: number): string {
  const isNamed = headers.some(([name]) => name === 'Host');
  const text = body && Buffer.from(body.text).toString('latin1');
  const lines = [
    `${body ? 'POST' : 'GET'} ${path}?${query} HTTP/1.1`,
    ...(isNamed ? [] : [`Host: 127.0.0.1:${port}`]),
    `Cookie: ${toHeaderValue(cookie)}`,
    ...headers.map(([name, value]) => `${name}: ${toHeaderValue(value)}`),
    ...(body ? [`Content-Type: ${body.type}`, `Content-Length: ${text?.length}`] : []),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${text ?? ''}`;
}

// Not `encodeURIComponent`, which throws for half a surrogate pair.
function encode(text: string): string {
  return text.replace(/[^\w.~-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

/** As it may stand in a request line that Node's server lets in. */
function toTarget(text: string): string {
  return text.replace(/[^\x21-\x7e\x80-\xff]|#/g, '');
}
