import { tracingChannel } from 'node:diagnostics_channel';
import { expect } from 'chai';
import type { MetafyError } from '../../src/errors';
import { requestAPI } from '../../src/metafy/api-endpoint';
import type { MetafyRequestTrace } from '../../src/metafy/http';
import { caught } from '../support/caught';
import { type RawAnswer, type RawServer, startRawServer, toAnswer, waitUntil } from '../support/raw-server';
import { useClock } from '../tokens/support/clock';

const success = toAnswer(200, {}, 'the profile');
const failing = (status: number, headers?: Record<string, string>) => toAnswer(status, headers);
const hang: RawAnswer = () => {};
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('requestAPI', () => {
  const clock = useClock({ timers: true });
  let server: RawServer;
  /** As subscribers of the tracing channel are told: when they are sent. */
  let attempts: number[] = [];
  const channel = tracingChannel<MetafyRequestTrace>('passport-metafy:request').start;
  const noteAttempt = (trace: unknown) => attempts.push((trace as MetafyRequestTrace).attempt);
  beforeEach(() => {
    attempts = [];
    channel.subscribe(noteAttempt);
  });
  afterEach(() => {
    channel.unsubscribe(noteAttempt);
    return server?.stop();
  });

  /** The server answers so to the first, second, … request, and like the last to all after it. */
  async function serve(...script: (string | RawAnswer)[]): Promise<void> {
    server = await startRawServer((socket, count, connection) => {
      const step = script[Math.min(count, script.length) - 1] as string | RawAnswer;
      if (typeof step === 'string') socket.write(step);
      else step(socket, count, connection);
    });
  }
  const request = ({ method = 'GET', timeoutMs = 5000, headers = {} } = {}) =>
    requestAPI({ timeoutMs, agent: undefined }, { method, url: new URL(server.url), headers });
  const fail = (options?: object) => caught<MetafyError>(() => request(options));
  /** Lets time pass as soon as that many requests have arrived. */
  const tickAfter = async (requests: number, ms: number): Promise<void> => {
    await waitUntil(() => server.requests.length === requests);
    clock.tick(ms);
  };

  it('returns what succeeds, asking once', async () => {
    for (const status of [200, 299]) {
      await serve(toAnswer(status, {}, 'the profile'));
      expect(await request()).to.include({ status, body: 'the profile' });
      expect(server.requests).to.have.lengthOf(1);
      await server.stop();
    }
  });

  for (const [title, fault] of [
    ['a 429', failing(429)],
    ['a 429 whose Retry-After is past', failing(429, { 'Retry-After': 'Fri, 02 Jan 2015 03:04:05 GMT' })],
    ['a 429 whose Retry-After is rubbish', failing(429, { 'Retry-After': 'soon' })],
    ['a 429 whose Retry-After ends before the deadline', failing(429, { 'Retry-After': '4' })],
    ['a 502', failing(502)],
    ['a 503', failing(503)],
    ['a 504', failing(504)],
    ['a closed connection', (socket) => socket.end()],
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['a truncated answer', (socket) => socket.end(success.slice(0, -1))],
  ] satisfies [string, string | RawAnswer][]) {
    it(`asks again after ${title}`, async () => {
      await serve(fault, success);
      expect((await request()).body).to.equal('the profile');
      expect(server.requests).to.have.lengthOf(2);
    });
  }

  it('waits for as long as Retry-After says', async () => {
    await serve(failing(429, { 'Retry-After': '4' }), success);
    const startMs = performance.now();
    await request();
    expect(performance.now() - startMs).to.equal(4000);
  });

  for (const [title, code, fault] of [
    ...[302, 400, 401, 403, 404, 500, 501].map((status) => [`a ${status}`, 'bad_status', failing(status)] as const),
    ['a body that is too large', 'too_large', 'HTTP/1.1 200 OK\r\nContent-Length: 2097152\r\n\r\n'],
  ] as const) {
    it(`does not ask again after ${title}`, async () => {
      await serve(fault, success);
      expect(await fail()).to.include({ code });
      expect(server.requests).to.have.lengthOf(1);
    });
  }

  it('asks three times at most, and ends with the last fault', async () => {
    await serve((socket) => socket.end(), failing(502), failing(503), success);
    expect(await fail()).to.include({ code: 'bad_status', upstreamStatus: 503 });
    expect(server.requests).to.have.lengthOf(3);
  });

  it('does not repeat a POST', async () => {
    await serve(failing(503), success);
    expect(await fail({ method: 'POST' })).to.include({ upstreamStatus: 503 });
  });

  it('gives a POST the whole deadline', async () => {
    await serve(hang, success);
    const failure = fail({ method: 'POST' });
    await tickAfter(1, 4999);
    await nextTurn();
    clock.tick(1);
    expect(await failure).to.include({ code: 'timeout' });
    expect(server.requests).to.have.lengthOf(1);
  });

  for (const status of [429, 503]) {
    it(`leaves a Retry-After of a ${status} beyond the deadline to the caller`, async () => {
      await serve(failing(status, { 'Retry-After': '5' }), success);
      expect(await fail()).to.include({ upstreamStatus: status, retryAfterMs: 5000, status: 503 });
      expect(server.requests).to.have.lengthOf(1);
    });
  }

  for (const [timeoutMs, shareMs] of [
    [9000, 3000],
    [1500, 1000],
  ] as const) {
    it(`gives a hanging attempt ${shareMs} of ${timeoutMs} ms, a third or a second, and asks again`, async () => {
      await serve(hang, success);
      const response = request({ timeoutMs });
      await tickAfter(1, shareMs - 1);
      await nextTurn();
      expect(attempts).to.deep.equal([1]);
      clock.tick(1);
      expect((await response).body).to.equal('the profile');
      expect(attempts).to.deep.equal([1, 2]);
    });
  }

  it('gives the last attempt all that is left', async () => {
    await serve(failing(503), failing(503), (socket) => {
      clock.tick(8000);
      socket.write(success);
    });
    expect((await request({ timeoutMs: 9000 })).body).to.equal('the profile');
  });

  it('ends at the deadline when every attempt hangs', async () => {
    await serve(hang);
    const startMs = performance.now();
    const failure = fail({ timeoutMs: 9000 });
    for (const [index, ms] of [3000, 3000, 2500].entries()) await tickAfter(index + 1, ms);
    expect(await failure).to.include({ code: 'timeout', status: 504 });
    expect(performance.now() - startMs).to.equal(9000);
  });

  it('does not wait for what would be beyond the deadline', async () => {
    await serve(failing(503));
    expect(await fail({ timeoutMs: 400 })).to.include({ code: 'bad_status', upstreamStatus: 503 });
    expect(server.requests).to.have.lengthOf(2);
  });

  describe('when it is refused', () => {
    const challenge = (parameters: string) =>
      failing(401, { 'WWW-Authenticate': `Bearer realm="Doorkeeper", ${parameters}` });

    it('takes the reason from WWW-Authenticate', async () => {
      await serve(challenge('error="invalid_token", error_description="The access token expired"'));
      const error = await fail();
      expect(error).to.include({ name: 'MetafyOAuthError', code: 'invalid_token', status: 502, upstreamStatus: 401 });
      expect(error.message).to.include('The access token expired');
    });

    it('drops a description that repeats the token sent', async () => {
      await serve(challenge('error="invalid_token", error_description="canary is bad"'));
      const error = await fail({ headers: { Authorization: 'Bearer canary' } });
      expect(error).to.include({ code: 'invalid_token' });
      expect(error.message).not.to.include('canary');
    });

    it('hints at the scope for a bare 403', async () => {
      await serve(failing(403));
      expect((await fail()).message).to.include('scope');
    });
  });
});
