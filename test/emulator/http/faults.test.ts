import { expect } from 'chai';
import { DemoApplication } from '../support/application';
import { readObject, rejectionOf, useEmulator } from '../support/fixtures';

describe('faults of the emulator', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);

  afterEach(() => emulator.clearRequests());

  it('answer with a status, headers and a text', async () => {
    emulator.fail('me', { status: 503, headers: { 'Retry-After': '2' }, body: 'busy' });
    const response = await application.fetchMe('any');
    expect(response.status).to.equal(503);
    expect(response.headers.get('retry-after')).to.equal('2');
    expect(await response.text()).to.equal('busy');
  });

  it('answer with an object as JSON', async () => {
    emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
    const response = await application.refresh('any');
    expect(response.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    expect(await readObject(response)).to.deep.equal({ error: 'invalid_grant' });
  });

  it('do not handle a request they answer with a status', async () => {
    const { access_token } = await application.signIn();
    emulator.fail('revoke', { status: 500 });
    await application.revoke(access_token);
    expect((await application.fetchMe(access_token)).status).to.equal(200);
  });

  it('answer as usual after a delay', async () => {
    const { access_token } = await application.signIn();
    emulator.fail('me', { delayMs: 1 });
    expect((await application.fetchMe(access_token)).status).to.equal(200);
  });

  it('are forgotten by clearFaults', async () => {
    emulator.fail('me', { status: 503 }, 5);
    await application.fetchMe('any');
    emulator.clearFaults();
    expect((await application.fetchMe('any')).status).to.equal(401);
  });

  it('hang without an answer until the client gives up', async () => {
    emulator.fail('me', { hang: true });
    const giveUp = new AbortController();
    const waiting = rejectionOf(fetch(`${emulator.url}/irk/api/v1/me`, { signal: giveUp.signal }));
    await untilReceived(1);
    giveUp.abort();
    expect((await waiting).name).to.equal('AbortError');
    expect(emulator.requests[0]?.status).to.equal(undefined);
  });

  it('break an answer off in its middle', async () => {
    const { access_token } = await application.signIn();
    emulator.fail('me', { truncate: true });
    const response = await application.fetchMe(access_token);
    expect(response.status).to.equal(200);
    expect((await rejectionOf(response.text())).message).to.equal('terminated');
  });

  it('break off even an answer without a body', async () => {
    emulator.fail('me', { truncate: true });
    const response = await application.fetchMe('unknown');
    expect(response.status).to.equal(401);
    expect((await rejectionOf(response.text())).message).to.equal('terminated');
  });

  it('handle a request whose answer they break off', async () => {
    const { access_token } = await application.signIn();
    emulator.fail('revoke', { truncate: true });
    await rejectionOf((await application.revoke(access_token)).text());
    expect((await application.fetchMe(access_token)).status).to.equal(401);
  });

  it('reset the connection', async () => {
    emulator.fail('token', { reset: true });
    const error = await rejectionOf(application.refresh('any'));
    expect(error.cause).to.have.property('code', 'ECONNRESET');
  });

  it('hit the given number of requests, then no more', async () => {
    emulator.fail('me', { status: 500 }, 2);
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await application.fetchMe('unknown')).status);
    expect(statuses).to.deep.equal([500, 500, 401]);
  });

  it('queue up, each endpoint by itself', async () => {
    emulator.fail('me', { status: 502 });
    emulator.fail('me', { status: 504 });
    expect((await application.refresh('unknown')).status).to.equal(400);
    expect((await application.fetchMe('unknown')).status).to.equal(502);
    expect((await application.fetchMe('unknown')).status).to.equal(504);
  });

  it('hit the authorize page', async () => {
    emulator.fail('authorize', { status: 500 });
    expect((await fetch(application.authorizationURL())).status).to.equal(500);
  });

  const nonsense: [
    title: string,
    endpoint: string,
    fault: object | undefined,
    times: number | undefined,
    message: string,
  ][] = [
    ['an unknown endpoint', 'login', { reset: true }, 1, 'endpoint'],
    ['a number of times that is no positive integer', 'me', { reset: true }, 0, 'times'],
    ['no fault', 'me', undefined, 1, 'must be an object'],
    ['a fault of no kind', 'me', {}, 1, 'exactly one'],
    ['a fault of two kinds', 'me', { hang: true, reset: true }, 1, 'exactly one'],
    ['a status out of range', 'me', { status: 99 }, 1, 'status'],
    ['a negative delay', 'me', { delayMs: -1 }, 1, 'delayMs'],
    ['a header that would split the answer', 'me', { status: 500, headers: { a: 'b\r\nc: d' } }, 1, 'header'],
  ];
  for (const [title, endpoint, fault, times, message] of nonsense) {
    it(`are a TypeError with ${title}`, () => {
      expect(() => Reflect.apply(emulator.fail, emulator, [endpoint, fault, times])).to.throw(TypeError, message);
    });
  }

  async function untilReceived(count: number): Promise<void> {
    while (emulator.requests.length < count) await new Promise((resolve) => setImmediate(resolve));
  }
});
