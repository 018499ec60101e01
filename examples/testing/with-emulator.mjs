import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MetafyEmulator } from 'passport-metafy/emulator';

const metafy = await new MetafyEmulator().start();
const env = { ...process.env, METAFY_URL: metafy.url };
const command = spawn(process.execPath, process.argv.slice(2), { stdio: 'inherit', env });
const [code] = await once(command, 'exit');
await metafy.stop();
process.exitCode = code ?? 1;
