import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const root = join(__dirname, '..');

/** Imports that break a rule each. */
const offences: [rule: string, file: string, imported: string][] = [
  ['1-layers', 'src/metafy/http.ts', '../tokens/refresh'],
  ['1-layers', 'src/api/metafy-api.ts', '../tokens/user-tokens'],
  ['1-layers', 'src/passport/strategy.ts', '../emulator/router'],
  ['1-layers', 'src/tokens/client-credentials.ts', '../index'],
  ['1-layers', 'src/util/seal.ts', '../helpers/text'],
  ['1-layers', 'src/helpers/text.ts', '../util/random'],
  ['2-no-cycles', 'src/util/json.ts', './json'],
  ['3-emulator-stands-alone', 'src/emulator/pages/html.ts', '../../errors'],
  ['3-emulator-stands-alone', 'src/emulator/oauth/grants.ts', '@node-oauth/oauth2-server'],
  ['4-passport-only-in-passport', 'src/web/sign-in.ts', 'passport-oauth2'],
  ['5-sockets', 'src/metafy/token-endpoint.ts', 'node:https'],
  ['6-cryptography', 'src/authorization/login-cookie.ts', 'node:crypto'],
];

/** What dependency-cruiser finds wrong in `src` of `directory`, as "rule: file". */
function findViolations(directory: string): string[] {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const { stdout, stderr } = spawnSync(process.execPath, [tool, 'src', '--config', config, '--output-type', 'json'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (!stdout) throw new Error(stderr);
  const { summary } = JSON.parse(stdout);
  expect(summary.totalCruised).to.be.above(offences.length);
  return summary.violations.map(({ rule, from }: { rule: { name: string }; from: string }) => `${rule.name}: ${from}`);
}

describe('the modules of src/', function () {
  this.timeout(60_000);

  it('keep the rules of .dependency-cruiser.cjs', () => {
    expect(findViolations(root)).to.deep.equal([]);
  });

  it('would break one with each import that is not allowed', () => {
    const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-architecture-'));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    };
    try {
      for (const [, file, imported] of offences) {
        if (imported.startsWith('.')) write(`${join(dirname(file), imported)}.ts`, '');
      }
      for (const [, file, imported] of offences) write(file, `export * from '${imported}';`);
      const expected = offences.map(([rule, file]) => `${rule}: ${file}`);
      expect(findViolations(directory)).to.have.members(expected);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
