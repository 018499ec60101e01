/*
 * Runs one of the examples with an emulated Metafy:
 *
 *   npm run example koa
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MetafyEmulator } from 'passport-metafy/emulator';

export interface ExampleProcess {
  command: string;
  parameters: string[];
  env: NodeJS.ProcessEnv;
}

/** Node's parameters that compile TypeScript while it is loaded. */
export const compiler = ['--require', '@swc-node/register', '--require', join(__dirname, 'js-extensions.ts')];

/** The file to start: `server.ts`, or `src/main.ts` as NestJS has it. */
function findEntry(name: string): string {
  const entries = ['server.ts', join('src', 'main.ts')].map((file) => join(__dirname, name, file));
  const entry = entries.find((path) => existsSync(path));
  if (!entry) throw new Error(`There is no examples/${name}/server.ts.`);
  return entry;
}

/** How to start `examples/<name>` as a client of the Metafy at `metafyURL`. */
export function describeExample(name: string, metafyURL: string): ExampleProcess {
  return {
    command: process.execPath,
    parameters: [...compiler, findEntry(name)],
    env: {
      // Only there does the compiler know NestJS's decorators.
      SWC_NODE_PROJECT: join(__dirname, '..', 'test', 'tsconfig.json'),
      SESSION_SECRET: 'at least 32 characters, only for tests',
      TOKEN_SECRET: 'at least 32 characters, only for tests',
      // The emulator's.
      METAFY_COMMUNITY_ID: '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17',
      METAFY_TIER_IDS: '3d906eb4-8c7f-4a52-9b30-e4fad2c97053',
      ...process.env,
      METAFY_URL: metafyURL,
      METAFY_CLIENT_ID: 'metafy-demo',
      METAFY_CLIENT_SECRET: 'metafy-demo-secret',
    },
  };
}

async function run(name: string): Promise<void> {
  findEntry(name);
  const metafy = await new MetafyEmulator().start();
  const { command, parameters, env } = describeExample(name, metafy.url);
  const child = spawn(command, parameters, { env, stdio: 'inherit' });
  child.on('exit', () => metafy.stop());
  process.once('SIGTERM', () => child.kill());
}

if (require.main === module) {
  run(process.argv[2] ?? '').catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
