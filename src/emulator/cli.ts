#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { DEMO_APPLICATION, DEMO_USERS } from './demo-data';
import type { MetafyEmulator, MetafyEmulatorApplication, MetafyEmulatorRefreshMode } from './index';

const HELP = `Usage: metafy-emulator [options]

Runs a Metafy on this machine: sign-in and consent pages, token and revoke endpoints, /v1/me.
It forgets everything when it stops.

Options:
  --port <number>               where to listen; 0, the default, lets the system choose
  --hostname <name>             the address to listen on (default: 127.0.0.1)
  --redirect-uri <uri>          a redirect URI of the demo application; may be repeated
  --refresh-mode <mode>         when a refresh ends the old tokens: on_use (default) or immediate
  --access-token-lifetime <s>   in seconds (default: 7200)
  --help                        show this text
`;

/** Reads the command line, runs the emulator, and says how to use it. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      hostname: { type: 'string' },
      'redirect-uri': { type: 'string', multiple: true },
      'refresh-mode': { type: 'string' },
      'access-token-lifetime': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  // Not before it is needed: without the server library it cannot be loaded, and says what to install.
  const { MetafyEmulator } = require('./index') as typeof import('./index');
  const emulator = await new MetafyEmulator({
    hostname: values.hostname,
    port: readNumber(values.port),
    applications: values['redirect-uri'] && [describeApplication(values['redirect-uri'])],
    refreshMode: readRefreshMode(values['refresh-mode']),
    accessTokenLifetimeSeconds: readNumber(values['access-token-lifetime']),
  }).start();
  process.stdout.write(renderInstructions(emulator));
  // Once only: a second Ctrl+C ends the process the hard way.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => emulator.stop());
}

function describeApplication(redirectURIs: string[]): MetafyEmulatorApplication {
  return { ...DEMO_APPLICATION, redirectURIs, ownerID: DEMO_USERS[0]?.id };
}

function readNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function readRefreshMode(text: string | undefined): MetafyEmulatorRefreshMode | undefined {
  if (text === undefined || text === 'on_use' || text === 'immediate') return text;
  throw new TypeError('--refresh-mode must be on_use or immediate.');
}

function renderInstructions({ url, applications, users }: MetafyEmulator): string {
  const [application] = applications;
  const rows = [
    ['URL', url],
    ['Client id', application?.clientID],
    ['Client secret', application?.clientSecret],
    ...(application?.redirectURIs ?? []).map((uri, index) => [index === 0 ? 'Redirect URIs' : '', uri]),
    ['People', users.map(({ name }) => name).join(', ')],
  ];
  const table = rows.map(([label = '', value = '']) => `  ${label.padEnd(15)}${value}\n`).join('');
  return `Metafy emulator – not metafy.gg\n\n${table}\nGive the strategy the URL as its baseURL. Stop with Ctrl+C.\n`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // A TypeError is about how it was called; anything else, such as a port in use, is not.
  process.exitCode = error instanceof TypeError ? 2 : 1;
});
