import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..');
const run = promisify(execFile);

/** What a command printed; its output is in the error when it fails. */
export async function runIn(cwd: string, command: string, ...parameters: string[]): Promise<string> {
  // Neither this run's coverage nor its npm's settings are the consumer's.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NODE_V8_COVERAGE|NODE_OPTIONS|INIT_CWD|npm_)/.test(name)),
  );
  try {
    const { stdout } = await run(command, parameters, { cwd, env, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${parameters.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

/** The path of a tool among this project's own development dependencies, to be run with node. */
export function findTool(path: string): string {
  return join(root, 'node_modules', path);
}

/** The package as npm would publish it, and projects that install it, all in a directory of their own. */
export class PackedProject implements Disposable {
  readonly #directory = realpathSync(mkdtempSync(join(tmpdir(), 'passport-metafy-packed-')));
  /** Paths in the tarball. */
  files: string[] = [];
  /** Bytes of the tarball, and of its files. */
  size = { packed: 0, unpacked: 0 };
  /** The path of the tarball. */
  tarball = '';

  /** Builds and packs a copy, so that nothing else sees `dist` come and go. */
  async pack(): Promise<void> {
    const copy = join(this.#directory, 'project');
    mkdirSync(copy);
    const documents = ['README.md', 'CHANGELOG.md', 'LICENSE'];
    const filter = (path: string) => !path.includes('node_modules');
    for (const name of ['package.json', 'tsconfig.json', ...documents, 'src', 'docs', 'test', 'examples']) {
      cpSync(join(root, name), join(copy, name), { recursive: true, filter });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const output = await runIn(copy, 'npm', 'pack', '--json', '--silent');
    const [packed] = JSON.parse(output.slice(output.indexOf('['))) as [
      { filename: string; size: number; unpackedSize: number; files: { path: string }[] },
    ];
    this.files = packed.files.map(({ path }) => path);
    this.size = { packed: packed.size, unpacked: packed.unpackedSize };
    this.tarball = join(copy, packed.filename);
  }

  /** A new project with `files` that has installed the package and `dependencies`: its directory. */
  async install(name: string, dependencies: string[], files: Record<string, string>): Promise<string> {
    return this.installOnly(name, [this.tarball, ...dependencies], files);
  }

  /** The same without the package. */
  async installOnly(name: string, dependencies: string[], files: Record<string, string> = {}): Promise<string> {
    const directory = join(this.#directory, name);
    mkdirSync(directory);
    const all = { 'package.json': JSON.stringify({ name, private: true }), ...files };
    for (const [path, text] of Object.entries(all)) writeFileSync(join(directory, path), text);
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--silent'];
    await runIn(directory, 'npm', 'install', ...options, ...dependencies);
    return directory;
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
