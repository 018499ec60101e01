import { runEmulator } from '../../../src/emulator/command';

/** The command as a process, with the exit codes that its contract asks for. */
runEmulator(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
});
