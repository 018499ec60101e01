import { expect } from 'chai';
import type { MetafyEmulatorEndpoint, MetafyEmulatorFault } from '../../../src/emulator';
import { caught } from '../../support/caught';
import { DemoApplication } from '../support/application';
import { readObject, untilReceived, useEmulator } from '../support/fixtures';

describe('faults of the emulator', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);
  const getStatus = async (accessToken = 'unknown') => (await application.fetchMe(accessToken)).status;

  afterEach(() => emulator.clearRequests());

  it('answer with a status, headers and a text, or an object as JSON', async () => {
    emulator.fail('me', { status: 503, headers: { 'Retry-After': '2' }, body: 'busy' });
    const busy = await application.fetchMe('any');
    expect([busy.status, busy.headers.get('retry-after'), await busy.text()]).to.deep.equal([503, '2', 'busy']);
    emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
    const refused = await application.refresh('any');
    expect(refused.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    expect(await readObject(refused)).to.deep.equal({ error: 'invalid_grant' });
  });

  it('do not handle a request that they answer with a status, and handle one whose answer they break off', async () => {
    const { access_token } = await application.signIn();
    emulator.fail('revoke', { status: 500 });
    await application.revoke(access_token);
    expect(await getStatus(access_token)).to.equal(200);
    emulator.fail('revoke', { truncate: true });
    await caught(async () => (await application.revoke(access_token)).text());
    expect(await getStatus(access_token)).to.equal(401);
  });

  it('answer as usual after a delay', async () => {
    emulator.fail('me', { delayMs: 1 });
    expect(await getStatus()).to.equal(401);
  });

  it('hang without an answer until the client gives up', async () => {
    emulator.fail('me', { hang: true });
    const giveUp = new AbortController();
    const waiting = caught(() => fetch(`${emulator.url}/irk/api/v1/me`, { signal: giveUp.signal }));
    await untilReceived(emulator, 1);
    giveUp.abort();
    expect((await waiting).name).to.equal('AbortError');
    expect(emulator.requests[0]?.status).to.equal(undefined);
  });

  it('break an answer off in its middle, even one without a body', async () => {
    const { access_token } = await application.signIn();
    for (const [token, status] of [
      [access_token, 200],
      ['unknown', 401],
    ] as const) {
      emulator.fail('me', { truncate: true });
      const response = await application.fetchMe(token);
      expect(response.status).to.equal(status);
      expect((await caught(() => response.text())).message).to.equal('terminated');
    }
  });

  it('reset the connection', async () => {
    emulator.fail('token', { reset: true });
    expect((await caught(() => application.refresh('any'))).cause).to.have.property('code', 'ECONNRESET');
  });

  it('queue up, each endpoint by itself, and hit the given number of requests', async () => {
    emulator.fail('me', { status: 502 }, 2);
    emulator.fail('me', { status: 504 });
    emulator.fail('authorize', { status: 500 });
    expect((await application.refresh('unknown')).status).to.equal(400);
    const statuses = [await getStatus(), await getStatus(), await getStatus(), await getStatus()];
    expect(statuses).to.deep.equal([502, 502, 504, 401]);
    expect((await fetch(application.authorizationURL())).status).to.equal(500);
  });

  it('can be taken back', async () => {
    emulator.fail('me', { status: 502 });
    emulator.clearFaults();
    expect(await getStatus()).to.equal(401);
  });

  it('are a TypeError that says what is wrong with them', () => {
    const headers = { a: 'b\r\nc: d' };
    for (const [endpoint, fault, times, about] of [
      ['login', { reset: true }, 1, 'endpoint'],
      ['me', { reset: true }, 0, 'times'],
      ['me', undefined, 1, 'must be an object'],
      ['me', {}, 1, 'exactly one'],
      ['me', { hang: true, reset: true }, 1, 'exactly one'],
      ['me', { status: 99 }, 1, 'status'],
      ['me', { delayMs: -1 }, 1, 'delayMs'],
      ['me', { status: 500, headers }, 1, 'header'],
    ] as const) {
      const fail = () => emulator.fail(endpoint as MetafyEmulatorEndpoint, fault as MetafyEmulatorFault, times);
      expect(fail).to.throw(TypeError, about);
    }
  });
});
