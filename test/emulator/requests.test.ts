import { inspect } from 'node:util';
import { expect } from 'chai';
import { createChallenge, DemoApplication } from './support/application';
import { talk, useEmulator } from './support/fixtures';

describe('requests that the emulator remembers', () => {
  const emulator = useEmulator();
  const application = new DemoApplication(emulator);

  beforeEach(() => emulator.clearRequests());

  it('tell method, path, status and time', async () => {
    const before = Date.now();
    await application.fetchMe('unknown');
    const [request] = emulator.requests;
    expect(request).to.include({ method: 'GET', path: '/irk/api/v1/me', status: 401 });
    expect(request?.receivedAt.getTime()).to.be.within(before, Date.now());
  });

  it('tell the parameters of a form', async () => {
    await application.requestTokens({ grant_type: 'client_credentials', scope: 'products' });
    expect(emulator.requests[0]?.body).to.deep.equal({
      client_id: 'metafy-demo',
      client_secret: '[masked]',
      grant_type: 'client_credentials',
      scope: 'products',
    });
  });

  it('tell the members of a JSON body', async () => {
    await postJSON({
      grant_type: 'refresh_token',
      refresh_token: 'x',
      nested: { list: [1, 'two'], password: 'y' },
    });
    expect(emulator.requests[0]?.body).to.deep.equal({
      grant_type: 'refresh_token',
      refresh_token: '[masked]',
      nested: { list: [1, 'two'], password: '[masked]' },
    });
  });

  it('tell a query, and a name that came twice as a list', async () => {
    await fetch(`${emulator.url}/nowhere?a=1&b=2&a=3`);
    expect(emulator.requests[0]?.query).to.deep.equal({ a: ['1', '3'], b: '2' });
  });

  it('tell the type of a token, though not the token', async () => {
    await application.revoke('unknown', { token_type_hint: 'access_token' });
    expect(emulator.requests[0]?.body).to.include({ token: '[masked]', token_type_hint: 'access_token' });
  });

  it('tell state and challenge of an authorization request', async () => {
    const { challenge } = createChallenge();
    await fetch(
      application.authorizationURL({ state: 'st', code_challenge: challenge, code_challenge_method: 'S256' }),
    );
    expect(emulator.requests[0]?.query).to.include({ state: 'st', code_challenge: challenge });
  });

  it('do not tell a plain challenge, which is the verifier', async () => {
    await fetch(application.authorizationURL({ code_challenge: 'canary', code_challenge_method: 'plain' }));
    expectNoTrace('canary');
  });

  it('can be forgotten', async () => {
    await application.fetchMe('unknown');
    emulator.clearRequests();
    expect(emulator.requests).to.deep.equal([]);
  });

  it('are at most the last 10,000', async () => {
    const paths = Array.from({ length: 10_001 }, (_, index) => `GET /${index} HTTP/1.1\r\nHost: x\r\n`);
    await talk(emulator, `${paths.join('\r\n')}Connection: close\r\n\r\n`);
    expect(emulator.requests.length).to.equal(10_000);
    expect(emulator.requests[0]?.path).to.equal('/1');
  });

  const names = [
    'client_secret',
    'code',
    'code_verifier',
    'token',
    'access_token',
    'refresh_token',
    'bearer_token',
  ];
  for (const name of [
    ...names,
    'password',
    'Client_Secret',
    'code[]',
    'code[x]',
    'client_assertion',
    'api_key',
  ]) {
    it(`show nothing of ${name}, wherever it was sent`, async () => {
      const query = new URLSearchParams({ [name]: 'canary' });
      await fetch(`${emulator.url}/irk/oauth/token?${query}`, { method: 'POST', body: query });
      await postJSON({ [name]: { nested: ['canary'] }, deep: [{ [name]: 'canary' }] });
      expectNoTrace('canary');
    });
  }

  for (const name of ['Authorization', 'Cookie', 'Proxy-Authorization', 'X-Api-Key', 'X-Auth-Token']) {
    it(`show nothing of the header ${name}`, async () => {
      await fetch(`${emulator.url}/irk/api/v1/me`, { headers: { [name]: 'Basic canary' } });
      expectNoTrace('canary');
    });
  }

  it('show nothing of the query of a referring URL', async () => {
    await fetch(`${emulator.url}/nowhere`, { headers: { Referer: 'http://127.0.0.1/callback?code=canary' } });
    expectNoTrace('canary');
  });

  it('show nothing of a body that could not be parsed', async () => {
    await fetch(`${emulator.url}/irk/oauth/token`, {
      method: 'POST',
      body: '{"client_secret":"canary"',
      headers: { 'Content-Type': 'application/json' },
    });
    expectNoTrace('canary');
  });

  it('show no issued token and no client secret, not even in the wrong place', async () => {
    const { access_token } = await application.signIn();
    const secret = application.credentials.client_secret;
    await fetch(`${emulator.url}/${access_token}?${access_token}=${secret}&x=prefix${access_token}`, {
      headers: { 'X-Strange': `${secret} ${access_token}` },
    });
    expectNoTrace(access_token);
    expectNoTrace(secret);
  });

  it('show nothing of a whole sign-in', async () => {
    const { verifier, challenge } = createChallenge();
    const code = await application.getCode({ code_challenge: challenge, code_challenge_method: 'S256' });
    await application.redeem(code, { code_verifier: verifier });
    for (const secret of [code, verifier, application.credentials.client_secret]) expectNoTrace(secret);
  });

  it('survive a body nested as deep as it can be', async () => {
    await fetch(`${emulator.url}/irk/oauth/token`, {
      method: 'POST',
      body: `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(emulator.requests[0]?.status).to.equal(400);
  });

  function postJSON(value: object): Promise<Response> {
    return fetch(`${emulator.url}/irk/oauth/token`, {
      method: 'POST',
      body: JSON.stringify(value),
      headers: { 'Content-Type': 'application/json' },
    });
  }

  function expectNoTrace(secret: string): void {
    expect(emulator.requests.length).to.be.greaterThan(0);
    expect(JSON.stringify(emulator.requests)).not.to.include(secret);
    expect(inspect(emulator.requests, { depth: null, showHidden: true })).not.to.include(secret);
  }
});
