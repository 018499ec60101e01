import type { Server } from 'node:http';
import { parseArgs } from 'node:util';
import { MetafyEmulator } from '../../emulator';
import { createDemoServer, getOrigin, hostname } from './server';

const help = `Usage: passport-metafy demo [options]

Runs a small application with "Sign in with Metafy", and a Metafy emulator for it, on this machine only.
Everything is forgotten when it stops.

Options:
  --port <number>   where the application listens; 0 lets the system choose (default: 3000, or a free one when that is in use)
  --help            show this text
`;

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

/** @param port without it 3000, or a free one when that is taken */
async function listen(server: Server, port: number | undefined): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port ?? 3000, hostname, resolve);
    });
  } catch (error) {
    if (port !== undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    process.stdout.write('Port 3000 is in use, so this demo uses another.\n');
    await listen(server, 0);
  }
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new TypeError('--port must be a number from 0 to 65535');
}

function renderInstructions(url: string, emulator: MetafyEmulator): string {
  return `Open ${url}

  Sign in as   ${emulator.users.map(({ name }) => name).join(', ')}
  Emulator     ${emulator.url} (shows who supports what)

Stop with Ctrl+C.
`;
}
