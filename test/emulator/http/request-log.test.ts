import { inspect } from 'node:util';
import { expect } from 'chai';
import { createChallenge, DemoApplication } from '../support/application';
import { talk, useEmulator } from '../support/fixtures';

describe('requests that the emulator remembers', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);

  beforeEach(() => emulator.clearRequests());

  it('have method, path, headers, status and time', async () => {
    const before = Date.now();
    await application.fetchMe('unknown');
    const [request] = emulator.requests;
    expect(request).to.include({ method: 'GET', path: '/irk/api/v1/me', status: 401, body: undefined });
    expect(request?.headers).to.include({ authorization: 'Bearer unknown' });
    expect(request?.receivedAt.getTime()).to.be.within(before, Date.now());
  });

  it('have the parameters of a form as they were sent, so that a test can check the verifier', async () => {
    const { verifier, challenge } = createChallenge();
    const code = await application.getCode({ code_challenge: challenge, code_challenge_method: 'S256' });
    await application.redeem(code, { code_verifier: verifier });
    expect(emulator.requests[0]?.body).to.deep.equal({
      ...application.credentials,
      grant_type: 'authorization_code',
      code,
      redirect_uri: application.redirectURI,
      code_verifier: verifier,
    });
  });

  it('have the members of a JSON body, and no body when it could not be parsed', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const members = { grant_type: 'refresh_token', nested: { list: [1, 'two'] } };
    for (const body of [JSON.stringify(members), '{"a":'])
      await fetch(`${emulator.url}/irk/oauth/token`, { method: 'POST', body, headers });
    expect(emulator.requests.map(({ body }) => body)).to.deep.equal([members, undefined]);
  });

  it('have the query, with a list for a name that occurs twice', async () => {
    await fetch(`${emulator.url}/nowhere?a=1&b=2&a=3`);
    expect(emulator.requests[0]?.query).to.deep.equal({ a: ['1', '3'], b: '2' });
  });

  it('are at most the last 10,000', async () => {
    const paths = Array.from({ length: 10_001 }, (_, index) => `GET /${index} HTTP/1.1\r\nHost: localhost\r\n`);
    await talk(emulator, `${paths.join('\r\n')}Connection: close\r\n\r\n`);
    expect(emulator.requests.length).to.equal(10_000);
    expect(emulator.requests[0]?.path).to.equal('/1');
  });

  it('are not shown by printing the emulator, nor is anything that it has issued', async () => {
    const { access_token, refresh_token } = await application.signIn();
    const text = inspect(emulator, { depth: null, showHidden: true }) + JSON.stringify(emulator);
    for (const secret of [access_token, refresh_token, 'metafy-demo-secret']) expect(text).not.to.include(secret);
  });
});
