import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { MetafyEmulator } from '../../emulator';
import { createApplication } from './application';

const help = `Usage: passport-metafy demo [options]

Runs a small application with "Sign in with Metafy", and a Metafy emulator for it, on this machine only.
Everything is forgotten when it stops.

Options:
  --port <number>   where the application listens; 0 lets the system choose (default: 3000, or any that is free)
  --help            show this text
`;

/** Both listen here and nowhere else: anybody who reaches them can sign in as anybody. */
const hostname = '127.0.0.1';

/**
 * The command `passport-metafy demo`: starts an emulator and an application, and stops them on SIGINT or SIGTERM.
 *
 * @param args without the name of the subcommand
 * @throws TypeError for wrong arguments, which is exit code 2; any other error, such as a port in use, is 1
 */
export async function runDemo(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const port = values.port === undefined ? undefined : parsePort(values.port);
  const emulator = await new MetafyEmulator({ hostname }).start();
  try {
    const server = createDemoServer(emulator);
    await listen(server, port);
    process.stdout.write(renderInstructions(getOrigin(server), emulator));
    const stop = () => {
      server.close();
      server.closeAllConnections();
      void emulator.stop();
    };
    // Once only: a second Ctrl+C ends the process the hard way.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

function createDemoServer(emulator: MetafyEmulator): Server {
  const [application] = emulator.applications;
  const [community] = emulator.communities;
  if (!application || !community) throw new Error('The emulator has no demo application or community.');
  const { clientID, clientSecret } = application;
  const respond = createApplication({ client: { clientID, clientSecret, baseURL: emulator.url }, community });

  const server = createServer(async (req, res) => {
    const response = await handle(req).catch((error: unknown) => {
      console.error(error);
      return new Response('Something went wrong. The terminal says what.\n', { status: 500 });
    });
    res.writeHead(response.status, [...response.headers].flat());
    res.end(await response.text());
  });

  async function handle({ method = '', url = '', headers }: IncomingMessage): Promise<Response> {
    const origin = getOrigin(server);
    const { host = '' } = headers;
    // What `Request` does not take.
    if (!url.startsWith('/')) return new Response(null, { status: 400 });
    if (!['GET', 'HEAD', 'POST'].includes(method)) return new Response(null, { status: 405 });
    // The cookies of a sign-in belong to one host.
    if (host === new URL(origin).host.replace(hostname, 'localhost')) {
      return new Response(null, { status: 307, headers: { Location: origin + url } });
    }
    // Without this a website could get here through a name of its own that resolves to this machine (DNS rebinding).
    if (host !== new URL(origin).host) return new Response(`Open ${origin} instead.\n`, { status: 421 });
    return respond(new Request(origin + url, { method, headers: headers as Record<string, string> }));
  }
  return server;
}

/** @param port without it 3000, or any that is free */
async function listen(server: Server, port: number | undefined): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port ?? 3000, hostname, resolve);
    });
  } catch (error) {
    if (port !== undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await listen(server, 0);
  }
}

function getOrigin(server: Server): string {
  return `http://${hostname}:${(server.address() as AddressInfo).port}`;
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new TypeError('--port must be a number from 0 to 65535');
}

function renderInstructions(url: string, emulator: MetafyEmulator): string {
  return `Open ${url}

  Sign in as   ${emulator.users.map(({ name }) => name).join(', ')}
  Emulator     ${emulator.url} (who supports what)

Stop with Ctrl+C.
`;
}
