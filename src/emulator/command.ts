import { parseArgs } from 'node:util';
import type { MetafyEmulatorOptions, MetafyEmulatorRefreshMode } from './configuration';
import { DEMO_APPLICATION } from './demo-data';
import { MetafyEmulator } from './metafy-emulator';

const HELP = `Usage: passport-metafy emulator [options]

Runs a Metafy on this machine, for tests and development: sign-in and consent pages, tokens, API.
It forgets everything when it stops.

Options:
  --port <number>               where to listen; 0, the default, lets the system choose
  --hostname <name>             the address to listen on (default: 127.0.0.1)
  --redirect-uri <uri>          a redirect URI of the demo application; may be repeated
  --refresh-mode <mode>         when a refresh ends the old tokens: on_use (default) or immediate
  --access-token-lifetime <s>   in seconds (default: 7200)
  --help                        show this text
`;

/**
 * The command `passport-metafy emulator`: starts an emulator, prints how to use it, and stops it on SIGINT or
 * SIGTERM.
 *
 * @param args without the name of the subcommand
 * @throws {TypeError} for wrong arguments, which is exit code 2; any other error, such as a port in use, is 1.
 */
export async function runEmulator(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
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
  const redirectURIs = values['redirect-uri'];
  const emulator = createEmulator({
    hostname: values.hostname,
    port: readNumber(values.port),
    applications: redirectURIs && [{ ...DEMO_APPLICATION, redirectURIs }],
    refreshMode: values['refresh-mode'] as MetafyEmulatorRefreshMode | undefined,
    accessTokenLifetimeSeconds: readNumber(values['access-token-lifetime']),
  });
  await emulator.start();
  process.stdout.write(renderInstructions(emulator));
  // Once only: a second Ctrl+C ends the process the hard way.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => emulator.stop());
}

/** The flags behind the options of `MetafyEmulator`, as its errors name these. */
const flags = new Map([
  ['port', '--port'],
  ['hostname', '--hostname'],
  ['applications[0].redirectURIs', '--redirect-uri'],
  ['refreshMode', '--refresh-mode'],
  ['accessTokenLifetimeSeconds', '--access-token-lifetime'],
]);

/** @throws {TypeError} naming the flag at fault */
function createEmulator(options: MetafyEmulatorOptions): MetafyEmulator {
  try {
    return new MetafyEmulator(options);
  } catch (error) {
    const { message } = error as TypeError;
    const [option = ''] = message.split(' ', 1);
    throw new TypeError(message.replace(option, flags.get(option) ?? option), { cause: error });
  }
}

function readNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function renderInstructions({ url, applications, users, communities, apiKeys }: MetafyEmulator): string {
  const [application] = applications;
  const rows = [
    ['URL', url],
    ['Client ID', application?.clientID],
    ['Client secret', application?.clientSecret],
    ...(application?.redirectURIs ?? []).map((uri, index) => [index === 0 ? 'Redirect URIs' : '', uri]),
    ['API key', apiKeys[0]?.key],
    ['Community', communities[0]?.id],
    ['People', users.map(({ name }) => name).join(', ')],
  ];
  const table = rows.map(([label = '', value = '']) => `  ${label.padEnd(15)}${value}\n`).join('');
  return `Metafy emulator – not metafy.gg\n\n${table}\nPass the URL to the strategy as its baseURL. Open it to see who supports what. Stop with Ctrl+C.\n`;
}
