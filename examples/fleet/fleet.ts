/*
 * Two servers behind a round-robin proxy, one Redis, and an emulated Metafy. It needs `redis-server` or `REDIS_URL`.
 *
 *   npm run fleet
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MetafyEmulator } from 'passport-metafy/emulator';

export interface Fleet {
  /** Where a browser goes: the proxy. */
  url: string;
  emulator: MetafyEmulator;
  /** What all servers have in common. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

export async function startFleet(): Promise<Fleet> {
  const children: ChildProcess[] = [];
  const ports: number[] = [];
  const emulator = await new MetafyEmulator().start();
  const proxy = createProxy(ports);
  const url = `http://127.0.0.1:${await listen(proxy)}`;
  const environment = {
    METAFY_URL: emulator.url,
    METAFY_CLIENT_ID: 'metafy-demo',
    METAFY_CLIENT_SECRET: 'metafy-demo-secret',
    PUBLIC_URL: url,
    REDIS_URL: process.env.REDIS_URL ?? (await startRedis(children)),
    SESSION_SECRET: 'the same on all servers, and long enough',
    TOKEN_SECRET: 'the same on all servers, and long enough, too',
  };
  const stop = async () => {
    proxy.close();
    proxy.closeAllConnections();
    await Promise.all(children.map(end));
    await emulator.stop();
  };

  try {
    for (const SERVER_NAME of ['one', 'two']) {
      const child = fork(join(__dirname, 'server.ts'), {
        execArgv: ['--require', '@swc-node/register'],
        env: { ...process.env, ...environment, SERVER_NAME, PORT: '0' },
      });
      children.push(child);
      ports.push(await readPort(child));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, emulator, environment, stop };
}

/** Sends each request to the next port. */
function createProxy(ports: readonly number[]): http.Server {
  let turn = 0;
  return http.createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const port = ports[turn++ % ports.length];
    const request = http.request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    request.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    incoming.pipe(request);
  });
}

async function startRedis(children: ChildProcess[]): Promise<string> {
  const probe = http.createServer();
  const port = await listen(probe);
  probe.close();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'spawn');
  children.push(child);
  return `redis://127.0.0.1:${port}`;
}

async function listen(server: http.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function readPort(child: ChildProcess): Promise<number> {
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`A server has ended with ${code}.`)));
  const [{ port }] = await Promise.race([once(child, 'message'), ended]);
  return port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

if (require.main === module) {
  startFleet().then(
    ({ url }) => console.log(`Two servers answer at ${url}`),
    (error) => {
      console.error(error.code === 'ENOENT' ? 'Install redis-server, or set REDIS_URL.' : error);
      process.exit(1);
    },
  );
}
