import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { scripts } from '../../../../package.json';

const root = join(__dirname, '../../../..');

/** Node's arguments in `npm run demo`, which builds first. */
const nodeArguments = scripts.demo.replace('npm run build && node ', '').split(' ');

/** The demo in a process of its own, as `npm run demo` runs it; `npm run build` must have run before. */
export class Demo {
  /** Where a browser goes. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #lines: string[];
  readonly #errors: string[];

  private constructor(child: ChildProcess, lines: string[], errors: string[]) {
    this.url = (lines[0] ?? '').replace(/^Open /, '');
    this.#child = child;
    this.#lines = lines;
    this.#errors = errors;
  }

  /** What it has printed so far, line by line. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** What it has said so far about what went wrong. */
  get log(): string {
    return this.#errors.join('');
  }

  /** @param variables METAFY_… for a Metafy that is not the demo's own */
  static async start(variables: Record<string, string> = {}): Promise<Demo> {
    const inherited = Object.entries(process.env).filter(
      // Coverage of dist/, which the demo runs, is not that of src/.
      ([name]) => !name.startsWith('METAFY_') && name !== 'NODE_V8_COVERAGE',
    );
    const child = spawn(process.execPath, nodeArguments, {
      cwd: root,
      env: { ...Object.fromEntries(inherited), PORT: '0', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The demo has ended with ${code}: ${errors.join('')}`);
    });
    ended.catch(() => {});
    const lines: string[] = [];
    const output = createInterface(child.stdout).on('line', (line) => lines.push(line));
    await Promise.race([once(output, 'line'), ended]);
    return new Demo(child, lines, errors);
  }

  /** Asks it to stop, as Ctrl+C does, and resolves to its exit code. */
  async stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM'): Promise<number | null> {
    const exit = once(this.#child, 'close');
    this.#child.kill(signal);
    const [code] = await exit;
    return code;
  }
}
