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

  const form = 'application/x-www-form-urlencoded';
  const json = 'application/json';
  const deep = `{"code":${'['.repeat(32_000)}${']'.repeat(32_000)}}`;
  const credentials = 'client_id=metafy-demo&client_secret=metafy-demo-secret';
  const wrong: [title: string, path: string, type: string, body: string, status: number][] = [
    ['a form of more than 64 KiB', TOKEN, form, `a=${'x'.repeat(65_536)}`, 413],
    ['a body of several megabytes', REVOKE, form, `a=${'x'.repeat(3_000_000)}`, 413],
    ['an array in a form', TOKEN, form, `grant_type=authorization_code&code[]=x&redirect_uri=y&${credentials}`, 400],
    ['an array in JSON', TOKEN, json, '{"grant_type":["authorization_code"]}', 400],
    ['JSON that is an array', TOKEN, json, '[1]', 400],
    ['JSON nested very deep', TOKEN, json, deep, 400],
    ['a __proto__ in JSON', TOKEN, json, '{"__proto__":{"grant_type":"client_credentials"}}', 400],
    ['a NUL byte in a form', TOKEN, form, `grant_type=refresh_token&refresh_token=%00&${credentials}`, 400],
    ['a broken percent-encoding', TOKEN, form, 'grant_type=%zz', 400],
    ['percent-encoded bytes that are not UTF-8', TOKEN, form, 'grant_type=%ff', 400],
    ['a token that is an array', REVOKE, form, `token[]=x&${credentials}`, 400],
    ['a decision without a session', AUTHORIZE, form, 'client_id=metafy-demo', 422],
    ['a sign-in without a session', '/auth/sign-in', form, 'user=x', 422],
  ];
  for (const [title, path, type, body, status] of wrong) {
    it(`gets a ${status} for ${title}`, async () => {
      const headers = { 'Content-Type': type };
      expect((await fetch(emulator.url + path, { method: 'POST', body, headers })).status).to.equal(status);
    });
  }

  const wrongURLs: [title: string, path: string, status: number][] = [
    ['an array in the authorization URL', `${AUTHORIZE}?client_id[]=metafy-demo`, 400],
    ['a NUL byte in the authorization URL', `${AUTHORIZE}?client_id=%00`, 400],
    ['a broken percent-encoding in the authorization URL', `${AUTHORIZE}?client_id=%`, 400],
    ['a broken percent-encoding in a path', '/avatars/%zz.svg', 404],
    ['the avatar of nobody', '/avatars/nobody.svg', 404],
    ['an array for an access token', '/irk/api/v1/me?access_token[]=x', 400],
    ['an unknown path', '/wp-login.php', 404],
    ['a huge URL', `${AUTHORIZE}?state=${'x'.repeat(100_000)}`, 431],
  ];
  for (const [title, path, status] of wrongURLs) {
    it(`gets a ${status} for ${title}`, async () => {
      expect((await fetch(emulator.url + path)).status).to.equal(status);
    });
  }

  it('gets a 400 for a body that is not UTF-8', async () => {
    const body = Buffer.from([0x7b, 0xff, 0x7d]);
    const headers = { 'Content-Type': json };
    expect((await fetch(emulator.url + TOKEN, { method: 'POST', body, headers })).status).to.equal(400);
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

  it('is told by HEAD what GET would be told, without the body', async () => {
    const response = await fetch(application.authorizationURL(), { method: 'HEAD' });
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(await response.text()).to.equal('');
  });

  it('finds no endpoint under another method', async () => {
    expect((await fetch(emulator.url + TOKEN, { method: 'PUT' })).status).to.equal(404);
    expect((await fetch(emulator.url + AUTHORIZE, { method: 'DELETE' })).status).to.equal(404);
  });
});
