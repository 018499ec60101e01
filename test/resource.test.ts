import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { type MetafyError, MetafyOAuthError, MetafyResponseError } from '../src/errors';
import { toHttpTarget } from '../src/http';
import { requestResource } from '../src/resource';
import { caught } from './support/caught';
import { type RawAnswer, type RawServer, startRawServer, toAnswer } from './support/raw-server';

/** What a server does with the first, second, … request; the last for all after it. */
type Script = (string | RawAnswer)[];

const failing = (status: number, headers?: Record<string, string>) => toAnswer(status, headers);
const authorization: Record<string, string> = { Authorization: 'Bearer a-token' };
const success = toAnswer(200, {}, 'the profile');

describe('requestResource', () => {
  let server: RawServer | undefined;
  afterEach(() => server?.stop());

  const serve = async (...script: Script): Promise<RawServer> => {
    server = await startRawServer((socket, count) => {
      const step = script[Math.min(count, script.length) - 1] as string | RawAnswer;
      if (typeof step === 'string') socket.write(step);
      else step(socket, count);
    });
    return server;
  };
  const request = ({ url }: RawServer, { method = 'GET', timeoutMs = 5000, headers = authorization } = {}) =>
    requestResource(
      { timeoutMs, agent: undefined, headers: {} },
      { method, target: toHttpTarget(url), headers },
    );
  const fail = (from: RawServer, options?: object) =>
    caught<MetafyOAuthError | MetafyResponseError>(() => request(from, options));

  it('returns what succeeds, asking once', async () => {
    const from = await serve(success);
    expect(await request(from)).to.include({ status: 200, body: 'the profile' });
    expect(from.requests).to.have.lengthOf(1);
  });

  for (const [title, fault] of [
    ['a 429', failing(429)],
    ['a 429 whose Retry-After is past', failing(429, { 'Retry-After': 'Fri, 02 Jan 2015 03:04:05 GMT' })],
    ['a 429 whose Retry-After is rubbish', failing(429, { 'Retry-After': 'soon' })],
    ['a 429 whose Retry-After is short', failing(429, { 'Retry-After': '1' })],
    ['a 502', failing(502)],
    ['a 503', failing(503)],
    ['a 504', failing(504)],
    ['a closed connection', (socket) => socket.end()],
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['a truncated answer', (socket) => socket.end(success.slice(0, -1))],
  ] satisfies [string, string | RawAnswer][]) {
    it(`asks again after ${title}`, async () => {
      const from = await serve(fault, success);
      expect((await request(from)).body).to.equal('the profile');
      expect(from.requests).to.have.lengthOf(2);
    });
  }

  it('asks three times at most', async () => {
    const from = await serve(failing(503));
    expect(await fail(from)).to.include({ code: 'bad_status', status: 503, upstreamStatus: 503 });
    expect(from.requests).to.have.lengthOf(3);
  });

  it('ends with the last of different faults', async () => {
    const from = await serve((socket) => socket.end(), failing(502), failing(404));
    expect(await fail(from)).to.include({ upstreamStatus: 404 });
  });

  for (const status of [302, 400, 401, 403, 404, 500, 501]) {
    it(`does not ask again after a ${status}`, async () => {
      const from = await serve(failing(status));
      expect(await fail(from)).to.include({ code: 'bad_status', upstreamStatus: status });
      expect(from.requests).to.have.lengthOf(1);
    });
  }

  it('does not ask again after a body that is too large', async () => {
    const from = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2097152\r\n\r\n'));
    expect(await fail(from)).to.include({ code: 'too_large' });
    expect(from.requests).to.have.lengthOf(1);
  });

  it('does not repeat a POST', async () => {
    const from = await serve(failing(503), success);
    expect(await fail(from, { method: 'POST' })).to.include({ upstreamStatus: 503 });
    expect(from.requests).to.have.lengthOf(1);
  });

  for (const status of [429, 503]) {
    it(`leaves a long Retry-After of a ${status} to the caller`, async () => {
      const from = await serve(failing(status, { 'Retry-After': '3' }), success);
      expect(await fail(from)).to.include({ upstreamStatus: status, retryAfterMs: 3000, status: 503 });
      expect(from.requests).to.have.lengthOf(1);
    });
  }

  it('reads a Retry-After that is a date', async () => {
    const clock = install({ toFake: ['Date'], now: Date.parse('2026-01-02T03:04:05Z') });
    try {
      const from = await serve(failing(429, { 'Retry-After': 'Fri, 02 Jan 2026 03:05:05 GMT' }), success);
      expect(await fail(from)).to.include({ upstreamStatus: 429, retryAfterMs: 60_000 });
      expect(from.requests).to.have.lengthOf(1);
    } finally {
      clock.uninstall();
    }
  });

  it('has one deadline for all attempts', async () => {
    const from = await serve(failing(503), () => {});
    expect(await fail(from, { timeoutMs: 250 })).to.include({ code: 'timeout', status: 504 });
    expect(from.requests).to.have.lengthOf(2);
  });

  it('does not wait for what would be beyond the deadline', async () => {
    const from = await serve(failing(503));
    expect(await fail(from, { timeoutMs: 400 })).to.include({ code: 'bad_status', upstreamStatus: 503 });
    expect(from.requests).to.have.lengthOf(2);
  });

  it('does not ask again after the deadline', async () => {
    const from = await serve(() => {});
    expect(await fail(from, { timeoutMs: 150 })).to.include({ code: 'timeout' });
    expect(from.requests).to.have.lengthOf(1);
  });

  describe('when it is refused', () => {
    const challenge =
      'Bearer realm="Doorkeeper", error="invalid_token", error_description="The access token expired"';

    it('takes the reason from WWW-Authenticate', async () => {
      const error = await fail(await serve(failing(401, { 'WWW-Authenticate': challenge })));
      expect(error).to.be.instanceOf(MetafyOAuthError);
      expect(error).to.include({ code: 'invalid_token', status: 502, upstreamStatus: 401 });
      expect(error.message).to.include('The access token expired');
    });

    it('takes it for a request without a token as well', async () => {
      const from = await serve(failing(401, { 'WWW-Authenticate': challenge }));
      expect(await fail(from, { headers: {} })).to.include({ code: 'invalid_token' });
    });

    it('is a `bad_status` without one', async () => {
      const error = await fail(await serve(failing(401)));
      expect(error).to.be.instanceOf(MetafyResponseError);
      expect(error).to.include({ code: 'bad_status', status: 502, upstreamStatus: 401 });
    });

    it('hints at the scope for a bare 403', async () => {
      expect((await fail(await serve(failing(403)))).message).to.include('scope');
    });

    it('has no such hint where Metafy gives the reason itself', async () => {
      const insufficient = 'Bearer error="insufficient_scope"';
      const error: MetafyError = await fail(await serve(failing(403, { 'WWW-Authenticate': insufficient })));
      expect(error).to.include({ code: 'insufficient_scope' });
      expect(error.message).not.to.include('has the token the scope');
    });
  });
});
