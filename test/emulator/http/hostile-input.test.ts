import { connect } from 'node:net';
import { expect } from 'chai';
import { DemoApplication } from '../support/application';
import { talk, untilReceived, useEmulator } from '../support/fixtures';

describe('hostile input to the emulator', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);
  const TOKEN = '/irk/oauth/token';
  const REVOKE = '/irk/oauth/revoke';
  const AUTHORIZE = '/auth/authorize';

  afterEach('the emulator still works', async () => {
    expect((await application.redeem(await application.getCode())).status).to.equal(200);
  });

  it('gets a 4xx for a form, and for JSON, that is none', async () => {
    const deep = `{"code":${'['.repeat(32_000)}${']'.repeat(32_000)}}`;
    const credentials = 'client_id=metafy-demo&client_secret=metafy-demo-secret';
    for (const [path, type, body, status] of [
      [TOKEN, 'x-www-form-urlencoded', `a=${'x'.repeat(65_536)}`, 413],
      [REVOKE, 'x-www-form-urlencoded', `a=${'x'.repeat(3_000_000)}`, 413],
      [TOKEN, 'x-www-form-urlencoded', `grant_type=authorization_code&code[]=x&redirect_uri=y&${credentials}`, 400],
      [TOKEN, 'x-www-form-urlencoded', `grant_type=refresh_token&refresh_token=%00&${credentials}`, 400],
      [TOKEN, 'x-www-form-urlencoded', 'grant_type=%zz', 400],
      [TOKEN, 'x-www-form-urlencoded', 'grant_type=%ff', 400],
      [REVOKE, 'x-www-form-urlencoded', `token[]=x&${credentials}`, 400],
      [TOKEN, 'json', '{"grant_type":["authorization_code"]}', 400],
      [TOKEN, 'json', '[1]', 400],
      [TOKEN, 'json', deep, 400],
      [TOKEN, 'json', '{"__proto__":{"grant_type":"client_credentials"}}', 400],
      [TOKEN, 'json', Buffer.from([0x7b, 0xff, 0x7d]), 400],
      [AUTHORIZE, 'x-www-form-urlencoded', 'client_id=metafy-demo', 422],
      ['/auth/sign-in', 'x-www-form-urlencoded', 'user=x', 422],
    ] as const) {
      const headers = { 'Content-Type': `application/${type}` };
      const response = await fetch(emulator.url + path, { method: 'POST', body, headers });
      expect(response.status, String(body).slice(0, 60)).to.equal(status);
    }
  });

  it('gets a 4xx for a URL that is none of its own', async () => {
    for (const [path, status] of [
      [`${AUTHORIZE}?client_id[]=metafy-demo`, 400],
      [`${AUTHORIZE}?client_id=%00`, 400],
      [`${AUTHORIZE}?client_id=%`, 400],
      [`${AUTHORIZE}?state=${'x'.repeat(100_000)}`, 431],
      ['/irk/api/v1/me?access_token[]=x', 400],
      ['/avatars/%zz.svg', 404],
      ['/avatars/nobody.svg', 404],
      ['/wp-login.php', 404],
    ] as const)
      expect((await fetch(emulator.url + path)).status, path.slice(0, 60)).to.equal(status);
    for (const [method, path] of [
      ['PUT', TOKEN],
      ['DELETE', AUTHORIZE],
    ] as const)
      expect((await fetch(emulator.url + path, { method })).status).to.equal(404);
  });

  it('gets a 400 for what is not HTTP, and a 404 for a request target that is a URL', async () => {
    const target = 'GET http://[bad HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    expect(await talk(emulator, 'NOT HTTP\r\n\r\n')).to.match(/^HTTP\/1\.1 400 /);
    expect(await talk(emulator, target)).to.match(/^HTTP\/1\.1 404 /);
  });

  it('gets no answer to a request that it breaks off', async () => {
    const { port, hostname } = new URL(emulator.url);
    emulator.clearRequests();
    const socket = connect(Number(port), hostname);
    socket.write('POST /irk/oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab');
    await untilReceived(emulator, 1);
    socket.destroy();
    expect(emulator.requests[0]?.status).to.equal(undefined);
  });
});
