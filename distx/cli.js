#!/usr/bin/env node
"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const help = `Usage: passport-metafy <command> [options]

Commands:
  emulator   runs a Metafy on this machine, for tests and development
  tiers      prints the ids of your community and its tiers

\`passport-metafy <command> --help\` shows the options of a command.
`;
const commands = {
    emulator: async (args) => {
        const { runEmulator } = require('./emulator/command');
        await runEmulator(args);
    },
    tiers: async (args) => {
        const { runTiers } = require('./cli/tiers');
        await runTiers(args);
    },
};
async function main([name = '', ...args]) {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command)
        return command(args);
    if (['', '--help', '-h', 'help'].includes(name)) {
        process.stdout.write(help);
        return;
    }
    throw new TypeError(`there is no command \`${name}\`; \`passport-metafy --help\` lists them`);
}
main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof TypeError ? 2 : 1;
});
