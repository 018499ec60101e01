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
const oneMinute = { retryAfterMs: 60_000 };
const aboutOneMinute = { retryAfterMs: { above: 50_000, atMost: 60_000 } };
/** Metafy answers `{}` to a revocation, in which nothing is read; without a body the status says it all. */
const revoked = { revocation: 'succeeds' } as const;

/** `outcome` for every call but those that `except` names, by themselves or by their endpoint. */
function row(
  title: string,
  injection: inject.Injection,
  outcome: Outcome,
  except: Partial<Record<CallName | Endpoint, Outcome>> = {},
): Fault {
  const names = Object.keys(calls) as CallName[];
  const entries = names.map((name) => [name, except[name] ?? except[calls[name].endpoint] ?? outcome]);
  return { title, injection, outcomes: Object.fromEntries(entries) as Fault['outcomes'] };
}

export const faults: readonly Fault[] = [
  // Connections
  row('refuses the connection', inject.refuse, network),
  row('resets the connection before the request', inject.resetAtConnection, network),
  row('accepts the request and says nothing', inject.silence, timeout),
  row('closes the connection without an answer', inject.writeAndEnd(''), network),
  row('resets the connection before the headers', inject.resetBeforeAnswer, network),
  row('resets the connection inside the headers', inject.writeAndReset(`${success}Content-Le`), network),
  row(
    'resets the connection after the headers',
    inject.writeAndReset(`${success}Content-Length: 9\r\n\r\n`),
    network,
  ),
  row('sends half of its headers and then nothing', inject.write(`${success}Content-Le`), timeout),
  row('sends headers and then nothing', inject.write(`${success}Content-Length: 9\r\n\r\n`), timeout),
  row('lets its headers drip byte by byte', inject.drip(`${success}X-Drip: `), timeout),
  row('lets its body drip byte by byte', inject.drip(`${json}Content-Length: 9999\r\n\r\n`), timeout),
  row('ends the connection inside the body', inject.truncate('FIN'), network),
  row('resets the connection inside the body', inject.truncate('RST'), network),

  // HTTP
  row('sends no HTTP', inject.writeAndEnd('SSH-2.0-OpenSSH_9.9\r\n'), network),
  row(
    'sends rubbish instead of chunks',
    inject.write(`${success}Transfer-Encoding: chunked\r\n\r\nnot a size\r\n{}\r\n`),
    network,
  ),
  row(
    'switches to another protocol',
    inject.answer(101, '', { Upgrade: 'h2c', Connection: 'Upgrade' }),
    network,
  ),
  row('sends headers without end', inject.floodHeaders, network),
  row('announces a body of 200 MB', inject.flood('announced'), tooLarge),
  row('sends a body of 200 MB in chunks', inject.flood('chunked'), tooLarge),
  row('sends a body of 200 MB that ends with the connection', inject.flood('until the end'), tooLarge),
  row('compresses its answer although nobody asked', inject.answerGzip, badBody()),

  // Statuses
  ...[301, 302, 303, 307, 308].map((status) =>
    row(`redirects to another host with ${status}`, inject.redirect(status), badStatus(status)),
  ),
  ...[400, 401, 403, 404, 500].map((status) =>
    row(`answers ${status}`, inject.answer(status, page, { 'Content-Type': 'text/html' }), badStatus(status)),
  ),
  ...[502, 503, 504].map((status) =>
    row(
      `answers ${status}`,
      inject.answer(status, page, { 'Content-Type': 'text/html' }),
      badStatus(status, { isRetried: true }),
    ),
  ),
  row(
    'answers 429, to be retried after 60 seconds',
    inject.answer(429, '', { 'Retry-After': '60' }),
    badStatus(429, oneMinute),
  ),
  row(
    'answers 429, to be retried at a date in a minute',
    inject.answer(429, '', inOneMinute),
    badStatus(429, aboutOneMinute),
  ),
  row(
    'answers 429, to be retried “soon”',
    inject.answer(429, '', { 'Retry-After': 'soon' }),
    badStatus(429, { isRetried: true }),
  ),
  row(
    'answers 503, to be retried after 60 seconds',
    inject.answer(503, '', { 'Retry-After': '60' }),
    badStatus(503, oneMinute),
  ),
  row(
    'refuses in JSON, with 400 and `invalid_grant`',
    inject.answer(400, '{"error":"invalid_grant"}'),
    oauthError('invalid_grant', 400),
    // The API puts its reasons into `WWW-Authenticate`.
    { api: badStatus(400) },
  ),
  row(
    'refuses in `WWW-Authenticate`, with 401 and `invalid_token`',
    inject.answer(401, '', { 'WWW-Authenticate': challenge }),
    // The token endpoint puts its reasons into JSON.
    badStatus(401),
    { api: oauthError('invalid_token', 401) },
  ),

  // Bodies
  row('answers nothing with status 200', inject.answer(200), badBody(), revoked),
  row(
    'answers nothing with status 204',
    inject.write('HTTP/1.1 204 No Content\r\n\r\n'),
    badBody(204),
    revoked,
  ),
  row('answers HTML with status 200', inject.answer(200, page, { 'Content-Type': 'text/html' }), badBody()),
  row(
    'answers JSON that is cut off',
    inject.answerJSON(({ rightBody }) => rightBody.slice(0, -1)),
    badBody(),
  ),
  row('answers a JSON array', inject.answerJSON('[{"access_token":"a"}]'), badBody()),
  row('answers a JSON number', inject.answerJSON('7'), badBody()),
  row('answers `null` as JSON', inject.answerJSON('null'), badBody()),
  row('answers 100,000 nested JSON arrays', inject.answerJSON(deepArray), badBody()),
  row('answers 100,000 nested JSON objects', inject.answerJSON(deepObject), badBody()),
  row(
    'adds a member of 100,000 levels',
    inject.answerJSON(inject.withMember(`"more":${deepArray}`)),
    badBody(),
  ),
  row(
    'adds a member `__proto__`',
    inject.answerJSON(inject.withMember('"__proto__":{"polluted":true}')),
    'succeeds',
  ),
  row(
    'has everything under `__proto__`',
    inject.answerJSON(({ rightBody }) => `{"__proto__":${rightBody}}`),
    badBody(),
    revoked,
  ),
  row(
    'gives every member twice, of which the last counts',
    inject.answerJSON(({ rightBody }) =>
      rightBody.replace(/"(access_token|id)":/g, '"$1":"the first","$1":'),
    ),
    'succeeds',
  ),
  row(
    'answers invalid UTF-8',
    inject.answerJSON((exchange) => Buffer.from(inject.withMember('"name":"\xff"')(exchange), 'latin1')),
    badBody(),
  ),
  row(
    'puts a byte order mark in front',
    inject.answerJSON(({ rightBody }) => `\ufeff${rightBody}`),
    badBody(),
  ),

  // TLS
  row(
    'has a certificate for another host',
    inject.presentCertificate('other host'),
    badCertificate('ERR_TLS_CERT_ALTNAME_INVALID'),
  ),
  row('has an expired certificate', inject.presentCertificate('expired'), badCertificate('CERT_HAS_EXPIRED')),
  row(
    'has a self-signed certificate',
    inject.presentCertificate('self-signed'),
    badCertificate('DEPTH_ZERO_SELF_SIGNED_CERT'),
  ),
];
