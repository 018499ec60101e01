#!/usr/bin/env node
const help = `Usage: passport-metafy <command> [options]

Commands:
  demo       runs a small application with "Sign in with Metafy", and an emulator for it
  emulator   runs a Metafy on this machine, for tests and development
  tiers      prints the ids of your community and its tiers

\`passport-metafy <command> --help\` shows the options of a command.
`;

/** Each is loaded when it is asked for. */
const commands: Record<string, (args: string[]) => Promise<void>> = {
  demo: async (args) => {
    const { runDemo } = require('./cli/demo/command') as typeof import('./cli/demo/command');
    await runDemo(args);
  },
  emulator: async (args) => {
    const { runEmulator } = require('./emulator/command') as typeof import('./emulator/command');
    await runEmulator(args);
  },
  tiers: async (args) => {
    const { runTiers } = require('./cli/tiers') as typeof import('./cli/tiers');
    await runTiers(args);
  },
};

async function main([name = '', ...args]: string[]): Promise<void> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command(args);
  if (['', '--help', '-h', 'help'].includes(name)) {
    process.stdout.write(help);
    return;
  }
  throw new TypeError(`there is no command \`${name}\`; \`passport-metafy --help\` lists them`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // A TypeError is about how it was called; anything else, such as a port in use, is not.
  process.exitCode = error instanceof TypeError ? 2 : 1;
});
