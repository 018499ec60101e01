import {
  badBody,
  badCertificate,
  badStatus,
  type Call,
  calls,
  network,
  type Outcome,
  refusal,
  timeout,
  tooLarge,
} from './expectations';
import * as play from './players';

/** One fault, and how each call to Metafy ends when it meets it. */
export interface Fault {
  /** What Metafy does, as the end of a sentence. */
  title: string;
  player: play.Player;
  outcomes: Record<Call, Outcome>;
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
const revoked = { revokeToken: 'succeeds' } as const;

/** `outcome` for every call but those named in `except`. */
function row(
  title: string,
  player: play.Player,
  outcome: Outcome,
  except: Partial<Record<Call, Outcome>> = {},
): Fault {
  const entries = calls.map((call) => [call, except[call] ?? outcome]);
  return { title, player, outcomes: Object.fromEntries(entries) as Fault['outcomes'] };
}

export const faults: readonly Fault[] = [
  // Connections
  row('refuses the connection', play.refuse, network),
  row('resets the connection before the request', play.resetAtConnection, network),
  row('accepts the request and says nothing', play.silence, timeout),
  row('closes the connection without an answer', play.writeAndEnd(''), network),
  row('resets the connection before the headers', play.resetBeforeAnswer, network),
  row('resets the connection inside the headers', play.writeAndReset(`${success}Content-Le`), network),
  row(
    'resets the connection after the headers',
    play.writeAndReset(`${success}Content-Length: 9\r\n\r\n`),
    network,
  ),
  row('sends half of its headers and then nothing', play.write(`${success}Content-Le`), timeout),
  row('sends headers and then nothing', play.write(`${success}Content-Length: 9\r\n\r\n`), timeout),
  row('lets its headers drip byte by byte', play.drip(`${success}X-Drip: `), timeout),
  row('lets its body drip byte by byte', play.drip(`${json}Content-Length: 9999\r\n\r\n`), timeout),
  row('ends the connection inside the body', play.truncate('FIN'), network),
  row('resets the connection inside the body', play.truncate('RST'), network),

  // HTTP
  row('sends no HTTP', play.writeAndEnd('SSH-2.0-OpenSSH_9.9\r\n'), network),
  row(
    'sends rubbish instead of chunks',
    play.write(`${success}Transfer-Encoding: chunked\r\n\r\nnot a size\r\n{}\r\n`),
    network,
  ),
  row(
    'switches to another protocol',
    play.answer(101, '', { Upgrade: 'h2c', Connection: 'Upgrade' }),
    network,
  ),
  row('sends headers without end', play.floodHeaders, network),
  row('announces a body of 200 MB', play.flood('announced'), tooLarge),
  row('sends a body of 200 MB in chunks', play.flood('chunked'), tooLarge),
  row('sends a body of 200 MB that ends with the connection', play.flood('until the end'), tooLarge),
  row('compresses its answer although nobody asked', play.answerGzip, badBody()),

  // Statuses
  ...[301, 302, 303, 307, 308].map((status) =>
    row(`redirects to another host with ${status}`, play.redirect(status), badStatus(status)),
  ),
  ...[400, 401, 403, 404, 500].map((status) =>
    row(`answers ${status}`, play.answer(status, page, { 'Content-Type': 'text/html' }), badStatus(status)),
  ),
  ...[502, 503, 504].map((status) =>
    row(
      `answers ${status}`,
      play.answer(status, page, { 'Content-Type': 'text/html' }),
      badStatus(status, { isRepeated: true }),
    ),
  ),
  row(
    'answers 429, to be repeated after 60 seconds',
    play.answer(429, '', { 'Retry-After': '60' }),
    badStatus(429, oneMinute),
  ),
  row(
    'answers 429, to be repeated at a date in a minute',
    play.answer(429, '', inOneMinute),
    badStatus(429, aboutOneMinute),
  ),
  row(
    'answers 429, to be repeated “soon”',
    play.answer(429, '', { 'Retry-After': 'soon' }),
    badStatus(429, { isRepeated: true }),
  ),
  row(
    'answers 503, to be repeated after 60 seconds',
    play.answer(503, '', { 'Retry-After': '60' }),
    badStatus(503, oneMinute),
  ),
  row(
    'refuses in JSON, with 400 and `invalid_grant`',
    play.answer(400, '{"error":"invalid_grant"}'),
    refusal('invalid_grant', 400),
    // The API puts its reasons into `WWW-Authenticate`.
    { profile: badStatus(400) },
  ),
  row(
    'refuses in `WWW-Authenticate`, with 401 and `invalid_token`',
    play.answer(401, '', { 'WWW-Authenticate': challenge }),
    // The token endpoint puts its reasons into JSON.
    badStatus(401),
    { profile: refusal('invalid_token', 401) },
  ),

  // Bodies
  row('answers nothing with status 200', play.answer(200), badBody(), revoked),
  row(
    'answers nothing with status 204',
    play.write('HTTP/1.1 204 No Content\r\n\r\n'),
    badBody(204),
    revoked,
  ),
  row('answers HTML with status 200', play.answer(200, page, { 'Content-Type': 'text/html' }), badBody()),
  row(
    'answers JSON that is cut off',
    play.answerJSON(({ rightBody }) => rightBody.slice(0, -1)),
    badBody(),
  ),
  row('answers a JSON array', play.answerJSON('[{"access_token":"a"}]'), badBody()),
  row('answers a JSON number', play.answerJSON('7'), badBody()),
  row('answers `null` as JSON', play.answerJSON('null'), badBody()),
  row('answers 100,000 nested JSON arrays', play.answerJSON(deepArray), badBody()),
  row('answers 100,000 nested JSON objects', play.answerJSON(deepObject), badBody()),
  row('adds a member of 100,000 levels', play.answerJSON(play.withMember(`"more":${deepArray}`)), badBody()),
  row(
    'adds a member `__proto__`',
    play.answerJSON(play.withMember('"__proto__":{"polluted":true}')),
    'succeeds',
  ),
  row(
    'has everything under `__proto__`',
    play.answerJSON(({ rightBody }) => `{"__proto__":${rightBody}}`),
    badBody(),
    revoked,
  ),
  row(
    'gives every member twice, of which the last counts',
    play.answerJSON(({ rightBody }) => rightBody.replace(/"(access_token|id)":/g, '"$1":"the first","$1":')),
    'succeeds',
  ),
  row(
    'answers invalid UTF-8',
    play.answerJSON((exchange) => Buffer.from(play.withMember('"name":"\xff"')(exchange), 'latin1')),
    badBody(),
  ),
  row(
    'puts a byte order mark in front',
    play.answerJSON(({ rightBody }) => `\ufeff${rightBody}`),
    badBody(),
  ),

  // TLS
  row(
    'has a certificate for another host',
    play.presentCertificate('other host'),
    badCertificate('ERR_TLS_CERT_ALTNAME_INVALID'),
  ),
  row('has an expired certificate', play.presentCertificate('expired'), badCertificate('CERT_HAS_EXPIRED')),
  row(
    'has a self-signed certificate',
    play.presentCertificate('self-signed'),
    badCertificate('DEPTH_ZERO_SELF_SIGNED_CERT'),
  ),
];
