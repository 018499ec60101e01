"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runEmulator = runEmulator;
const node_util_1 = require("node:util");
const demo_data_1 = require("./demo-data");
const metafy_emulator_1 = require("./metafy-emulator");
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
async function runEmulator(args) {
    const { values } = (0, node_util_1.parseArgs)({
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
        applications: redirectURIs && [{ ...demo_data_1.DEMO_APPLICATION, redirectURIs }],
        refreshMode: values['refresh-mode'],
        accessTokenLifetimeSeconds: readNumber(values['access-token-lifetime']),
    });
    await emulator.start();
    process.stdout.write(renderInstructions(emulator));
    for (const signal of ['SIGINT', 'SIGTERM'])
        process.once(signal, () => emulator.stop());
}
const flags = new Map([
    ['port', '--port'],
    ['hostname', '--hostname'],
    ['applications[0].redirectURIs', '--redirect-uri'],
    ['refreshMode', '--refresh-mode'],
    ['accessTokenLifetimeSeconds', '--access-token-lifetime'],
]);
function createEmulator(options) {
    try {
        return new metafy_emulator_1.MetafyEmulator(options);
    }
    catch (error) {
        const { message } = error;
        const [option = ''] = message.split(' ', 1);
        throw new TypeError(message.replace(option, flags.get(option) ?? option), { cause: error });
    }
}
function readNumber(text) {
    return text === undefined ? undefined : Number(text);
}
function renderInstructions({ url, applications, users, communities, apiKeys }) {
    const [application] = applications;
    const rows = [
        ['URL', url],
        ['Client id', application?.clientID],
        ['Client secret', application?.clientSecret],
        ...(application?.redirectURIs ?? []).map((uri, index) => [index === 0 ? 'Redirect URIs' : '', uri]),
        ['API key', apiKeys[0]?.key],
        ['Community', communities[0]?.id],
        ['People', users.map(({ name }) => name).join(', ')],
    ];
    const table = rows.map(([label = '', value = '']) => `  ${label.padEnd(15)}${value}\n`).join('');
    return `Metafy emulator – not metafy.gg\n\n${table}\nGive the strategy the URL as its baseURL, and open it to see who supports what. Stop with Ctrl+C.\n`;
}
