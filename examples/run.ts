/*
 * Runs one of the examples with an emulated Metafy, after a build where `src` is newer than the last:
 *
 *   npm run example koa
 */
import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');

export interface ExampleProcess {
  command: string;
  parameters: string[];
  env: NodeJS.ProcessEnv;
}

/** Node's parameters that compile TypeScript while it is loaded. */
export const compiler = ['--require', '@swc-node/register', '--require', join(__dirname, 'js-extensions.ts')];

const mocha = 'node_modules/mocha/bin/mocha.js';

/** The examples that are no server of their own: what they hold, and Node's parameters that show it, in the root. */
const shownBy: Record<string, [what: string, ...parameters: string[]]> = {
  'cookie-session': [
    'what cookie-session needs; a test signs in',
    mocha,
    'test/end-to-end/frameworks/express.test.ts',
    '-f',
    'cookie-session',
  ],
  fleet: ['two servers with one Redis', ...compiler, 'examples/fleet/fleet.ts'],
  migrating: ['the code of docs/migrating.md; a test runs it', mocha, 'test/end-to-end/examples/migrating.test.ts'],
  observability: ['a log and spans of requests; a test shows them', mocha, 'test/end-to-end/observability.test.ts'],
  testing: [
    'tests of an application',
    mocha,
    ...['first', 'mocha', 'people'].map((name) => `examples/testing/${name}.ts`),
  ],
  typescript: ['a user type; the compiler checks it', 'node_modules/typescript/bin/tsc', '-p', 'examples/typescript'],
};

/** The names of all examples. */
export const examples = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

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
      SWC_NODE_PROJECT: join(root, 'test', 'tsconfig.json'),
      ...createEnvironment(metafyURL),
    },
  };
}

function createEnvironment(metafyURL: string): NodeJS.ProcessEnv {
  return {
    SESSION_SECRET: 'at least 32 characters, only for tests',
    TOKEN_SECRET: 'at least 32 characters, only for tests',
    // The emulator's.
    METAFY_COMMUNITY_ID: '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17',
    METAFY_TIER_IDS: '3d906eb4-8c7f-4a52-9b30-e4fad2c97053',
    ...process.env,
    METAFY_URL: metafyURL,
    METAFY_CLIENT_ID: 'metafy-demo',
    METAFY_CLIENT_SECRET: 'metafy-demo-secret',
    // Asked for by examples/express alone.
    METAFY_CALLBACK_URL: '/auth/metafy/callback',
  };
}

async function main(name: string): Promise<void> {
  if (!examples.includes(name)) {
    throw new Error(`Name one of the examples, such as \`npm run example koa\`:\n  ${examples.join('\n  ')}`);
  }
  // Ctrl+C reaches the example as well; this process ends after it.
  process.on('SIGINT', () => {});
  if (isBuildOutdated()) await runNode(['node_modules/typescript/bin/tsc']);
  if (shownBy[name]) {
    const [what, ...parameters] = shownBy[name];
    console.log(`examples/${name}: ${what}. This runs: node ${parameters.join(' ').replaceAll(root, '.')}`);
    await runNode(parameters);
    return;
  }
  // Not before it is built.
  const { MetafyEmulator } = await import('passport-metafy/emulator');
  const [application] = new MetafyEmulator().applications;
  const paths = ['/auth/metafy/callback', '/auth/callback/metafy', '/api/auth/callback/metafy'];
  const redirectURIs = paths.flatMap((path) => [`http://127.0.0.1${path}`, `http://localhost${path}`]);
  const metafy = await new MetafyEmulator({ applications: [{ ...application, redirectURIs } as never] }).start();
  try {
    if (existsSync(join(__dirname, name, 'package.json'))) {
      await runProject(name, createEnvironment(metafy.url));
    } else {
      const { command, parameters, env } = describeExample(name, metafy.url);
      await run(command, parameters, { env });
    }
  } finally {
    await metafy.stop();
  }
}

/** Whether a file in `src` is newer than the build, or there is none. */
function isBuildOutdated(): boolean {
  const built = statSync(join(root, 'dist', 'index.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return sources.some((file) => statSync(join(root, 'src', file)).mtimeMs > built);
}

/** Runs an example that has a package.json: installs a copy of it, with this package as it is here, and starts that. */
async function runProject(name: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const { PORT = '3000' } = environment;
  const url = `http://127.0.0.1:${PORT}`;
  const env = { ...environment, HOST: '127.0.0.1', PORT, APP_URL: url, ORIGIN: url, NEXT_TELEMETRY_DISABLED: '1' };
  const { scripts, dependencies } = require(join(__dirname, name, 'package.json'));
  const cwd = mkdtempSync(join(tmpdir(), `passport-metafy-${name}-`));
  try {
    cpSync(join(__dirname, name), cwd, { recursive: true, filter: (path) => !path.includes('node_modules') });
    const own = dependencies['passport-metafy'] ? ['--install-links', root] : [];
    await runNpm(['install', '--prefer-offline', '--no-audit', '--no-fund', ...own], { cwd, env });
    if (scripts.build) await runNpm(['run', 'build'], { cwd, env });
    console.log(`Starting at ${url}`);
    await runNpm(['run', 'start'], { cwd, env: { ...env, NODE_ENV: 'production' } });
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** npm as a script of Node's: on Windows `npm` itself is one of the shell's. */
function runNpm(parameters: string[], options: SpawnOptions): Promise<void> {
  const npm = process.env.npm_execpath;
  return npm ? run(process.execPath, [npm, ...parameters], options) : run('npm', parameters, options);
}

function runNode(parameters: string[]): Promise<void> {
  return run(process.execPath, parameters, { cwd: root });
}

/** @throws Error when the command ends with another exit code than 0 */
async function run(command: string, parameters: string[], options: SpawnOptions): Promise<void> {
  const child = spawn(command, parameters, { ...options, stdio: 'inherit' });
  const stop = () => child.kill();
  process.once('SIGTERM', stop);
  const [code, signal] = await once(child, 'exit');
  process.removeListener('SIGTERM', stop);
  if (code !== 0 && signal === null) throw new Error(`It has ended with exit code ${code}.`);
}

if (require.main === module) {
  main(process.argv[2] ?? '').catch(({ message }) => {
    console.error(message);
    process.exitCode = 1;
  });
}
