import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { createDemoServer, getOrigin, hostname } from '../../src/cli/demo/server';
import { MetafyEmulator, Visitor } from '../../src/emulator';
import { typescriptArguments } from '../support/typescript';

const cli = join(__dirname, '..', '..', 'src', 'cli.ts');

describe('the application of passport-metafy demo', () => {
  const users = [
    { id: '1', slug: 'ada-coach', name: 'Ada Coach', email: 'ada@example.com' },
    { id: '2', slug: 'edsger-follower', name: 'Edsger Follower' },
    { id: '3', slug: 'hostile', name: '<script>alert("1")</script>' },
  ];
  const tiers = [{ id: 'tier-1', name: 'Inner Circle' }];
  const subscriptions = [{ userID: '1', tierID: 'tier-1' }];
  const community = { id: 'chess', title: 'Chess', ownerID: '2', tiers, subscriptions };
  const emulator = new MetafyEmulator({ users, communities: [community] });
  let server: ReturnType<typeof createDemoServer>;
  let url: string;
  let visitor: Visitor;

  before(async () => {
    await emulator.start();
    server = createDemoServer(emulator).listen(0, hostname);
    await once(server, 'listening');
    url = getOrigin(server);
  });
  beforeEach(() => {
    visitor = new Visitor();
    emulator.clearFaults();
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await emulator.stop();
  });

  /** What the browser brings back from Metafy. */
  async function authorize(options: { user?: string; deny?: boolean } = {}): Promise<string> {
    return emulator.authorize(await visitor.getLocation(`${url}/auth/metafy`), options);
  }
  const signIn = async (user: string) => visitor.open(await authorize({ user }));
  const signOut = () => visitor.fetch(`${url}/sign-out`, { method: 'POST' });

  /** A request whose parts `fetch` would put right. */
  async function send(options: { path?: string; method?: string; host?: string }): Promise<IncomingMessage> {
    const { path = '/', method = 'GET', host = new URL(url).host } = options;
    const { port } = new URL(url);
    const request = sendRequest({ hostname, port, path, method, headers: { Host: host } }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    return response;
  }

  it('shows who is signed in, and the tier in which they support the community', async () => {
    const page = await signIn('ada-coach');
    expect(page).to.include('Ada Coach').and.include('ada@example.com').and.include('Inner Circle');
    expect(page).to.match(/Supporter<\/dt><dd>Yes/);
  });

  it('shows who does not support the community', async () => {
    expect(await signIn('edsger-follower')).to.match(/Supporter<\/dt><dd>No</);
  });

  it('asks Metafy anew at each sign-in', async () => {
    await signIn('edsger-follower');
    emulator.subscribe('edsger-follower', 'chess', 'tier-1');
    const page = await signIn('edsger-follower');
    emulator.cancel('edsger-follower', 'chess');
    expect(page).to.match(/Supporter<\/dt><dd>Yes/);
  });

  it('escapes what Metafy says', async () => {
    expect(await signIn('hostile'))
      .to.include('alert(')
      .and.not.to.include('<script>');
  });

  it('keeps the session where no script can read it, and its pages in no cache', async () => {
    const response = await visitor.get(await authorize());
    const cookies = response.headers.getSetCookie().filter((line) => /^metafy-demo-session=/.test(line));
    expect(cookies).to.have.length(1);
    expect(cookies[0]).to.include('; HttpOnly; SameSite=Lax');
    for (const { headers } of [response, await visitor.get(url)]) {
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('content-security-policy')).to.include("default-src 'none'");
    }
  });

  it('revokes and forgets the tokens on sign-out', async () => {
    await signIn('ada-coach');
    emulator.clearRequests();
    expect((await signOut()).status).to.equal(303);
    expect(emulator.requests.map(({ path, status }) => ({ path, status }))).to.deep.equal([
      { path: '/irk/oauth/revoke', status: 200 },
    ]);
    expect(await visitor.open(url)).to.include('Sign in with Metafy');
  });

  it('signs nobody out with a link', async () => {
    await signIn('ada-coach');
    expect((await visitor.get(`${url}/sign-out`)).status).to.equal(404);
    expect(await visitor.open(url)).to.include('Ada Coach');
  });

  it('signs out when Metafy cannot be told, and says so', async () => {
    await signIn('ada-coach');
    emulator.fail('revoke', { status: 503 });
    const response = await signOut();
    expect(response.status).to.equal(503);
    expect(await response.text()).to.include('You are signed out');
    expect(await visitor.open(url)).to.include('Sign in with Metafy');
  });

  it('asks to sign in again when the tokens no longer work', async () => {
    await visitor.get(await authorize({ user: 'ada-coach' }));
    emulator.fail('purchases', { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } });
    emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
    const response = await visitor.get(url);
    expect(response.status).to.equal(401);
    expect(await response.text()).to.include('href="/auth/metafy"');
  });

  it('leads back to the account when Metafy cannot be asked about support', async () => {
    await visitor.get(await authorize({ user: 'ada-coach' }));
    emulator.fail('purchases', { status: 503 }, 3);
    const response = await visitor.get(url);
    expect(response.status).to.equal(503);
    expect(await response.text()).to.include('<a class="button" href="/">');
    emulator.clearFaults();
    expect(await visitor.open(url)).to.include('Ada Coach');
  });

  const endings: [name: string, status: number, next: string, open: () => Promise<string>][] = [
    ['a denial', 401, '/auth/metafy', () => authorize({ deny: true })],
    [
      'a callback that was started elsewhere',
      403,
      '/auth/metafy',
      async () => `${url}/auth/metafy/callback?code=c&state=s`,
    ],
    ['a callback without a code', 400, '/auth/metafy', async () => `${url}/auth/metafy/callback`],
    [
      'an outage at Metafy',
      503,
      '/auth/metafy',
      async () => {
        emulator.fail('token', { status: 503 });
        return authorize();
      },
    ],
    ['an unknown address', 404, '/', async () => `${url}/nowhere`],
  ];
  for (const [name, status, next, open] of endings) {
    it(`answers ${name} with ${status} and a page that leads to ${next}`, async () => {
      const response = await visitor.get(await open());
      expect(response.status).to.equal(status);
      expect(await response.text()).to.include(`<a class="button" href="${next}">`);
      expect(await visitor.open(url)).to.include('Sign in with Metafy');
    });
  }

  it('answers no request for another host, whose name may have been made to lead here', async () => {
    for (const host of ['attacker.example', `attacker.example:${new URL(url).port}`, 'localhost.attacker.example']) {
      expect((await send({ host })).statusCode, host).to.equal(421);
    }
  });

  it('leads from localhost to the address whose cookies it uses', async () => {
    const { headers } = await send({ host: `localhost:${new URL(url).port}`, path: '/auth/metafy?a=b' });
    expect(headers.location).to.equal(`${url}/auth/metafy?a=b`);
  });

  it('refuses requests that it cannot read', async () => {
    expect((await send({ path: 'http://attacker.example/' })).statusCode).to.equal(400);
    expect((await send({ method: 'TRACE' })).statusCode).to.equal(405);
    expect((await send({ path: '//attacker.example/' })).statusCode).to.equal(404);
  });
});

describe('passport-metafy demo', function () {
  // Each is a process that compiles itself.
  this.timeout(30_000);
  const children: ChildProcess[] = [];
  after(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  function launch(...args: string[]) {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(process.execPath, [...typescriptArguments, cli, 'demo', ...args], { stdio });
    children.push(child);
    return child;
  }

  async function start(...args: string[]): Promise<{ child: ChildProcess; output: string; url: string }> {
    const child = launch(...args);
    let output = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      output += chunk;
      if (output.includes('Ctrl+C')) break;
    }
    return { child, output, url: /^Open (\S+)$/m.exec(output)?.[1] ?? '' };
  }

  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const child = launch(...args);
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { code, stdout, stderr };
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`prints where to go and whom to sign in as, and stops on ${signal}`, async () => {
      const { child, output, url } = await start('--port', '0');
      expect(await new Visitor().open(url)).to.include('Sign in with Metafy');
      expect(output).to.include('Ada Coach');
      const emulatorURL = /^ *Emulator +(\S+)/m.exec(output)?.[1] ?? '';
      expect((await fetch(emulatorURL)).status).to.equal(200);
      child.kill(signal);
      expect(await once(child, 'exit')).to.deep.equal([0, null]);
    });
  }

  it('listens elsewhere when its usual port is taken, and fails when the one it was given is', async () => {
    // One of them has port 3000, unless somebody else has.
    const [first, second] = [await start(), await start()];
    expect(first.url).not.to.equal(second.url);
    expect(second.output).to.match(/^Port 3000 is in use/);
    const { port } = new URL(second.url);
    const outcome = await run('--port', port);
    expect(outcome).to.include({ code: 1, stdout: '' });
    expect(outcome.stderr).to.include(port);
  });

  for (const args of [['--port', 'http'], ['--port', '65536'], ['--port='], ['--hostname', '0.0.0.0']]) {
    it(`ends with 2 for ${args.join(' ')}`, async () => {
      expect(await run(...args)).to.include({ code: 2, stdout: '' });
    });
  }
});
