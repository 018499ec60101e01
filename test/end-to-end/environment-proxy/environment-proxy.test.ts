import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duplex, pipeline } from 'node:stream';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { MetafyEmulator } from '../../../src/emulator';
import { type Certificate, createCertificate } from '../../support/certificate';
import { skipWithout } from '../../support/skip-without';
import { typescriptArguments } from '../../support/typescript';

const tokenPath = '/irk/oauth/token';

describe('NODE_USE_ENV_PROXY=1 with Node 24', function () {
  // It may have to be downloaded.
  this.timeout(120_000);
  const certificate = createCertificate('metafy.localhost') as Certificate;
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-proxy-'));
  const emulator = new MetafyEmulator();
  let tlsServer: Server;
  let proxy: Server;
  let node24: string;
  /** What the proxy was asked for. */
  const asked: string[] = [];

  before(async function () {
    if (!certificate) skipWithout(this, 'openssl', 'apt-get install openssl');
    // By its path: npx would ask the proxy as well.
    const node = ['--yes', '--package', 'node@24', '--', 'node', '-p', 'process.execPath'];
    node24 = (await promisify(execFile)('npx', node)).stdout.trim();
    writeFileSync(join(directory, 'ca.pem'), certificate.cert);
    await emulator.start();
    tlsServer = tls.createServer(certificate, (socket) => connect(socket, getPort(emulator.url)));
    await once(tlsServer.listen(0, '127.0.0.1'), 'listening');
    proxy = createProxy(() => (tlsServer.address() as AddressInfo).port, getPort(emulator.url), asked);
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
  });
  beforeEach(() => {
    asked.length = 0;
    emulator.clearRequests();
  });
  after(async () => {
    proxy?.close();
    tlsServer?.close();
    await emulator.stop();
    rmSync(directory, { recursive: true });
  });

  /** What a process prints that asks Metafy at `url` for a token and for a community. */
  function askMetafy(url: string, environment: Record<string, string>): Promise<string> {
    const script = join(__dirname, 'ask-metafy.ts');
    const proxyURL = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const proxies = { HTTP_PROXY: proxyURL, HTTPS_PROXY: proxyURL, NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') };
    const env = { ...process.env, ...proxies, ...environment, NODE_V8_COVERAGE: undefined };
    return new Promise((resolve) => {
      execFile(node24, [...typescriptArguments, script, url], { env }, (_error, stdout, stderr) =>
        resolve(stdout.trim() || stderr),
      );
    });
  }

  it('sends requests to an https server through a tunnel of the proxy', async () => {
    expect(await askMetafy('https://metafy.localhost', { NODE_USE_ENV_PROXY: '1' })).to.equal('Chess with Linus');
    expect(new Set(asked)).to.deep.equal(new Set(['CONNECT metafy.localhost:443']));
    expect(emulator.requests.map(({ path }) => path)).to.deep.equal([tokenPath, '/irk/api/v1/me/community']);
  });

  it('sends requests to an http server to the proxy', async () => {
    expect(await askMetafy('http://metafy.localhost:1', { NODE_USE_ENV_PROXY: '1' })).to.equal('Chess with Linus');
    expect(asked[0]).to.equal(`POST http://metafy.localhost:1${tokenPath}`);
    expect(emulator.requests).to.have.length(2);
  });

  it('leaves out the hosts of NO_PROXY', async () => {
    const environment = { NODE_USE_ENV_PROXY: '1', NO_PROXY: '127.0.0.1' };
    expect(await askMetafy(emulator.url, environment)).to.equal('Chess with Linus');
    expect(asked).to.have.length(0);
  });

  it('asks no proxy where it is not set', async () => {
    expect(await askMetafy('http://metafy.localhost:1', {})).to.include('network');
    expect(asked).to.have.length(0);
  });
});

const getPort = (url: string): number => Number(new URL(url).port);

/** Passes all bytes on to a port of this machine, and back. */
function connect(socket: Duplex, port: number): void {
  const target = net.connect(port, '127.0.0.1');
  pipeline(socket, target, socket, () => target.destroy());
}

/**
 * A proxy for whose clients metafy.localhost is this machine.
 *
 * @see RFC 9110, section 9.3.6 (CONNECT); RFC 9112, section 3.2.2
 */
function createProxy(getTLSPort: () => number, httpPort: number, asked: string[]): Server {
  const proxy = http.createServer((req, res) => {
    const { method = '', url = '', headers } = req;
    asked.push(`${method} ${url}`);
    const { pathname, search } = new URL(url);
    const target = http.request({ host: '127.0.0.1', port: httpPort, path: pathname + search, method, headers });
    target.on('response', (answer) =>
      pipeline(answer, res.writeHead(answer.statusCode as number, answer.headers), () => {}),
    );
    req.pipe(target);
  });
  proxy.on('connect', (req, socket) => {
    asked.push(`${req.method} ${req.url}`);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    connect(socket, getTLSPort());
  });
  return proxy;
}
