import { type CallName, calls, type Endpoint } from './calls';
import {
  badBody,
  badCertificate,
  badStatus,
  network,
  type Outcome,
  oauthError,
  timeout,
  tooLarge,
} from './expectations';
import * as inject from './injections';

/** One fault, and how each call to Metafy ends when it meets it. */
export interface Fault {
  /** What Metafy does, as the end of a sentence. */
  title: string;
  injection: inject.Injection;
  outcomes: Record<CallName, Outcome>;
}

const success = 'HTTP/1.1 200 OK\r\n';
const json = `${success}Content-Type: application/json\r\n`;
const page = '<!doctype html><title>Just a moment…</title>';
const levels = 100_000;
const deepArray = '['.repeat(levels) + ']'.repeat(levels);
const deepObject = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const challenge = 'Bearer realm="Doorkeeper", error="invalid_token", error_description="The token expired"';
const inOneMinute = () => ({ 'Retry-After': new Date(Date.now() + 60_000).toUTCString() });
/** @see RFC 7009, section 2.2: the status alone says that a token is revoked */
const revoked = { revocation: 'succeeds' } as const;

/**
 * Faults, by what Metafy does, all with the same `outcome` for every call but those that `except` names, by themselves or
 * by their endpoint.
 */
function rows(
  outcome: Outcome,
  injections: Record<string, inject.Injection>,
  except: Partial<Record<CallName | Endpoint, Outcome>> = {},
): Fault[] {
  const names = Object.keys(calls) as CallName[];
  const entries = names.map((name) => [name, except[name] ?? except[calls[name].endpoint] ?? outcome]);
  const outcomes = Object.fromEntries(entries) as Fault['outcomes'];
  return Object.entries(injections).map(([title, injection]) => ({ title, injection, outcomes }));
}

const answerPage = (status: number) => inject.answer(status, page, { 'Content-Type': 'text/html' });
const retryAfter = (status: number, text: string) => inject.answer(status, '', { 'Retry-After': text });

export const faults: readonly Fault[] = [
  // Connections
  ...rows(network, {
    'refuses the connection': inject.refuse,
    'resets the connection before the request': inject.resetAtConnection,
    'closes the connection without an answer': inject.writeAndEnd(''),
    'resets the connection before the headers': inject.resetBeforeAnswer,
    'resets the connection inside the headers': inject.writeAndReset(`${success}Content-Le`),
    'resets the connection after the headers': inject.writeAndReset(`${success}Content-Length: 9\r\n\r\n`),
    'ends the connection inside the body': inject.truncate('FIN'),
    'resets the connection inside the body': inject.truncate('RST'),
  }),
  ...rows(timeout, {
    'accepts the request and says nothing': inject.silence,
    'sends half of its headers and then nothing': inject.write(`${success}Content-Le`),
    'sends headers and then nothing': inject.write(`${success}Content-Length: 9\r\n\r\n`),
    'lets its headers drip byte by byte': inject.drip(`${success}X-Drip: `),
    'lets its body drip byte by byte': inject.drip(`${json}Content-Length: 9999\r\n\r\n`),
  }),
  ...rows(badCertificate('ERR_TLS_CERT_ALTNAME_INVALID'), {
    'has a certificate for another host': inject.presentCertificate('other host'),
  }),
  ...rows(badCertificate('CERT_HAS_EXPIRED'), {
    'has an expired certificate': inject.presentCertificate('expired'),
  }),
  ...rows(badCertificate('DEPTH_ZERO_SELF_SIGNED_CERT'), {
    'has a self-signed certificate': inject.presentCertificate('self-signed'),
  }),

  // HTTP
  ...rows(network, {
    'sends no HTTP': inject.writeAndEnd('SSH-2.0-OpenSSH_9.9\r\n'),
    'sends rubbish instead of chunks': inject.write(`${success}Transfer-Encoding: chunked\r\n\r\nnot a size\r\n{}\r\n`),
    'switches to another protocol': inject.answer(101, '', { Upgrade: 'h2c', Connection: 'Upgrade' }),
    'sends headers without end': inject.floodHeaders,
  }),
  ...rows(tooLarge, {
    'announces a body of 200 MB': inject.flood('announced'),
    'sends a body of 200 MB in chunks': inject.flood('chunked'),
    'sends a body of 200 MB that ends with the connection': inject.flood('until the end'),
  }),

  // Statuses
  ...[301, 302, 303, 307, 308].flatMap((status) =>
    rows(badStatus(status), { [`redirects to another host with ${status}`]: inject.redirect(status) }),
  ),
  ...[400, 500].flatMap((status) => rows(badStatus(status), { [`answers ${status}`]: answerPage(status) })),
  ...rows(badStatus(401), { 'answers 401': answerPage(401) }, { communityAccess: oauthError('invalid_token', 401) }),
  ...rows(
    badStatus(403),
    { 'answers 403': answerPage(403) },
    { communityAccess: { ...oauthError('insufficient_scope', 403), status: 403 } },
  ),
  ...rows(badStatus(404), { 'answers 404': answerPage(404) }, { communityAccess: 'says no' }),
  ...[502, 503, 504].flatMap((status) =>
    rows(badStatus(status, { isRetried: true }), { [`answers ${status}`]: answerPage(status) }),
  ),
  ...[429, 503].flatMap((status) =>
    rows(badStatus(status, { retryAfterMs: 60_000 }), {
      [`answers ${status}, to be retried after 60 seconds`]: retryAfter(status, '60'),
    }),
  ),
  ...rows(badStatus(429, { retryAfterMs: { above: 50_000, atMost: 60_000 } }), {
    'answers 429, to be retried at a date in a minute': inject.answer(429, '', inOneMinute),
  }),
  ...rows(badStatus(429, { isRetried: true }), {
    'answers 429, to be retried “soon”': retryAfter(429, 'soon'),
  }),
  ...rows(
    oauthError('invalid_grant', 400),
    { 'refuses in JSON, with 400 and `invalid_grant`': inject.answer(400, '{"error":"invalid_grant"}') },
    // The API puts its reasons into `WWW-Authenticate`; a code that Metafy refuses is the person's own situation.
    { api: badStatus(400), codeExchange: { status: 403 } },
  ),
  ...rows(
    badStatus(401),
    {
      'refuses in `WWW-Authenticate`, with 401 and `invalid_token`': inject.answer(401, '', {
        'WWW-Authenticate': challenge,
      }),
    },
    // The token endpoint puts its reasons into JSON.
    { api: oauthError('invalid_token', 401) },
  ),

  // Bodies
  ...rows(
    badBody(204),
    { 'answers nothing with status 204': inject.write('HTTP/1.1 204 No Content\r\n\r\n') },
    revoked,
  ),
  ...rows(
    badBody(),
    {
      'answers nothing with status 200': inject.answer(200),
      'answers HTML with status 200': answerPage(200),
      'compresses its answer although nobody asked': inject.answerGzip,
      'answers JSON that is cut off': inject.answerJSON(({ rightBody }) => rightBody.slice(0, -1)),
      'answers a JSON array': inject.answerJSON('[{"access_token":"a"}]'),
      'answers a JSON number': inject.answerJSON('7'),
      'answers `null` as JSON': inject.answerJSON('null'),
      'answers 100,000 nested JSON arrays': inject.answerJSON(deepArray),
      'answers 100,000 nested JSON objects': inject.answerJSON(deepObject),
      'answers invalid UTF-8': inject.answerJSON((exchange) =>
        Buffer.from(inject.withMember('"name":"\xff"')(exchange), 'latin1'),
      ),
      'puts a byte order mark in front': inject.answerJSON(({ rightBody }) => `\ufeff${rightBody}`),
      'has everything under `__proto__`': inject.answerJSON(({ rightBody }) => `{"__proto__":${rightBody}}`),
    },
    revoked,
  ),
  ...rows('succeeds', {
    'adds a member of 100,000 levels': inject.answerJSON(inject.withMember(`"more":${deepArray}`)),
    'adds a member `__proto__`': inject.answerJSON(inject.withMember('"__proto__":{"polluted":true}')),
    'gives every member twice, of which the last counts': inject.answerJSON(({ rightBody }) =>
      rightBody.replace(/"(access_token|id|has_access)":/g, '"$1":"the first","$1":'),
    ),
  }),
];
